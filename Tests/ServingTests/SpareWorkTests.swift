import CLinux
import TestSupport
import Testing
import Threads

@testable import Serving

struct SpareWorkTests {
    private final class Running: Sendable {
        private let count = Locked((now: 0, most: 0))

        var most: Int { count.withLock { $0.most } }

        func during<Value>(_ work: () -> Value) -> Value {
            count.withLock {
                $0.now += 1
                $0.most = max($0.most, $0.now)
            }
            defer { count.withLock { $0.now -= 1 } }
            return work()
        }
    }

    @Test(.hangLimit)
    func `store work of a serving process runs one piece at a time on a thread that gives way`() async throws {
        let work = SpareWork()
        let running = Running()
        let nice = try await withThrowingTaskGroup(of: Int32.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    try await work.run {
                        running.during {
                            var scheduling = clinux_scheduling()
                            _ = clinux_get_scheduling(&scheduling)
                            return Int32(scheduling.nice)
                        }
                    }
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(nice == Array(repeating: 10, count: 8))
        #expect(running.most == 1)
    }

    @Test func `an error of the work is the caller's`() async {
        struct Failure: Error {}
        await #expect(throws: Failure.self) { try await SpareWork().run { throw Failure() } }
    }
}
