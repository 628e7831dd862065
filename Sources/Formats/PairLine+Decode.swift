import Foundation
package import JSON
import Vocabulary

extension PairLine {
    /// Reads a line.
    ///
    /// - Throws: `LineError`, a sentence without the file and the line, which the caller puts in front.
    package init(parsing line: UnsafeRawBufferPointer) throws(LineError) {
        let value: JSON
        do {
            value = try JSON(parsing: line)
        } catch {
            throw LineError(error.description)
        }
        try self.init(value)
    }

    /// Reads a line.
    ///
    /// - Throws: `LineError`, a sentence without the file and the line, which the caller puts in front.
    package init(parsing line: some Collection<UInt8>) throws(LineError) {
        self = try withRawBytes(of: line) { raw throws(LineError) in try PairLine(parsing: raw) }
    }

    /// Reads a line that is parsed already.
    ///
    /// - Throws: `LineError`, a sentence without the file and the line, which the caller puts in front.
    package init(_ value: JSON) throws(LineError) {
        let line = try LineReader(value)
        id = try line.identifier("id")
        time = try Self.time(line)
        session = try line.identifier("session")
        intent = try line.nonEmptyString("intent").map(IntentClass.init(rawValue:))
        endpoint = try line.nonEmptyString("endpoint")
        prompt = try line.string("prompt")
        messages = try line.array("messages").map(JSON.array)
        promptHash = try Self.promptHash(line)
        guard prompt != nil || messages != nil || promptHash != nil else {
            throw .missing("prompt", "a pair needs one of `prompt`, `messages` and `prompt_hash`")
        }
        request = try line.nested("request").map(Self.request) ?? RequestParameters()
        let probability = try line.number("sampling_probability", in: 0...1, "a number above 0 and at most 1")
        if probability == 0 {
            throw LineError("The key `sampling_probability` must be a number above 0 and at most 1.")
        }
        // Less would weigh more than a billion other pairs.
        if let probability, probability < 1e-9 {
            throw LineError("The key `sampling_probability` must be a number from 1e-9 to 1.")
        }
        samplingProbability = probability ?? 1
        guard let stableSide = try line.nested("stable") else {
            throw .missing("stable", "a pair needs the answers of both `stable` and `shadow`")
        }
        guard let shadowSide = try line.nested("shadow") else {
            throw .missing("shadow", "a pair needs the answers of both `stable` and `shadow`")
        }
        stable = try Self.answer(stableSide, defaultVersion: Leg.stable.rawValue)
        shadow = try Self.answer(shadowSide, defaultVersion: Leg.shadow.rawValue)
        control = try line.nested("control").map { side throws(LineError) in
            try Self.answer(side, defaultVersion: Leg.control.rawValue)
        }
        pairScores = try line.scores("pair_scores")
    }

    private static func time(_ line: LineReader) throws(LineError) -> Date? {
        guard let text = try line.string("time") else { return nil }
        guard let date = Timestamp.date(text) else {
            throw LineError("The key `time` must be an RFC 3339 time such as \"2026-11-16T09:00:00Z\".")
        }
        return date
    }

    private static func promptHash(_ line: LineReader) throws(LineError) -> PromptHash? {
        guard let text = try line.string("prompt_hash")?.lowercased() else { return nil }
        let isHexadecimal = text.utf8.allSatisfy { ($0 >= 48 && $0 <= 57) || ($0 >= 97 && $0 <= 102) }
        guard isHexadecimal, (1...128).contains(text.utf8.count) else {
            throw LineError("The key `prompt_hash` must be 1 to 128 hexadecimal digits.")
        }
        return PromptHash(hex: text)
    }

    private static func request(_ reader: LineReader) throws(LineError) -> RequestParameters {
        let anyNumber = -Double.greatestFiniteMagnitude...Double.greatestFiniteMagnitude
        return RequestParameters(
            temperature: try reader.number("temperature", in: anyNumber, "a number"),
            maximumTokens: try reader.count("max_tokens"),
            stream: try reader.bool("stream") ?? false,
            responseFormat: reader.member("response_format").flatMap(structure),
            tools: reader.member("tools").flatMap(structure)
        )
    }

    /// Compact JSON; nil for `{}` and `[]`, which ask for nothing.
    private static func structure(_ value: JSON) -> String? {
        let isEmpty = value.objectValue?.isEmpty ?? value.arrayValue?.isEmpty ?? false
        return isEmpty ? nil : value.text()
    }

    private static func answer(_ side: LineReader, defaultVersion: String) throws(LineError) -> LegAnswer {
        let outcome = try side.choice("outcome", Outcome.self) ?? .ok
        let text = try side.string("text")
        guard text != nil || outcome != .ok else {
            throw .missing(side.path("text"), "an answer needs its text, or an `outcome` other than \"ok\"")
        }
        return LegAnswer(
            version: try side.nonEmptyString("version") ?? defaultVersion,
            reportedModel: try side.string("reported_model"),
            outcome: outcome,
            status: try side.status("status"),
            finishReason: try side.string("finish_reason"),
            text: text ?? "",
            otherChoices: try otherChoices(side),
            toolCalls: try toolCalls(side),
            usage: TokenUsage(
                inputTokens: try side.count("input_tokens"),
                outputTokens: try side.count("output_tokens")
            ),
            timings: Timings(
                firstByte: try side.milliseconds("first_byte_ms"),
                firstToken: try side.milliseconds("first_token_ms"),
                total: try side.milliseconds("total_ms"),
                interTokenMedian: try side.milliseconds("inter_token_p50_ms"),
                interTokenMaximum: try side.milliseconds("inter_token_max_ms")
            ),
            byteCount: try side.count("bytes") ?? 0,
            scores: try side.scores("scores")
        )
    }

    private static func otherChoices(_ side: LineReader) throws(LineError) -> [String] {
        var texts: [String] = []
        for value in try side.array("other_choices") ?? [] {
            guard let text = value.stringValue else {
                throw .wrong(side.path("other_choices"), value, mustBe: "an array of strings")
            }
            texts.append(text)
        }
        return texts
    }

    /// Calls as this project writes them (`id`, `name`, `arguments`), or as OpenAI's API does (with `function`).
    private static func toolCalls(_ side: LineReader) throws(LineError) -> [ToolCall] {
        var calls: [ToolCall] = []
        for value in try side.array("tool_calls") ?? [] {
            let function = value["function"] ?? value
            guard let name = function["name"]?.stringValue else {
                throw LineError(
                    "Each element of `\(side.path("tool_calls"))` must be an object with `name` and `arguments`."
                )
            }
            let arguments = function["arguments"]
            calls.append(
                ToolCall(
                    id: value["id"]?.stringValue,
                    name: name,
                    arguments: arguments?.stringValue ?? arguments.flatMap { $0.isNull ? nil : $0.text() } ?? ""
                )
            )
        }
        return calls
    }
}
