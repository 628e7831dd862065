import Testing

@testable import Locking

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

@Suite struct SpareTimeTests {
    @Test func `a thread for spare time runs when a processor would be idle, and the caller keeps its priority`() {
        let before = sched_getscheduler(0)
        #expect(inSpareTime { sched_getscheduler(0) } == 5, "SCHED_IDLE")
        #expect(sched_getscheduler(0) == before)
        #expect(before != 5)
    }
}
