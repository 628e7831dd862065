import CLinux
import Foundation
import Testing

@testable import Locking

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

    @Test func `a turn is over after its time, and the next begins when others have run`() {
        let start = ContinuousClock.now
        var turns = Turns(at: start)
        #expect(!turns.isOver(at: start))
        #expect(!turns.isOver(at: start + Turns.length - .nanoseconds(1)))
        #expect(turns.isOver(at: start + Turns.length))
        let later = start + .seconds(1)
        turns.begin(at: later)
        #expect(!turns.isOver(at: later + Turns.length - .nanoseconds(1)))
        #expect(turns.isOver(at: later + Turns.length))
    }
}
