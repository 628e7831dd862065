import Foundation
import JSON
import StandIn
import TestSupport
import Testing
import Vocabulary
import Wire

@Suite(.hangLimit)
struct StandInServerTests {
    private static let request: JSON = [
        "model": "m", "messages": [["role": "user", "content": "Where is order 17?"]],
    ]

    private static func streamed(_ request: JSON) -> JSON {
        guard case .object(var object) = request else { return request }
        object["stream"] = true
        return .object(object)
    }

    private static func book(_ recorded: RecordedAnswer, leg: Leg = .stable) -> AnswerBook {
        let book = AnswerBook()
        book.add(recorded, under: AnswerBook.name(shape: .chatCompletions, body: request), leg: leg)
        return book
    }

    private static let stream = Playback(
        status: 200,
        contentType: "text/event-stream",
        headAt: .milliseconds(5),
        pieces: [
            .init(at: .milliseconds(10), bytes: Array("data: {\"a\":1}\n\n".utf8)),
            .init(at: .milliseconds(10), bytes: Array("data: {\"b\":\"é\"}\n\n".utf8)),
            .init(at: .milliseconds(40), bytes: Array("data: [DONE]\n\n".utf8)),
        ],
        endAt: .milliseconds(45),
        isStreamed: true
    )

    @Test func `recorded bytes are replayed as they were`() async throws {
        try await withStandIn(Self.book(.bytes(Self.stream))) { client in
            let reply = try await client.post("/v1/chat/completions", Self.streamed(Self.request))
            #expect(reply.status == 200)
            #expect(reply.text.contains("Content-Type: text/event-stream"))
            #expect(reply.body == "data: {\"a\":1}\n\ndata: {\"b\":\"é\"}\n\ndata: [DONE]\n\n")
            #expect(!reply.wasReset)
        }
    }

    @Test func `recorded times are kept, and scaled by the speed`() async throws {
        let slow = try await withStandIn(Self.book(.bytes(Self.stream)), speed: 0.1) { client in
            try await client.post("/v1/chat/completions", Self.streamed(Self.request))
        }
        #expect(slow.endedAfter >= .milliseconds(450))
    }

    @Test func `an answer that was recorded as a stream is written anew for a request without one`() async throws {
        let answer = LegAnswer(version: "v1", outcome: .ok, status: 200, finishReason: "stop", text: "At the depot.")
        try await withStandIn(Self.book(.contents(answer))) { client in
            let whole = try JSON(parsing: try await client.post("/v1/chat/completions", Self.request).body)
            #expect(whole["choices"]?[0]?["message"]?["content"] == "At the depot.")
            let events = try await client.post("/v1/chat/completions", Self.streamed(Self.request))
            #expect(events.body.hasSuffix("data: [DONE]\n\n"))
        }
    }

    @Test func `a control gets the control's answer where there is one`() async throws {
        let book = Self.book(.contents(LegAnswer(version: "v", outcome: .ok, text: "first")))
        book.add(
            .contents(LegAnswer(version: "v", outcome: .ok, text: "second")),
            under: AnswerBook.name(shape: .chatCompletions, body: Self.request),
            leg: .control
        )
        try await withStandIn(book) { client in
            let control = try await client.post(
                "/v1/chat/completions",
                Self.request,
                headers: "X-Understudy-Leg: control\r\n"
            )
            #expect(control.body.contains("second"))
            try await #expect(client.post("/v1/chat/completions", Self.request).body.contains("first"))
        }
    }

    @Test func `answers to the same request are given in turn`() async throws {
        let book = AnswerBook()
        for text in ["one", "two"] {
            book.add(
                .contents(LegAnswer(version: "v", outcome: .ok, text: text)),
                under: AnswerBook.name(shape: .chatCompletions, body: Self.request),
                leg: .stable
            )
        }
        try await withStandIn(book) { client in
            for expected in ["one", "two", "one"] {
                try await #expect(client.post("/v1/chat/completions", Self.request).body.contains(expected))
            }
        }
    }

    @Test(arguments: APIShape.all)
    func `an unknown request gets a marked answer of the wanted length`(shape: APIShape) async throws {
        let body: JSON = [
            "model": "m", "prompt": "x", "input": "x", "messages": [["role": "user", "content": "x"]],
        ]
        try await withStandIn(defaultTokens: 9) { client in
            let reply = try await client.post(shape.endpoint.rawValue, body)
            var assembler = AnswerAssembler(shape: shape)
            assembler.head(status: 200, contentType: "application/json")
            assembler.consume(Array(reply.body.utf8), at: .zero)
            let answer = assembler.finish(.complete, at: .zero)
            #expect(answer.outcome == .ok)
            #expect(answer.text.hasPrefix("[stand-in: no recorded answer]"))
            #expect(answer.text.split(separator: " ").count == 9)
        }
    }

    @Test func `a body that is no request is answered as a server would, with 400`() async throws {
        try await withStandIn { client in
            let reply = try await client.send(
                Array("POST /v1/messages HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nConnection: close\r\n\r\n{ x".utf8)
            )
            #expect(reply.status == 400)
            try await #expect(client.post("/nothing", [:]).status == 404)
        }
    }

    @Test func `pipelined requests are answered in order`() async throws {
        try await withStandIn { client in
            let health = "GET /health HTTP/1.1\r\nHost: x\r\n\r\n"
            let last = "GET /nothing HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
            let reply = try await client.send(Array((health + health + last).utf8))
            let statuses = reply.text.split(separator: "HTTP/1.1 ").map { $0.prefix(3) }
            #expect(statuses == ["200", "200", "404"])
        }
    }
}
