import CLinux
import Foundation
import Testing

@testable import Threads

@Suite struct ThreadPriorityTests {
    @Test func `a thread that gives way is a tenth as heavy, has short slices and a name`() throws {
        let (scheduling, name) = onThreadOfItsOwn {
            giveWayToUsers(as: "giving-way")
            var scheduling = clinux_scheduling()
            #expect(clinux_get_scheduling(&scheduling) == 0)
            return (scheduling, try? String(contentsOfFile: "/proc/thread-self/comm", encoding: .utf8))
        }
        #expect(scheduling.nice == 10)
        #expect(scheduling.policy == 0)
        #expect(name == "giving-way\n")
        // Since Linux 6.12 an ordinary thread has slices of its own.
        let version = ProcessInfo.processInfo.operatingSystemVersion
        if (version.majorVersion, version.minorVersion) >= (6, 12) { #expect(scheduling.runtime_ns == 300_000) }
    }

    @Test func `a thread that has given way is left as it is`() throws {
        let name = onThreadOfItsOwn {
            giveWayToUsers(as: "first")
            giveWayToUsers(as: "second")
            return try? String(contentsOfFile: "/proc/thread-self/comm", encoding: .utf8)
        }
        #expect(name == "first\n")
    }

    @Test func `a turn is over after its time, and the next begins when others have run`() {
        let length = Turns.length
        #expect(isOver(afterPiecesAt: [.zero, length - .nanoseconds(1), length]) == [false, false, true])
        let later = ContinuousClock.now + .seconds(1)
        var turns = Turns(at: later - .seconds(1))
        turns.restart(at: later)
        let isOver = [later + length - .nanoseconds(1), later + length].map { turns.end(at: $0) }
        #expect(isOver == [false, true])
    }

    @Test func `a thread that has waited begins a turn, one that has work at once goes on with its own`() {
        let start = ContinuousClock.now
        let half = start + Turns.length / 2
        func isOver(workBeginsAt begin: ContinuousClock.Instant, pieceDoneAt end: ContinuousClock.Instant) -> Bool {
            var turns = Turns(at: start)
            _ = turns.end(at: half)
            turns.begin(at: begin)
            return turns.end(at: end)
        }
        let waited = half + Turns.pause
        #expect(isOver(workBeginsAt: waited - .nanoseconds(1), pieceDoneAt: start + Turns.length))
        #expect(!isOver(workBeginsAt: waited, pieceDoneAt: waited + Turns.length - .nanoseconds(1)))
        #expect(isOver(workBeginsAt: waited, pieceDoneAt: waited + Turns.length))
    }

    private func isOver(afterPiecesAt times: [Duration]) -> [Bool] {
        let start = ContinuousClock.now
        var turns = Turns(at: start)
        return times.map { turns.end(at: start + $0) }
    }
}
