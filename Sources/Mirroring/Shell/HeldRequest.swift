import CurlClient
import Gateway
import Vocabulary

/// What a sampled request holds until it is settled; only mirroring's thread touches it.
///
/// Its numbers are the bytes of the budget that are taken for it.
final class HeldRequest {
    let intent: IntentClass
    let draft: Pair
    let endpoint: Endpoint
    let collector: AnswerCollector
    var assemblies: [Leg: LegAssembly]
    /// What is still to be sent.
    var prepared: [Leg: PreparedLeg]
    /// For the bodies that wait or are being played.
    var preparedBytes: [Leg: Int]
    var transfers: [Leg: CurlTransferID] = [:]
    var endedEarly: Set<Leg> = []
    /// For the prompt, the parameters and the records.
    let draftBytes: Int
    /// For answers, leg by leg.
    var answerBytes: [Leg: Int] = [:]
    var streamedLegs: Set<Leg> = []

    init(
        draft: Pair,
        draftBytes: Int,
        candidate: Candidate,
        prepared: [Leg: PreparedLeg],
        stableVersion: String
    ) {
        intent = draft.intent
        self.draft = draft
        endpoint = candidate.endpoint
        collector = candidate.collector
        assemblies = [
            .stable: LegAssembly(
                endpoint: candidate.endpoint,
                version: stableVersion,
                startedAt: candidate.request.completedAt
            )
        ]
        self.prepared = prepared
        preparedBytes = prepared.mapValues(\.body.count)
        self.draftBytes = draftBytes
    }

    /// All that is taken of the budget.
    var byteCount: Int { draftBytes + preparedBytes.values.reduce(0, +) + answerBytes.values.reduce(0, +) }
}

extension Pair {
    /// Of a pair that waits: it stands in its `HeldRequest` and, with as much again for the state of its legs, in a table that
    /// may be half empty (five times its size); the rest is for small things such as headers and the tables of legs.
    static let recordBytes = 6 * MemoryLayout<Pair>.stride

    /// What is held of the request: its prompt, its parameters, and the records around them.
    var requestByteCount: Int {
        Self.recordBytes + (prompt?.utf8.count ?? 0) + (request.tools?.utf8.count ?? 0)
            + (request.responseFormat?.utf8.count ?? 0)
    }
}

extension Exchange {
    /// What the texts of this exchange occupy.
    var textByteCount: Int {
        text.utf8.count + otherChoices.reduce(0) { $0 + $1.utf8.count }
            + toolCalls.reduce(0) { $0 + $1.arguments.utf8.count }
    }
}
