import Foundation
import JSON
import StandIn
import TestSupport
import Testing
import Vocabulary
import Wire

struct AnswerFileTests {
    private let temporary: TestFolder

    init() throws {
        temporary = try TestFolder()
    }

    private func file(_ lines: String) throws -> String {
        let file = temporary.url.appendingPathComponent("answers-\(UUID().uuidString).jsonl")
        try Data(lines.utf8).write(to: file)
        return file.path
    }

    private static let body = #"{"model":"m","messages":[{"role":"user","content":"hi"}],"stream":true}"#

    private static func name() throws -> [UInt8] {
        AnswerBook.name(shape: .chatCompletions, body: try JSON(parsing: body))
    }

    @Test func `requests and answers are joined across files whatever their order`() throws {
        let answers = try file(
            #"{"request":"r1","status":200,"content_type":"text/event-stream","stream":true,"first_byte_ms":3,"#
                + #""total_ms":20.5,"events":[[4,"data: 1"],[9.25,"data: 2"]]}"# + "\n"
        )
        let line: JSON = ["id": "r1", "path": "/v1/chat/completions", "body": .string(Self.body)]
        let requests = try file(line.text() + "\n")
        var reader = AnswerFileReader(defaultLeg: .shadow)
        try reader.read(path: answers)
        try reader.read(path: requests)
        let book = try reader.finish()
        let expected = Playback(
            status: 200,
            contentType: "text/event-stream",
            headAt: .milliseconds(3),
            pieces: [
                .init(at: .milliseconds(4), bytes: Array("data: 1\n\n".utf8)),
                .init(at: .microseconds(9_250), bytes: Array("data: 2\n\n".utf8)),
            ],
            endAt: .microseconds(20_500),
            isStreamed: true
        )
        #expect(book.answer(named: try Self.name(), leg: .shadow, isStreamed: true) == .bytes(expected))
        #expect(book.answer(named: try Self.name(), leg: .stable, isStreamed: true) == nil)
    }

    @Test func `pairs serve as answers of every leg that they have`() throws {
        let pair = try file(
            #"{"messages":[{"role":"user","content":"hi"}],"stable":{"text":"S"},"shadow":{"text":"C"}}"#
        )
        var reader = AnswerFileReader(defaultLeg: .stable)
        try reader.read(path: pair)
        let book = try reader.finish()
        #expect(book.count == 2)
        guard case .contents(let answer) = book.answer(named: try Self.name(), leg: .shadow, isStreamed: false) else {
            Issue.record("no answer of the shadow")
            return
        }
        #expect(answer.text == "C")
    }

    @Test(arguments: [
        ("{\"request\":\"r9\",\"status\":200,\"body\":\"{}\"}", "r9"),
        ("{\"id\":\"r1\"}", ":1:"), ("\n\n{", ":3:"), ("{\"id\":\"r\",\"path\":\"/v2\",\"body\":\"{}\"}", ":1:"),
    ])
    func `what cannot be used is told by file and line`(text: String, place: String) throws {
        var reader = AnswerFileReader(defaultLeg: .stable)
        let path = try file(text)
        let error = #expect(throws: AnswerFileError.self) {
            try reader.read(path: path)
            _ = try reader.finish()
        }
        #expect(error?.description.contains(place) == true)
        #expect(error?.description.contains(path) == true)
    }
}
