import CurlClient
import Gateway
import Vocabulary
import Wire

/// The messages for mirroring's thread.
enum MirrorMessage: Sendable {
    /// A request that may be mirrored is complete; its bytes are reserved in the budget.
    case completed(OfferedRequest)
    /// The next part of a leg's answer; the pieces' bytes are reserved in the budget.
    case answer(Ticket, Leg, head: AnswerHead?, pieces: AnswerPieces, end: LegEnd?)
    /// Part of a leg's answer did not fit into the budget.
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

/// A request that may be mirrored, as the tap handed it over, with the collector of its answer.
///
/// A class, because it is large and passed on several times.
final class OfferedRequest: Sendable {
    let ticket: Ticket
    let shape: APIShape
    let request: TappedRequest
    /// The parts of its target that other APIs have in the body.
    var path: PathWords { shape.path.words(ofOwnTarget: request.head.target) }
    /// Its bytes in the budget.
    let heldBytes: Int
    let collector: AnswerCollector

    /// Bytes of an undecided request: this object, its collector, and their messages.
    static let recordBytes = 1_200

    /// - Parameters:
    ///   - request: as received.
    ///   - shape: the API of the request.
    ///   - heldBytes: bytes reserved in the budget for its head and body.
    ///   - shared: where its collector reports.
    init(_ request: TappedRequest, shape: APIShape, heldBytes: Int, shared: MirrorShared) {
        ticket = shared.nextTicket()
        self.shape = shape
        self.request = request
        // The memory is in use already, and bounded by the number of undecided requests.
        shared.budget.adjust(from: 0, to: Self.recordBytes)
        self.heldBytes = heldBytes + Self.recordBytes
        collector = AnswerCollector(ticket: ticket, mailbox: shared.mailbox, budget: shared.budget)
    }
}
