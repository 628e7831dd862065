// Hands messages from any thread to one thread.
//
// Posting takes no lock, so that event loops do not wait for each other or for the receiver: a message is pushed on a
// linked stack (Treiber, "Systems Programming: Coping with Parallelism", IBM RJ 5118, 1986), which the receiver takes
// off whole and turns round. Taking all at once leaves no room for the ABA problem.
//
// To wake a sleeping thread costs the poster a system call and the machine two changes of context, many times what a
// message is worth. So the receiver rests for a moment between two looks, in which nobody needs to wake it, as network
// cards moderate their interrupts (Linux NAPI); only when there was nothing at all does it ask to be woken.
//
// Limits: the order is that of each poster, and of what one poster knew of another; nothing bounds the number of
// messages but what the posters agree on.

import Dispatch
import Synchronization
import Threads

final class Mailbox<Message: Sendable>: Sendable {
    fileprivate struct Node {
        var message: Message?
        var next: UnsafeMutablePointer<Node>?
    }

    fileprivate typealias Link = UnsafeMutablePointer<Node>

    /// Messages that were taken, oldest first; each is let go when the next one is asked for.
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

    /// How long the receiver rests between two looks.
    private static var rest: Duration { .milliseconds(4) }

    private let newest = Atomic<UInt>(0)
    /// Never a message: stands in `newest` once the mailbox is closed.
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

    /// Whether the receiver waits for somebody to wake it.
    var isReceiverAsleep: Bool { isAsleep.load(ordering: .sequentiallyConsistent) }

    /// False, and nothing done, when the mailbox is closed.
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
        // The receiver says that it sleeps before its last look, so one of the two sees the other.
        if isAsleep.load(ordering: .sequentiallyConsistent),
            isAsleep.exchange(false, ordering: .sequentiallyConsistent)
        {
            alarm.signal()
        }
        return true
    }

    /// Everything that has come, waiting for something where there is nothing; may be empty, and is when the time is up.
    func take(until deadline: ContinuousClock.Instant?) -> Batch {
        sleepUnwoken(for: min(deadline.map { ContinuousClock.now.duration(to: $0) } ?? Self.rest, Self.rest))
        let waiting = takeAll(leaving: 0)
        if !waiting.isEmpty { return waiting }
        isAsleep.store(true, ordering: .sequentiallyConsistent)
        let late = takeAll(leaving: 0)
        if late.isEmpty {
            if let deadline { sleep(until: deadline) } else { alarm.wait() }
        }
        // An alarm may still come for what is taken here; it ends a later wait for nothing, which the receiver bears.
        isAsleep.store(false, ordering: .sequentiallyConsistent)
        if !late.isEmpty { return late }
        return takeAll(leaving: 0)
    }

    /// Takes nothing more, and returns what is left.
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
