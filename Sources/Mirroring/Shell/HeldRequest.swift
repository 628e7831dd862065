import CurlClient
import Gateway
import Vocabulary
import Wire

/// What a sampled request holds until it is settled; only mirroring's thread touches it.
///
/// Its numbers are the bytes of the budget that are taken for it.
final class HeldRequest {
    let intent: IntentClass
    private(set) var draft: Pair
    let shape: APIShape
    let collector: AnswerCollector
    var assemblies: [Leg: LegAssembly] = [:]
    /// What is still to be sent.
    var prepared: [Leg: PreparedLeg]
    /// For the bodies that wait or are being played.
    var preparedBytes: [Leg: Int]
    var transfers: [Leg: CurlTransferID] = [:]
    var endedEarly: Set<Leg> = []
    /// For the prompt, the parameters and the records.
    private var draftBytes: Int
    /// For answers, leg by leg: what their assemblers hold, then what came of it.
    var answerRooms: [Leg: Reservation] = [:]
    private var storingRoom: Reservation?

    init(
        draft: Pair,
        offered: OfferedRequest,
        prepared: [Leg: PreparedLeg],
        stableVersion: String,
        budget: ByteBudget
    ) {
        intent = draft.intent
        self.draft = draft
        shape = offered.shape
        collector = offered.collector
        self.prepared = prepared
        preparedBytes = prepared.mapValues(\.heldByteCount)
        draftBytes = draft.requestByteCount
        listen(to: .stable, version: stableVersion, startedAt: offered.request.completedAt, budget)
    }

    /// Takes over what it holds from the pass that made it, and gives the rest back.
    func takeOver(_ room: Reservation) {
        room.handOver(draftBytes + preparedBytes.values.reduce(0, +))
    }

    /// Begins the answer of a leg.
    func listen(to leg: Leg, version: String, startedAt: ContinuousClock.Instant, _ budget: ByteBudget) {
        let room = Reservation(budget)
        answerRooms[leg] = room
        assemblies[leg] = LegAssembly(shape: shape, version: version, startedAt: startedAt, room: room)
    }

    /// Takes room for what the sink makes of the pair; false where there is none.
    ///
    /// A pair is redacted and packed before it is compressed, one at a time: of a small one that is nothing to speak of.
    func takeRoomForStoring(_ budget: ByteBudget) -> Bool {
        let textBytes = draftBytes - Pair.recordBytes + answerRooms.values.reduce(0) { $0 + $1.bytes }
        guard textBytes > 1 << 20 else { return true }
        let room = Reservation(budget)
        storingRoom = room
        return room.grow(by: 2 * textBytes)
    }

    /// Forgets the texts of the draft, which somebody else has.
    func letGoOfTexts() {
        draft.prompt = nil
        draft.request.tools = nil
        draft.request.responseFormat = nil
    }

    /// Gives back all that is taken of the budget.
    func giveBack(to budget: ByteBudget) {
        budget.release(draftBytes + preparedBytes.values.reduce(0, +))
        draftBytes = 0
        preparedBytes = [:]
        for room in answerRooms.values { room.giveBack() }
        storingRoom?.giveBack()
    }
}

extension String {
    /// Bytes of the heap that a string of this length occupies; up to 15 stand within the string itself.
    fileprivate var heapByteCount: Int {
        let count = utf8.count
        return count > 15 ? count + 48 : 0
    }
}

extension Pair {
    /// What a pair that waits takes besides its texts.
    ///
    /// It stands in its `HeldRequest` and, with as much again for the state of its legs, in a table that may be half empty (five
    /// times its size); then there are the table of its assemblies, and small things such as its collector and the tables of
    /// legs. Measured: `CountedBytesTests`.
    static let recordBytes = 6 * MemoryLayout<Pair>.stride + 2 * MemoryLayout<LegAssembly>.stride + 1_000

    /// What is held of the request: its prompt, its parameters, and the records around them.
    var requestByteCount: Int {
        Self.recordBytes + (prompt?.heapByteCount ?? 0) + (request.tools?.heapByteCount ?? 0)
            + (request.responseFormat?.heapByteCount ?? 0)
    }
}

extension LegAnswer {
    /// What the texts of this answer, and the lists that they stand in, occupy.
    var heldByteCount: Int {
        var count = text.heapByteCount + (finishReason?.heapByteCount ?? 0) + (reportedModel?.heapByteCount ?? 0)
        if !otherChoices.isEmpty {
            count += 48 + otherChoices.reduce(0) { $0 + MemoryLayout<String>.stride + $1.heapByteCount }
        }
        if !toolCalls.isEmpty {
            count += 48
            for call in toolCalls {
                count += MemoryLayout<ToolCall>.stride + (call.id?.heapByteCount ?? 0) + call.name.heapByteCount
                count += call.arguments.heapByteCount
            }
        }
        return count
    }
}

extension PreparedLeg {
    /// What its body, its URL and its head occupy.
    var heldByteCount: Int {
        headers.reduce(body.capacity + url.heapByteCount + 96) { sum, field in
            sum + MemoryLayout<(String, String)>.stride + field.0.heapByteCount + field.1.heapByteCount
        }
    }
}
