import CurlClient
import Gateway
import Vocabulary
import Wire

/// What mirroring's thread is told.
enum MirrorMessage: Sendable {
    /// A request that may be mirrored is complete; its bytes are reserved in the budget.
    case completed(OfferedRequest)
    /// The next part of a leg's answer; the pieces' bytes are reserved in the budget.
    case answer(Ticket, Leg, head: AnswerHead?, pieces: AnswerPieces, end: LegEnd?)
    /// Part of a leg's answer found no room.
    case answerOverflowed(Ticket, Leg)
    case sinkAnswered(Ticket, Settlement)
    case settingsChanged
    case call(@Sendable () -> Void)
    case drainTraffic(@Sendable ([DayTraffic]) -> Void)
    case stop(within: Duration, sinkWithin: Duration, completion: @Sendable () -> Void)
}

/// How a leg's transport ended.
enum LegEnd: Sendable {
    case gateway(AnswerEnd, at: ContinuousClock.Instant)
    case curl(CurlResult)
}

/// A request that may be mirrored, as the tap handed it over, and who listens to its answer.
///
/// An object, because it passes through several hands and is large.
final class OfferedRequest: Sendable {
    let ticket: Ticket
    let shape: APIShape
    let request: TappedRequest
    /// What its target says of what other APIs say in the body.
    var path: PathWords { shape.path.words(ofOwnTarget: request.head.target) }
    /// Bytes of the budget that are taken for it.
    let heldBytes: Int
    let collector: AnswerCollector

    /// Of a request that waits for its decision: this and its collector, with the messages that carry them.
    static let recordBytes = 1_200

    /// - Parameters:
    ///   - request: as it came.
    ///   - shape: whose it is.
    ///   - heldBytes: what is taken of the budget for its head and body.
    ///   - shared: where its collector reports.
    init(_ request: TappedRequest, shape: APIShape, heldBytes: Int, shared: MirrorShared) {
        ticket = shared.nextTicket()
        self.shape = shape
        self.request = request
        // They are there already, and no more of them than requests that wait.
        shared.budget.adjust(from: 0, to: Self.recordBytes)
        self.heldBytes = heldBytes + Self.recordBytes
        collector = AnswerCollector(ticket: ticket, mailbox: shared.mailbox, budget: shared.budget)
    }
}
