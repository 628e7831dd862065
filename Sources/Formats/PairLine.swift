// The pair as one line of JSON: what `import` reads and `export` and `score` write.
//
// A line says less than a `Pair` (it may lack a time, an id, a session) and sometimes more (messages), so it is a type
// of its own; the caller supplies what only it can know (keys for hashes, the time of the import, intent rules) through
// `pair(…)`. Reading ignores keys that it does not know, so that lines from elsewhere need no cleaning.

package import Foundation
package import JSON
package import Vocabulary
import Wire

/// A pair as one line of JSON.
package struct PairLine: Sendable, Equatable {
    /// The line's own identity; without one, a hash of the line's bytes stands in.
    package var id: String?
    package var time: Date?
    /// As written; it is hashed under the deployment's key before it is kept.
    package var session: String?
    package var intent: IntentClass?
    package var endpoint: String?
    /// The prompt as text, where the line has it so.
    package var prompt: String?
    /// The prompt as messages, where the line has it so.
    package var messages: JSON?
    /// Lower-case hexadecimal.
    package var promptHash: PromptHash?
    package var request: RequestParameters
    package var samplingProbability: Double
    package var stable: LegAnswer
    package var shadow: LegAnswer
    package var control: LegAnswer?
    /// Scores of the pair as a whole, each 0…1.
    package var pairScores: [String: Double]

    /// What was asked, as text to show; nil where the line has only the hash.
    package var promptText: String? {
        prompt ?? turns.map { MirroredRequest.promptText(of: $0) }
    }

    /// What the intent rules look at; nil where the line has only the hash.
    package var lastUserText: String? {
        turns.map { MirroredRequest.lastUserText(of: $0) } ?? prompt
    }

    /// What the prompt hash is taken over where the line does not give one; nil where it has only the hash.
    package var canonicalBytes: [UInt8]? {
        if let messages { return CanonicalRequest.bytes(messages: messages) }
        return prompt.map { CanonicalRequest.bytes(prompt: $0) }
    }

    private var turns: [MirroredRequest.Message]? {
        messages?.arrayValue.map { $0.map { MirroredRequest.message($0) } }
    }

    /// The pair that this line describes.
    ///
    /// `id`, `time`, `intent` and `promptHash` are the line's own where it has them; otherwise a hash of the line, the
    /// time of the import, what the rules say of `lastUserText`, and the keyed hash of `canonicalBytes`. `session` is
    /// the keyed hash of the line's, and `prompt` what is to be kept of `promptText`.
    package func pair(
        id: String,
        time: Date,
        session: SessionHash?,
        intent: IntentClass,
        intentSource: IntentSource,
        promptHash: PromptHash,
        prompt: String?
    ) -> Pair {
        Pair(
            id: id,
            time: time,
            session: session,
            intent: intent,
            intentSource: intentSource,
            endpoint: endpoint ?? APIShape.chatCompletions.endpoint.rawValue,
            promptHash: promptHash,
            prompt: prompt,
            request: request,
            samplingProbability: samplingProbability,
            stable: stable,
            shadow: shadow,
            control: control
        )
    }
}

extension PairLine {
    /// The line of a stored pair; its session is the hash, and its prompt what was kept of it.
    package init(_ pair: Pair, pairScores: [String: Double] = [:]) {
        self.init(
            id: pair.id,
            time: pair.time,
            session: pair.session?.hex,
            intent: pair.intent,
            endpoint: pair.endpoint,
            prompt: pair.prompt,
            messages: nil,
            promptHash: pair.promptHash,
            request: pair.request,
            samplingProbability: pair.samplingProbability,
            stable: pair.stable,
            shadow: pair.shadow,
            control: pair.control,
            pairScores: pairScores
        )
    }
}
