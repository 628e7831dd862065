import CurlClient
import Threads
import Vocabulary

/// Gathers the events of one leg on the curl thread, and hands them over in portions.
final class LegReceiver: Sendable {
    private struct State {
        var head: AnswerHead?
        var pieces = AnswerPieces()
        var hasOverflowed = false
    }

    private let ticket: Ticket
    private let leg: Leg
    private let mailbox: Mailbox<MirrorMessage>
    private let budget: ByteBudget
    private let state = Locked(State())

    init(ticket: Ticket, leg: Leg, mailbox: Mailbox<MirrorMessage>, budget: ByteBudget) {
        self.ticket = ticket
        self.leg = leg
        self.mailbox = mailbox
        self.budget = budget
    }

    /// Called on the curl thread.
    func receive(_ event: CurlEvent) {
        state.withLock { state in
            switch event {
            case .head(let head, _):
                state.head = AnswerHead(
                    status: head.status,
                    contentType: head.values("content-type").first,
                    contentEncoding: head.values("content-encoding").first,
                    contentLength: head.values("content-length").first.flatMap { Int($0) }
                )
            case .bytes(let bytes, let time):
                guard !state.hasOverflowed, !bytes.isEmpty else { return }
                guard budget.reserve(bytes.count + AnswerPieces.markBytes) else {
                    state.hasOverflowed = true
                    mailbox.post(.answerOverflowed(ticket, leg))
                    return
                }
                state.pieces.append(bytes, at: time)
                if state.pieces.isLargeEnough { handOver(&state, end: nil) }
            case .finished(let result): handOver(&state, end: .curl(result))
            }
        }
    }

    private func handOver(_ state: inout State, end: LegEnd?) {
        let pieces = state.pieces.take()
        let isPosted = mailbox.post(.answer(ticket, leg, head: state.head.take(), pieces: pieces, end: end))
        if !isPosted { budget.release(pieces.heldBytes) }
    }
}
