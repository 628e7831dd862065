// JSON as requests bring it, and schemas as they ask for them.
//
// What is proven: what is accepted reads back the same from its compact and its canonical form; the glance at a request
// refuses exactly what reading the whole of it refuses, and finds the same; a rewritten body is JSON again with the model
// that was put there; and every scorer comes to an end with values between 0 and 1 whatever the schema, the tools and the
// answers are.

import Foundation
import JSON
import Scoring
import Vocabulary
import Wire

private let glance = RequestGlance(fields: ["user", "metadata.session_id"])

@Sendable func fuzzJSON(_ bytes: ArraySlice<UInt8>, seed: UInt8) {
    let value = try? JSON(parsing: bytes)
    if let value {
        expectEqual(try? JSON(parsing: value.bytes()), value, "JSON and its compact form")
        let canonical = value.canonicalBytes
        expectEqual((try? JSON(parsing: canonical))?.canonicalBytes, canonical, "canonical JSON and its canonical form")
    }
    readAsRequest(bytes, APIShape.all[Int(seed) % APIShape.all.count])
    score(bytes, value)
}

private func readAsRequest(_ bytes: ArraySlice<UInt8>, _ shape: APIShape) {
    let seen = try? glance.request(shape: shape, body: bytes)
    let read = try? MirroredRequest(shape: shape, body: bytes)
    precondition((seen == nil) == (read == nil), "A glance and the whole disagree about whether a request can be read.")
    expectEqual(seen?.lastUserText, read?.lastUserText, "the user's last words at a glance and in the whole")
    expectEqual(seen?.statefulness, read?.statefulness, "statefulness at a glance and in the whole")
    guard read != nil, let rewritten = try? ShadowRequest.rewrite(body: bytes, shape: shape, model: "fuzz") else {
        return
    }
    let model = (try? JSON(parsing: rewritten))?["model"]?.stringValue
    precondition(model == "fuzz", "The shadow's copy of a request names another model, or is no JSON.")
}

/// The input is a schema, tools and an answer at once, or an object that holds each.
private func score(_ bytes: ArraySlice<UInt8>, _ value: JSON?) {
    let whole = String(decoding: bytes, as: UTF8.self)
    func part(_ name: String) -> String { (value?[name]?.bytes()).map { String(decoding: $0, as: UTF8.self) } ?? whole }
    let schema = part("schema")
    let answer = value?["answer"]?.stringValue ?? whole
    let pair = Pair(
        id: "fuzz",
        time: Date(timeIntervalSince1970: 0),
        session: nil,
        intent: .other,
        intentSource: .imported,
        endpoint: APIShape.chatCompletions.endpoint.rawValue,
        promptHash: PromptHash(hex: "00"),
        prompt: value?["prompt"]?.stringValue ?? whole,
        request: RequestParameters(
            responseFormat: "{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"x\",\"schema\":\(schema)}}",
            tools: part("tools")
        ),
        samplingProbability: 1,
        stable: LegAnswer(version: "v1", outcome: .ok, text: answer),
        shadow: LegAnswer(
            version: "v2",
            outcome: .ok,
            text: part("other"),
            toolCalls: [ToolCall(name: "f", arguments: answer)]
        ),
        control: nil
    )
    var scorers = Scorers()
    let (scored, pairScores) = pair.scored(by: &scorers)
    for score in [scored.stable.scores, scored.shadow.scores, pairScores].joined() {
        precondition((0...1).contains(score.value), "The score \(score.key) is \(score.value).")
    }
}
