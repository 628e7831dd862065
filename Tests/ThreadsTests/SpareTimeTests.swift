import Testing

@testable import Threads

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

@Suite struct SpareTimeTests {
    @Test func `a thread for spare time has the lowest priority, and the caller keeps its own`() {
        let before = niceValue()
        #expect(inSpareTime { niceValue() } == 19)
        #expect(niceValue() == before)
        #expect(before != 19)
    }

    private func niceValue() -> CInt { getpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0) }
}
