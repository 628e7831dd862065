import Testing

@testable import Locking

@Suite struct SleepUnwokenTests {
    @Test func `it lasts as long as was said`() {
        let began = ContinuousClock.now
        sleepUnwoken(for: .milliseconds(1_020))
        #expect(ContinuousClock.now - began >= .milliseconds(1_020))
    }
}
