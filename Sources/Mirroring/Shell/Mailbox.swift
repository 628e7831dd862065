import CurlClient
import Foundation
import Gateway
import Locking
import Vocabulary

/// Hands messages from any thread to one thread, in order.
///
/// Posting is an append under a mutex, and a wake-up only where the receiver sleeps. The receiver takes all there is
/// at once.
final class Mailbox<Message: Sendable>: Sendable {
    private struct State {
        var messages: [Message] = []
        var isAsleep = false
        var isClosed = false
    }

    private let state = Locked(State())
    private let alarm = DispatchSemaphore(value: 0)

    /// False, and nothing done, when the mailbox is closed.
    @discardableResult
    func post(_ message: Message) -> Bool {
        let (isPosted, mustWake) = state.withLock { state in
            guard !state.isClosed else { return (false, false) }
            state.messages.append(message)
            defer { state.isAsleep = false }
            return (true, state.isAsleep)
        }
        if mustWake { alarm.signal() }
        return isPosted
    }

    /// Everything that has come, waiting for something where there is nothing; empty when the time is up.
    func take(until deadline: ContinuousClock.Instant?) -> [Message] {
        let waiting = state.withLock { state in
            if state.messages.isEmpty { state.isAsleep = true }
            return Self.takeAll(&state)
        }
        guard waiting.isEmpty else { return waiting }
        if let deadline {
            let nanoseconds = (ContinuousClock.now.duration(to: deadline) / .nanoseconds(1)).rounded(.up)
            _ = alarm.wait(timeout: .now() + .nanoseconds(max(0, Int(min(nanoseconds, 1e15)))))
        } else {
            alarm.wait()
        }
        // The alarm may be a late one, for messages that were taken already: then this is empty, which the receiver
        // bears.
        return state.withLock { state in
            state.isAsleep = false
            return Self.takeAll(&state)
        }
    }

    /// Takes nothing more, and returns what is left.
    func close() -> [Message] {
        state.withLock { state in
            state.isClosed = true
            return Self.takeAll(&state)
        }
    }

    private static func takeAll(_ state: inout State) -> [Message] {
        defer { state.messages = [] }
        return state.messages
    }
}

/// What mirroring's thread is told.
enum MirrorMessage: Sendable {
    /// A request that is a candidate is complete; its body's bytes are reserved in the budget.
    case completed(Ticket, TappedCandidate, AnswerCollector)
    /// A candidate whose body found no room.
    case overflowed
    case notEligible(NotEligibleReason)
    /// The next part of a leg's answer; the pieces' bytes are reserved in the budget.
    case answer(Ticket, Leg, AnswerHead?, AnswerPieces, LegEnd?)
    /// Part of a leg's answer found no room.
    case answerOverflowed(Ticket)
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

/// A request that may be mirrored, as the tap handed it over.
struct TappedCandidate: Sendable {
    var endpoint: Endpoint
    var request: TappedRequest
}
