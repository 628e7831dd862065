// Collects stable's answer on the gateway's event loop.
//
// Until it is decided whether the request is mirrored, slices are kept as they are, without a copy. Most requests are
// not mirrored: their slices are freed at once and nothing more is kept. The slices of a wanted answer are copied together and
// handed over in portions, so that neither the gateway's read buffers nor a whole streamed answer is held. An undecided answer
// is copied too after its first slices: if mirroring lags behind, thousands of events would keep a read buffer each.

import Gateway
import NIOCore
import Synchronization
import Threads
import Vocabulary

/// Listens to one answer of stable.
final class AnswerCollector: AnswerTap {
    private enum Interest {
        case undecided
        case wanted
        case unwanted
    }

    private struct State {
        var interest = Interest.undecided
        /// The head of an undecided answer, with its read buffer.
        var head: (status: Int, headers: TappedHeaders)?
        /// The head of a wanted answer, without a read buffer.
        var wantedHead: AnswerHead?
        /// The first slices of an undecided answer.
        var slices: [(slice: ByteBuffer, at: ContinuousClock.Instant)] = []
        /// Bytes of the read buffers of the slices and the head.
        var sliceMemoryBytes = 0
        /// Full portions after them; the rest is in `pieces`.
        var portions: [AnswerPieces] = []
        var pieces = AnswerPieces()
        var reservedBytes = 0
        var end: LegEnd?

        mutating func takeHead() -> AnswerHead? {
            defer { (head, wantedHead) = (nil, nil) }
            return wantedHead ?? head.map { AnswerHead(status: $0.status, headers: $0.headers) }
        }

        /// The portion to hand over now; nil for none.
        mutating func portion() -> (head: AnswerHead?, pieces: AnswerPieces, end: LegEnd?)? {
            guard interest == .wanted, end != nil || pieces.isLargeEnough else { return nil }
            reservedBytes = 0
            return (takeHead(), pieces.take(), end)
        }
    }

    /// A plain answer has a slice or two; each keeps its read buffer, which is many times the size of an event.
    private static let maximumSlices = 4

    private let ticket: Ticket
    private let mailbox: Mailbox<MirrorMessage>
    private let budget: ByteBudget
    private let state = Locked(State())
    /// A copy of the interest for the event loop, which asks at each event.
    private let isUnwanted = Atomic<Bool>(false)

    var isListening: Bool { !isUnwanted.load(ordering: .relaxed) }

    init(ticket: Ticket, mailbox: Mailbox<MirrorMessage>, budget: ByteBudget) {
        self.ticket = ticket
        self.mailbox = mailbox
        self.budget = budget
    }

    func answerHead(status: Int, headers: TappedHeaders, at: ContinuousClock.Instant) {
        let isOver = state.withLock { state in
            // It goes with the first bytes.
            switch state.interest {
            case .unwanted: return false
            case .wanted:
                state.wantedHead = AnswerHead(status: status, headers: headers)
                return false
            case .undecided: state.head = (status, headers)
            }
            let heldBytes = headers.bytes.storageCapacity
            guard budget.reserve(heldBytes) else {
                dismiss(&state)
                return true
            }
            state.reservedBytes += heldBytes
            state.sliceMemoryBytes += heldBytes
            return false
        }
        if isOver { mailbox.post(.answerOverflowed(ticket, .stable)) }
    }

    func answerBytes(_ slice: ByteBuffer, at time: ContinuousClock.Instant) {
        // The head goes with the first bytes.
        guard slice.readableBytes > 0 else { return }
        let isOver = state.withLock { state in
            guard state.interest != .unwanted else { return false }
            let isKept = state.interest == .undecided && state.slices.count < Self.maximumSlices
            // A kept slice keeps its read buffer, often the same as that of the head or of the slice before.
            let last = state.slices.last?.slice ?? state.head?.headers.bytes
            let isSameBuffer = isKept && last.map { Self.isSameBuffer($0, slice) } == true
            let memoryBytes = isKept ? (isSameBuffer ? 0 : slice.storageCapacity) : slice.readableBytes
            let heldBytes = memoryBytes + AnswerPieces.markBytes
            guard budget.reserve(heldBytes) else {
                dismiss(&state)
                return true
            }
            state.reservedBytes += heldBytes
            if isKept {
                state.sliceMemoryBytes += memoryBytes
                state.slices.append((slice, time))
            } else {
                state.pieces.append(slice.readableBytesView, at: time)
                if state.interest == .wanted {
                    handOver(&state)
                } else if state.pieces.isLargeEnough {
                    state.portions.append(state.pieces.take())
                }
            }
            return false
        }
        if isOver { mailbox.post(.answerOverflowed(ticket, .stable)) }
    }

    func finished(_ end: AnswerEnd, at time: ContinuousClock.Instant) {
        state.withLock { state in
            guard state.interest != .unwanted else { return }
            state.end = .gateway(end, at: time)
            handOver(&state)
        }
    }

    /// The request is mirrored, so the answer is handed over; called on mirroring's thread.
    ///
    /// - Parameter take: gets the bytes so far, in portions whose bytes are reserved in the budget; later ones come by the
    ///   mailbox.
    func deliver(to take: (AnswerHead?, AnswerPieces) -> Void) {
        // Copied without the lock, so that the event loop need not wait; it may append meanwhile.
        while let part = partOrDecision() {
            var head = part.head
            var pieces = AnswerPieces()
            // Only the bytes of the slices are kept.
            budget.adjust(from: part.sliceMemoryBytes, to: part.slices.reduce(0) { $0 + $1.slice.readableBytes })
            for (slice, time) in part.slices {
                pieces.append(slice.readableBytesView, at: time)
                if pieces.isLargeEnough { take(head.take(), pieces.take()) }
            }
            for portion in [pieces] + part.portions where !portion.isEmpty { take(head.take(), portion) }
            // No bytes after the head yet; its read buffer is not kept until they come.
            if head != nil { take(head, AnswerPieces()) }
        }
    }

    private struct Part {
        var head: AnswerHead?
        var slices: [(slice: ByteBuffer, at: ContinuousClock.Instant)]
        var sliceMemoryBytes: Int
        var portions: [AnswerPieces]
    }

    private static func isSameBuffer(_ one: ByteBuffer, _ other: ByteBuffer) -> Bool {
        // Not by their addresses: two slices of one buffer have different ones.
        one.withUnsafeReadableBytesWithStorageManagement { $1.toOpaque() }
            == other.withUnsafeReadableBytesWithStorageManagement { $1.toOpaque() }
    }

    /// The bytes not handed over yet; nil once none are left and the answer is wanted, or if it is unwanted.
    private func partOrDecision() -> Part? {
        state.withLock { state in
            // Unwanted already if the budget was exhausted.
            guard state.interest == .undecided else { return nil }
            guard state.head == nil, state.slices.isEmpty, state.portions.isEmpty, state.pieces.isEmpty else {
                let part = Part(
                    head: state.takeHead(),
                    slices: state.slices,
                    sliceMemoryBytes: state.sliceMemoryBytes,
                    portions: state.portions + [state.pieces.take()]
                )
                state.slices = []
                state.sliceMemoryBytes = 0
                state.portions = []
                state.reservedBytes = 0
                return part
            }
            state.interest = .wanted
            handOver(&state)
            return nil
        }
    }

    /// Drops the answer, which is not, or no longer, wanted; called on mirroring's thread.
    func discard() {
        // Freed without the lock, so that the event loop need not wait.
        let kept = state.withLock { state in
            let kept = (state.slices, state.portions)
            dismiss(&state)
            return kept
        }
        withExtendedLifetime(kept) {}
    }

    private func dismiss(_ state: inout State) {
        budget.release(state.reservedBytes)
        state = State(interest: .unwanted)
        isUnwanted.store(true, ordering: .relaxed)
    }

    /// Under the lock, so that portions are posted in order.
    private func handOver(_ state: inout State) {
        guard let portion = state.portion() else { return }
        let isPosted = mailbox.post(
            .answer(ticket, .stable, head: portion.head, pieces: portion.pieces, end: portion.end)
        )
        if !isPosted { budget.release(portion.pieces.heldBytes) }
    }
}

extension AnswerHead {
    fileprivate init(status: Int, headers: TappedHeaders) {
        self.init(
            status: status,
            contentType: headers.first("content-type"),
            contentEncoding: headers.first("content-encoding"),
            contentLength: headers.first("content-length").flatMap { Int($0) }
        )
    }
}
