import CurlClient
import Gateway
import Vocabulary
import Wire

/// The memory of a sampled request until it is settled; used on mirroring's thread only.
///
/// Its byte counts are those reserved in the budget.
final class HeldRequest {
    let intent: IntentClass
    private(set) var draft: Pair
    let shape: APIShape
    let collector: AnswerCollector
    var assemblies: [Leg: LegAssembly] = [:]
    /// Legs that are not sent yet.
    var prepared: [Leg: PreparedLeg]
    /// Bytes of the bodies that wait or are being played.
    var preparedBytes: [Leg: Int]
    var transfers: [Leg: CurlTransferID] = [:]
    var endedEarly: Set<Leg> = []
    /// Bytes of the prompt, the parameters and the records.
    private var draftBytes: Int
    /// The room of each leg's answer: the assembler's memory, then that of the finished answer.
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

    /// Takes over its bytes from the pass that prepared it, and releases the rest.
    func takeOver(_ room: Reservation) {
        room.handOver(draftBytes + preparedBytes.values.reduce(0, +))
    }

    /// Begins the answer of a leg.
    func listen(to leg: Leg, version: String, startedAt: ContinuousClock.Instant, _ budget: ByteBudget) {
        let room = Reservation(budget)
        answerRooms[leg] = room
        assemblies[leg] = LegAssembly(shape: shape, version: version, startedAt: startedAt, room: room)
    }

    /// Reserves room for the sink's work on the pair; false without room.
    ///
    /// A pair is redacted and packed before it is compressed, one pair at a time: for a small one the memory is negligible.
    func takeRoomForStoring(_ budget: ByteBudget) -> Bool {
        let textBytes = draftBytes - Pair.recordBytes + answerRooms.values.reduce(0) { $0 + $1.bytes }
        guard textBytes > 1 << 20 else { return true }
        let room = Reservation(budget)
        storingRoom = room
        return room.grow(by: 2 * textBytes)
    }

    /// Drops the texts of the draft, which the sink has now.
    func letGoOfTexts() {
        draft.prompt = nil
        draft.request.tools = nil
        draft.request.responseFormat = nil
    }

    /// Releases all its bytes of the budget.
    func giveBack(to budget: ByteBudget) {
        budget.release(draftBytes + preparedBytes.values.reduce(0, +))
        draftBytes = 0
        preparedBytes = [:]
        for room in answerRooms.values { room.giveBack() }
        storingRoom?.giveBack()
    }
}

extension String {
    /// Bytes of the heap that a string of this length occupies; up to 15 are stored inline.
    fileprivate var heapByteCount: Int {
        let count = utf8.count
        return count > 15 ? count + 48 : 0
    }
}

extension Pair {
    /// Bytes of a waiting pair besides its texts.
    ///
    /// It is in its `HeldRequest` and, with as much again for the state of its legs, in a table that may be half empty (five
    /// times its size). Added to that are the table of its assemblies, its collector and the tables of legs. Measured:
    /// `CountedBytesTests`.
    static let recordBytes = 6 * MemoryLayout<Pair>.stride + 2 * MemoryLayout<LegAssembly>.stride + 1_000

    /// Bytes of the request: its prompt, its parameters, and the records around them.
    var requestByteCount: Int {
        Self.recordBytes + (prompt?.heapByteCount ?? 0) + (request.tools?.heapByteCount ?? 0)
            + (request.responseFormat?.heapByteCount ?? 0)
    }
}

extension LegAnswer {
    /// Bytes of the texts of this answer, and of their lists.
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
    /// Bytes of its body, its URL and its head.
    var heldByteCount: Int {
        headers.reduce(body.capacity + url.heapByteCount + 96) { sum, field in
            sum + MemoryLayout<(String, String)>.stride + field.0.heapByteCount + field.1.heapByteCount
        }
    }
}
