import Foundation
package import JSON
import Vocabulary

extension PairLine {
    /// The line, without a line end.
    package var bytes: [UInt8] { json.bytes() }

    /// The line as a value; what is absent is left out, so that reading it gives this value again.
    package var json: JSON {
        var line = JSON.Object()
        line["id"] = id.map(JSON.string)
        line["time"] = time.map { .string(Timestamp.text($0)) }
        line["session"] = session.map(JSON.string)
        line["intent"] = intent.map { .string($0.rawValue) }
        line["endpoint"] = endpoint.map(JSON.string)
        line["prompt"] = prompt.map(JSON.string)
        line["messages"] = messages
        line["prompt_hash"] = promptHash.map { .string($0.hex) }
        let parameters = Self.json(request)
        if !parameters.isEmpty { line["request"] = .object(parameters) }
        if samplingProbability != 1 { line["sampling_probability"] = JSON(samplingProbability) }
        line["stable"] = Self.json(stable)
        line["shadow"] = Self.json(shadow)
        line["control"] = control.map(Self.json)
        if !pairScores.isEmpty { line["pair_scores"] = JSON(pairScores) }
        return .object(line)
    }

    private static func json(_ request: RequestParameters) -> JSON.Object {
        var object = JSON.Object()
        object["temperature"] = request.temperature.map { JSON($0) }
        object["max_tokens"] = request.maximumTokens.map { JSON($0) }
        if request.stream { object["stream"] = true }
        object["response_format"] = request.responseFormat.flatMap { try? JSON(parsing: $0) }
        object["tools"] = request.tools.flatMap { try? JSON(parsing: $0) }
        return object
    }

    private static func json(_ answer: LegAnswer) -> JSON {
        var side: JSON.Object = ["version": .string(answer.version), "outcome": .string(answer.outcome.rawValue)]
        side["status"] = answer.status.map { JSON($0) }
        side["finish_reason"] = answer.finishReason.map(JSON.string)
        side["reported_model"] = answer.reportedModel.map(JSON.string)
        if answer.outcome == .ok || !answer.text.isEmpty { side["text"] = .string(answer.text) }
        if !answer.otherChoices.isEmpty { side["other_choices"] = JSON(answer.otherChoices) }
        if !answer.toolCalls.isEmpty {
            side["tool_calls"] = .array(
                answer.toolCalls.map { call in
                    var object: JSON.Object = ["name": .string(call.name), "arguments": .string(call.arguments)]
                    object["id"] = call.id.map(JSON.string)
                    return .object(object)
                }
            )
        }
        let timings = answer.timings
        side["first_byte_ms"] = milliseconds(timings.firstByte)
        side["first_token_ms"] = milliseconds(timings.firstToken)
        side["total_ms"] = milliseconds(timings.total)
        side["inter_token_p50_ms"] = milliseconds(timings.interTokenMedian)
        side["inter_token_max_ms"] = milliseconds(timings.interTokenMaximum)
        side["input_tokens"] = answer.usage.inputTokens.map { JSON($0) }
        side["output_tokens"] = answer.usage.outputTokens.map { JSON($0) }
        if answer.byteCount > 0 { side["bytes"] = JSON(answer.byteCount) }
        if !answer.scores.isEmpty { side["scores"] = JSON(answer.scores) }
        return .object(side)
    }

    private static func milliseconds(_ duration: Duration?) -> JSON? {
        duration.map { JSON($0.milliseconds) }
    }
}
