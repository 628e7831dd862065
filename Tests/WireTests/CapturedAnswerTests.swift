import Foundation
import JSON
import TestSupport
import Testing
import Vocabulary
import Wire

/// What a real server sent, against what the official client made of the same bytes (`Scripts/expected-answers.py`).
@Suite(.enabled(if: SharedData.isPresent, "the captures of ../shared/data are not here"))
struct CapturedAnswerTests {
    private static let expected: JSON = {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Expected/captures.json")
        return (try? JSON(parsing: Data(contentsOf: file))) ?? nil
    }()

    static let names = (expected["captures"]?.objectValue?.keys ?? []).sorted()

    @Test func `the hash of the tests is SHA-256`() {
        // FIPS 180-4's own examples.
        #expect(hexadecimal(sha256(Array("abc".utf8))).hasPrefix("ba7816bf8f01cfea414140de5dae2223"))
        #expect(hexadecimal(sha256([])).hasSuffix("27ae41e4649b934ca495991b7852b855"))
    }

    @Test func `there is an expectation for every capture of a mirrored endpoint`() throws {
        #expect(Self.names.count >= 60)
        let files = try #require(FileManager.default.enumerator(atPath: SharedData.path("captures")))
        var requests = 0
        for case let file as String in files where file.hasSuffix(".request.http") {
            let head = String(decoding: try SharedData.bytes("captures/" + file).prefix(60), as: UTF8.self)
            let line = head.split(separator: " ")
            guard line[0] == "POST", APIShapes.provided.shape(target: String(line[1])) != nil else { continue }
            requests += 1
            #expect(Self.names.contains(String(file.dropLast(".request.http".count))), "\(file)")
        }
        #expect(requests >= 60)
    }

    @Test(arguments: names)
    func `a captured answer reads as the official client reports it`(name: String) throws {
        let expected = try #require(Self.expected["captures"]?[name])
        let capture = try CapturedResponse(raw: try SharedData.bytes("captures/\(name).response.http"))
        let shape = try #require(
            APIShapes.provided.shape(of: Endpoint(rawValue: expected["endpoint"]?.stringValue ?? ""))
        )
        let whole = Self.replay([capture.body[...]], capture, shape)

        #expect(whole.outcome == Self.outcome(of: expected, isComplete: capture.isComplete))
        #expect(whole.status == expected["status"]?.intValue ?? 200)
        #expect(whole.byteCount == capture.body.count)
        for (position, choice) in (expected["choices"]?.arrayValue ?? []).enumerated() {
            let text = position == 0 ? whole.text : whole.otherChoices[position - 1]
            #expect(text.utf8.count == choice["text"]?["bytes"]?.intValue)
            #expect(hexadecimal(sha256(Array(text.utf8))) == choice["text"]?["sha256"]?.stringValue)
        }
        if let first = expected["choices"]?[0] {
            #expect(whole.finishReason == first["finish_reason"]?.stringValue)
            let calls = first["tool_calls"]?.arrayValue ?? []
            #expect(whole.toolCalls.map(\.name) == calls.compactMap { $0["name"]?.stringValue })
            #expect(whole.toolCalls.map(\.id) == calls.map { $0["id"]?.stringValue })
            #expect(
                whole.toolCalls.map { hexadecimal(sha256(Array($0.arguments.utf8))) }
                    == calls.compactMap { $0["arguments"]?["sha256"]?.stringValue }
            )
            #expect(whole.otherChoices.count == (expected["choices"]?.arrayValue?.count ?? 1) - 1)
            #expect(whole.reportedModel == expected["model"]?.stringValue)
            #expect(whole.usage.inputTokens == expected["input_tokens"]?.intValue)
            #expect(whole.usage.outputTokens == expected["output_tokens"]?.intValue)
        }

        let bytewise = Self.replay(capture.body.pieces(of: 1), capture, shape)
        #expect(bytewise.withoutTimings == whole.withoutTimings)
        Self.expectNoCutMatters(capture, shape)
        if whole.streamed, !whole.text.isEmpty {
            let firstToken = try #require(bytewise.timings.firstToken)
            let total = try #require(bytewise.timings.total)
            #expect(bytewise.timings.firstByte == .milliseconds(1))
            #expect(firstToken > .milliseconds(1) && firstToken < total)
        } else {
            #expect(bytewise.timings.firstToken == nil)
        }
    }

    @Test(arguments: ["llama-server-stable-q4km/chat_stream", "llama-server-tools-llama31tpl/chat_tools_stream_true"])
    func `a stream that is cut before its end is truncated, wherever it is cut`(name: String) throws {
        let capture = try CapturedResponse(raw: try SharedData.bytes("captures/\(name).response.http"))
        let marker = try #require(capture.body.firstRange(of: Array("\"finish_reason\":\"".utf8)))
        for cut in stride(from: 1, to: marker.lowerBound, by: 97) {
            for end in [TransportEnd.complete, .cut] {
                let answer = assemble([capture.body[..<cut]], end: end)
                #expect(answer.outcome == .truncated, "cut at \(cut)")
            }
        }
    }

    /// Cuts the body at every seventh byte, and compares what has been assembled a little way behind each cut.
    ///
    /// The way to the cut's block is common to all cuts of the block, so that a long body costs no more than its length
    /// times the block's.
    private static func expectNoCutMatters(_ capture: CapturedResponse, _ shape: APIShape) {
        let block = 448
        var reached = AnswerAssembler(shape: shape)
        reached.head(status: capture.status, contentType: capture.contentType, contentLength: capture.contentLength)
        for start in stride(from: 0, to: capture.body.count, by: block) {
            let end = min(start + block, capture.body.count)
            var uncut = reached
            uncut.consume(capture.body[start..<end], at: .zero)
            var copy = uncut
            let expected = copy.finish(.cut, at: .zero)
            for cut in stride(from: start, to: end, by: 7) {
                var assembler = reached
                assembler.consume(capture.body[start..<cut], at: .zero)
                assembler.consume(capture.body[cut..<end], at: .zero)
                #expect(assembler.finish(.cut, at: .zero) == expected, "cut at \(cut)")
            }
            reached = uncut
        }
    }

    private static func replay(
        _ slices: [ArraySlice<UInt8>],
        _ capture: CapturedResponse,
        _ shape: APIShape
    ) -> AssembledAnswer {
        assemble(
            slices,
            shape: shape,
            status: capture.status,
            contentType: capture.contentType,
            contentLength: capture.contentLength,
            end: capture.isComplete ? .complete : .cut
        )
    }

    /// Our word for what the client raised.
    ///
    /// The client does not notice a stream that ends cleanly without a finish reason; we do.
    private static func outcome(of expected: JSON, isComplete: Bool) -> Outcome {
        if expected["status"] != nil { return .httpError }
        switch expected["error"]?.stringValue {
        case nil:
            return expected["choices"]?[0]?["finish_reason"]?.stringValue == nil ? .truncated : .ok
        case "APIConnectionError": return .truncated
        case "JSONDecodeError": return .malformed
        default: return .timeout
        }
    }
}
