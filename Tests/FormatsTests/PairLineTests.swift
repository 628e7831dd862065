import Formats
import Foundation
import JSON
import Statistics
import TestSupport
import Testing
import Vocabulary
import Wire

struct PairLineTests {
    private func line(_ text: String) throws -> PairLine { try PairLine(parsing: text.utf8) }

    private let sides = #""stable":{"text":"a"},"shadow":{"text":"b"}"#

    @Test func `a whole line is read`() throws {
        let pair = try line(
            #"""
            {"id":"p1","time":"2026-11-16T09:00:00Z","session":"s-123","intent":"payment",
             "endpoint":"/v1/chat/completions",
             "messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"Hi"}],"prompt_hash":"AB01",
             "request":{"temperature":0.2,"max_tokens":256,"stream":true,"response_format":{},"tools":[]},
             "sampling_probability":0.1,"pair_scores":{"same":1},"unknown":7,
             "stable":{"version":"v1.1.0","outcome":"ok","status":200,"finish_reason":"stop","text":"x",
                       "tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{}"}},
                                     {"name":"g"}],
                       "first_token_ms":180.5,"total_ms":900.1,"input_tokens":211,"output_tokens":64,
                       "scores":{"judge":0.8,"refusal":true,"none":null}},
             "shadow":{"outcome":"timeout"},"control":{"text":""}}
            """#
        )
        #expect(pair.id == "p1")
        #expect(pair.time == Date(timeIntervalSince1970: 1_794_819_600))
        #expect(pair.session == "s-123")
        #expect(pair.intent == IntentClass(rawValue: "payment"))
        #expect(pair.promptHash == PromptHash(hex: "ab01"))
        #expect(pair.promptText == "system: Be brief.\n\nuser: Hi")
        #expect(pair.lastUserText == "Hi")
        #expect(pair.request == RequestParameters(temperature: 0.2, maximumTokens: 256, stream: true))
        #expect(pair.samplingProbability == 0.1)
        #expect(pair.pairScores == ["same": 1])
        #expect(pair.stable.timings.firstToken == .microseconds(180_500))
        #expect(
            pair.stable.toolCalls == [
                ToolCall(id: "c", name: "f", arguments: "{}"), ToolCall(name: "g", arguments: ""),
            ]
        )
        #expect(pair.stable.scores == ["judge": 0.8, "refusal": 1])
        #expect(pair.stable.usage == TokenUsage(inputTokens: 211, outputTokens: 64))
        #expect(pair.shadow == LegAnswer(version: "shadow", outcome: .timeout))
        #expect(pair.control?.text == "")
        #expect(try PairLine(pair.json) == pair)
    }

    @Test func `the least that a line needs`() throws {
        let pair = try line("{\"prompt\":\"p\",\(sides)}")
        #expect(pair.id == nil && pair.time == nil && pair.session == nil && pair.intent == nil)
        #expect(pair.samplingProbability == 1)
        #expect(pair.canonicalBytes == CanonicalRequest.bytes(prompt: "p"))
        let hashOnly = try line("{\"prompt_hash\":\"00\",\(sides)}")
        #expect(hashOnly.promptText == nil && hashOnly.canonicalBytes == nil)
        #expect(hashOnly.json.text().contains("\"outcome\":\"ok\""))
    }

    @Test func `a bad line is one sentence that names the key`() {
        let cases: [(String, String)] = [
            ("{", "The JSON is invalid at byte 1: it ends before it is complete."),
            ("[]", "The line must be a JSON object; this is an array."),
            ("{\(sides)}", "The key `prompt` is missing; a pair needs one of `prompt`, `messages` and `prompt_hash`."),
            ("{\"prompt\":7,\(sides)}", "The key `prompt` must be a string; this is a number."),
            ("{\"messages\":{},\(sides)}", "The key `messages` must be an array; this is an object."),
            (
                "{\"prompt\":\"p\",\"shadow\":{\"text\":\"\"}}",
                "The key `stable` is missing; a pair needs the answers of both `stable` and `shadow`."
            ),
            (
                "{\"prompt\":\"p\",\"stable\":{\"text\":\"\"}}",
                "The key `shadow` is missing; a pair needs the answers of both `stable` and `shadow`."
            ),
            (
                "{\"prompt\":\"p\",\"stable\":{},\"shadow\":{}}",
                "The key `stable.text` is missing; an answer needs its text, or an `outcome` other than \"ok\"."
            ),
            (
                "{\"prompt\":\"p\",\"stable\":{\"text\":\"\"},\"shadow\":{\"outcome\":\"secret\"}}",
                "The key `shadow.outcome` must be one of \"ok\", \"http_error\", \"timeout\", \"connect_error\", "
                    + "\"truncated\", \"malformed\", \"client_cancelled\", \"shed\"."
            ),
            (
                "{\"prompt\":\"p\",\"stable\":{\"text\":\"\",\"scores\":{\"judge\":1.5}},\"shadow\":{\"text\":\"\"}}",
                "The key `stable.scores.judge` must be a number from 0 to 1."
            ),
            (
                "{\"prompt\":\"p\",\"time\":\"noon\",\(sides)}",
                "The key `time` must be an RFC 3339 time such as \"2026-11-16T09:00:00Z\"."
            ),
            (
                "{\"prompt\":\"p\",\"sampling_probability\":0,\(sides)}",
                "The key `sampling_probability` must be a number above 0 and at most 1."
            ),
            ("{\"prompt_hash\":\"xyz\",\(sides)}", "The key `prompt_hash` must be 1 to 128 hexadecimal digits."),
            ("{\"prompt\":\"p\",\"intent\":\"\",\(sides)}", "The key `intent` must not be empty."),
            (
                "{\"prompt\":\"p\",\"request\":{\"max_tokens\":-1},\(sides)}",
                "The key `request.max_tokens` must be a whole number of at least 0."
            ),
            (
                "{\"prompt\":\"p\",\"stable\":{\"text\":\"\",\"total_ms\":-1},\"shadow\":{\"text\":\"\"}}",
                "The key `stable.total_ms` must be a number of milliseconds from 0 to 1000000000."
            ),
            (
                "{\"prompt\":\"p\",\"stable\":{\"text\":\"\",\"tool_calls\":[1]},\"shadow\":{\"text\":\"\"}}",
                "Each element of `stable.tool_calls` must be an object with `name` and `arguments`."
            ),
        ]
        for (text, sentence) in cases {
            do {
                _ = try line(text)
                Issue.record("was read: \(sentence)")
            } catch {
                #expect("\(error)" == sentence)
            }
        }
    }

    @Test func `a stored pair survives export and import`() throws {
        for seed in 0..<200 {
            var random = SplitMix64(seed: seed)
            let pair = Self.pair(using: &random)
            let scores = Bool.random(using: &random) ? ["same": 0.5] : [:]
            let read = try PairLine(parsing: PairLine(pair, pairScores: scores).bytes)
            #expect(read.pairScores == scores)
            let again = read.pair(
                id: try #require(read.id),
                time: try #require(read.time),
                session: read.session.map { SessionHash(hex: $0) },
                intent: try #require(read.intent),
                intentSource: pair.intentSource,
                promptHash: try #require(read.promptHash),
                prompt: read.prompt
            )
            #expect(again == pair, "seed \(seed)")
        }
    }

    @Test(
        .enabled(if: SharedData.isPresent, "the pairs of ../shared/data are not here"),
        arguments: [
            ("mmlu-pro-flash-to-pro", 3_561), ("mmlu-pro-qwen7b-to-llama70b", 3_561),
            ("mmlu-pro-mistral-v01-to-v02", 3_561),
            ("pandalm-pairs", 999),
        ]
    )
    func `real pairs are read, written and read again`(file: (name: String, count: Int)) throws {
        var ids: Set<String> = []
        try LineSplitter.forEachLine(of: try SharedData.bytes(file.name + ".jsonl")) { number, bytes in
            let original = try JSON(parsing: bytes)
            let pair = try PairLine(original)
            #expect(try PairLine(parsing: pair.bytes) == pair, "line \(number)")
            ids.insert(try #require(pair.id))
            #expect(pair.stable.text == original["stable"]?["text"]?.stringValue)
            #expect(pair.shadow.text == original["shadow"]?["text"]?.stringValue)
            #expect(pair.promptText == original["prompt"]?.stringValue)
            #expect(pair.stable.scores["correct"] == original["stable"]?["scores"]?["correct"]?.doubleValue)
            #expect(pair.shadow.scores["judge"] == original["shadow"]?["scores"]?["judge"]?.doubleValue)
        }
        #expect(ids.count == file.count)
    }

    private static func pair(using random: inout SplitMix64) -> Pair {
        func answer(_ version: String) -> LegAnswer {
            let outcome = Outcome.allCases[Int.random(in: 0..<8, using: &random)]
            func duration() -> Duration? {
                Bool.random(using: &random) ? nil : .microseconds(Int.random(in: 0...90_000_000, using: &random))
            }
            return LegAnswer(
                version: version,
                reportedModel: Bool.random(using: &random) ? "m" : nil,
                outcome: outcome,
                status: Bool.random(using: &random) ? 200 : nil,
                finishReason: Bool.random(using: &random) ? "stop" : nil,
                text: .random(using: &random),
                otherChoices: Bool.random(using: &random) ? ["x", ""] : [],
                toolCalls: Bool.random(using: &random) ? [ToolCall(id: "c", name: "f", arguments: "{\"a\": 1}")] : [],
                usage: TokenUsage(inputTokens: 4, outputTokens: Bool.random(using: &random) ? 9 : nil),
                timings: Timings(
                    firstByte: duration(),
                    firstToken: duration(),
                    total: duration(),
                    interTokenMedian: duration(),
                    interTokenMaximum: duration()
                ),
                byteCount: Int.random(in: 0...5_000, using: &random),
                scores: Bool.random(using: &random) ? ["quality": 0.25, "refusal": 1] : [:]
            )
        }
        return Pair(
            id: "id-\(Int.random(in: 0...1_000, using: &random))",
            time: Date(timeIntervalSince1970: Double(Int.random(in: 0...2_000_000_000, using: &random))),
            session: Bool.random(using: &random) ? SessionHash(hex: "00ff") : nil,
            intent: IntentClass(rawValue: "payment"),
            intentSource: .rule,
            endpoint: APIShape.responses.endpoint.rawValue,
            promptHash: PromptHash(hex: "abcdef"),
            prompt: Bool.random(using: &random) ? .random(using: &random) : nil,
            request: RequestParameters(
                temperature: Bool.random(using: &random) ? 0.7 : nil,
                maximumTokens: Bool.random(using: &random) ? 12 : nil,
                stream: Bool.random(using: &random),
                responseFormat: Bool.random(using: &random) ? "{\"type\":\"json_object\"}" : nil,
                tools: Bool.random(using: &random) ? "[{\"name\":\"f\"}]" : nil
            ),
            samplingProbability: [1, 0.1, 0.333_333_333_3][Int.random(in: 0..<3, using: &random)],
            stable: answer("v1.1.0"),
            shadow: answer("v1.2.0"),
            control: Bool.random(using: &random) ? answer("v1.1.0") : nil
        )
    }
}
