import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Mirroring

@Suite(.hangLimit) struct MailboxTests {
    @Test func `what many threads post arrives whole, each in its order, and wakes a sleeper`() async {
        let mailbox = Mailbox<(poster: Int, number: Int)>()
        let posters = 4
        let each = 5_000
        async let received: [[Int]] = withCheckedContinuation { continuation in
            Thread {
                var received = [[Int]](repeating: [], count: posters)
                var count = 0
                while count < posters * each {
                    // Without a deadline: only a post can end the wait.
                    var batch = mailbox.take(until: nil)
                    while let message = batch.next() {
                        received[message.poster].append(message.number)
                        count += 1
                    }
                }
                continuation.resume(returning: received)
            }.start()
        }
        await withTaskGroup(of: Void.self) { group in
            for poster in 0..<posters {
                group.addTask {
                    for number in 0..<each {
                        #expect(mailbox.post((poster, number)))
                        // Now and then everyone waits until the receiver has fallen asleep, of which nothing tells.
                        while number % 1_000 == 0, !mailbox.isReceiverAsleep { await Task.yield() }
                    }
                }
            }
        }
        #expect(await received == [[Int]](repeating: Array(0..<each), count: posters))
    }

    @Test func `a closed mailbox returns what was left and takes nothing more`() {
        let mailbox = Mailbox<Int>()
        for number in 1...3 { #expect(mailbox.post(number)) }
        #expect(mailbox.close().messages() == [1, 2, 3])
        #expect(!mailbox.post(4))
        #expect(mailbox.close().messages().isEmpty)
        #expect(mailbox.take(until: .now).messages().isEmpty)
        #expect(!mailbox.post(5))
    }

    @Test func `what is left in a mailbox is freed with it`() {
        final class Content: Sendable {
            let freed: @Sendable () -> Void
            init(_ freed: @escaping @Sendable () -> Void) { self.freed = freed }
            deinit { freed() }
        }
        let count = Counter()
        for closes in [false, true] {
            let mailbox = Mailbox<Content>()
            for _ in 0..<2 { mailbox.post(Content { count.value.add(1, ordering: .relaxed) }) }
            if closes { _ = mailbox.close() }
        }
        #expect(count.value.load(ordering: .relaxed) == 4)
        // A message that was handled is gone while the next one is.
        let mailbox = Mailbox<Content>()
        for _ in 0..<3 { mailbox.post(Content { count.value.add(1, ordering: .relaxed) }) }
        var batch = mailbox.take(until: .now)
        _ = batch.next()
        #expect(batch.next() != nil)
        #expect(count.value.load(ordering: .relaxed) == 6)
    }
}

extension Mailbox.Batch {
    /// All of them, for comparing.
    consuming func messages() -> [Message] {
        var messages: [Message] = []
        while let message = next() { messages.append(message) }
        return messages
    }
}

private final class Counter: Sendable {
    let value = Atomic<Int>(0)
}
