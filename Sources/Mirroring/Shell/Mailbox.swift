// Hands messages from any thread to one thread.
//
// Posting takes no lock, so that event loops do not wait for each other or for the receiver: a message is pushed on a
// linked stack (Treiber, "Systems Programming: Coping with Parallelism", IBM RJ 5118, 1986), which the receiver takes
// off whole and turns round. Taking all at once leaves no room for the ABA problem.
//
// Waking a sleeping thread costs the poster a system call and the machine two context switches, many times the cost of a
// message. So the receiver pauses for a moment between two checks and needs no wake-up then, as network cards moderate
// their interrupts (Linux NAPI). Only after a check that found nothing does it ask to be woken.
//
// Limits: messages keep the order of each poster, and causal order between posters; the posters have to bound the number of
// messages.

import Dispatch
import Synchronization
import Threads

final class Mailbox<Message: Sendable>: Sendable {
    fileprivate struct Node {
        var message: Message?
        var next: UnsafeMutablePointer<Node>?
    }

    fileprivate typealias Link = UnsafeMutablePointer<Node>

    /// Messages that were taken, oldest first; each is freed when the next one is asked for.
    struct Batch: ~Copyable {
        private var first: Link?

        fileprivate init(oldestFirst first: Link?) {
            self.first = first
        }

        var isEmpty: Bool { first == nil }

        mutating func next() -> Message? {
            guard let node = first else { return nil }
            first = node.pointee.next
            defer { node.deinitialize(count: 1).deallocate() }
            return node.pointee.message.take()
        }

        deinit {
            freeAll(from: first)
        }
    }

    /// How long the receiver pauses between two checks.
    private static var rest: Duration { .milliseconds(4) }

    private let newest = Atomic<UInt>(0)
    /// Never a message: the value of `newest` once the mailbox is closed.
    private let end: UInt
    private let isAsleep = Atomic<Bool>(false)
    private let alarm = DispatchSemaphore(value: 0)

    init() {
        let end = UnsafeMutablePointer<Node>.allocate(capacity: 1)
        end.initialize(to: Node(message: nil, next: nil))
        self.end = UInt(bitPattern: end)
    }

    deinit {
        freeAll(from: Link(bitPattern: newest.load(ordering: .acquiring)))
        if newest.load(ordering: .relaxed) != end, let end = Link(bitPattern: end) {
            end.deinitialize(count: 1).deallocate()
        }
    }

    /// Whether the receiver waits to be woken.
    var isReceiverAsleep: Bool { isAsleep.load(ordering: .sequentiallyConsistent) }

    /// Posts a message; false if the mailbox is closed.
    @discardableResult
    func post(_ message: Message) -> Bool {
        let node = UnsafeMutablePointer<Node>.allocate(capacity: 1)
        node.initialize(to: Node(message: message, next: nil))
        var last = newest.load(ordering: .relaxed)
        while true {
            guard last != end else {
                node.deinitialize(count: 1).deallocate()
                return false
            }
            node.pointee.next = Link(bitPattern: last)
            let (isPushed, current) = newest.weakCompareExchange(
                expected: last,
                desired: UInt(bitPattern: node),
                ordering: .sequentiallyConsistent
            )
            if isPushed { break }
            last = current
        }
        // The receiver marks itself asleep before its last check, so one of the two sees the other.
        if isAsleep.load(ordering: .sequentiallyConsistent),
            isAsleep.exchange(false, ordering: .sequentiallyConsistent)
        {
            alarm.signal()
        }
        return true
    }

    /// All messages, after a wait if there are none; may be empty, and is when the time is up.
    func take(until deadline: ContinuousClock.Instant?) -> Batch {
        sleepUnwoken(for: min(deadline.map { ContinuousClock.now.duration(to: $0) } ?? Self.rest, Self.rest))
        let waiting = takeAll(leaving: 0)
        if !waiting.isEmpty { return waiting }
        isAsleep.store(true, ordering: .sequentiallyConsistent)
        let late = takeAll(leaving: 0)
        if late.isEmpty {
            if let deadline { sleep(until: deadline) } else { alarm.wait() }
        }
        // A wake-up for these messages may still come; it ends a later wait without messages, which does no harm.
        isAsleep.store(false, ordering: .sequentiallyConsistent)
        if !late.isEmpty { return late }
        return takeAll(leaving: 0)
    }

    /// Closes the mailbox, and returns the remaining messages.
    func close() -> Batch { takeAll(leaving: end) }

    private func sleep(until deadline: ContinuousClock.Instant) {
        let nanoseconds = (ContinuousClock.now.duration(to: deadline) / .nanoseconds(1)).rounded(.up)
        guard nanoseconds > 0 else { return }
        _ = alarm.wait(timeout: .now() + .nanoseconds(Int(min(nanoseconds, 1e15))))
    }

    private func takeAll(leaving value: UInt) -> Batch {
        if value == 0 {
            let last = newest.load(ordering: .sequentiallyConsistent)
            // A closed mailbox stays closed; only the receiver closes it.
            guard last != 0, last != end else { return Batch(oldestFirst: nil) }
        }
        var link = Link(bitPattern: newest.exchange(value, ordering: .sequentiallyConsistent))
        var oldest: Link?
        while let node = link, UInt(bitPattern: node) != end {
            link = node.pointee.next
            node.pointee.next = oldest
            oldest = node
        }
        return Batch(oldestFirst: oldest)
    }
}

private func freeAll<Message>(from first: UnsafeMutablePointer<Mailbox<Message>.Node>?) {
    var link = first
    while let node = link {
        link = node.pointee.next
        node.deinitialize(count: 1).deallocate()
    }
}
