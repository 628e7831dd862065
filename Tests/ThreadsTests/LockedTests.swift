import Dispatch
import Testing
import Threads

@Suite struct LockedTests {
    @Test func `no change of a value that many threads change is lost`() {
        let count = Locked(0)
        DispatchQueue.concurrentPerform(iterations: 8) { _ in
            for _ in 0..<10_000 { count.withLock { $0 += 1 } }
        }
        #expect(count.withLock { $0 } == 80_000)
    }

    @Test func `a body's error leaves the lock free and the change in place`() {
        struct Refused: Error {}
        let value = Locked("before")
        #expect(throws: Refused.self) {
            try value.withLock { value in
                value = "after"
                throw Refused()
            }
        }
        #expect(value.withLock { $0 } == "after")
    }

    @Test func `the value is let go with the lock`() {
        final class Held: Sendable {}
        weak var seen: Held?
        do {
            let held = Held()
            seen = held
            let lock = Locked(held)
            lock.withLock { _ in }
        }
        #expect(seen == nil)
    }
}
