import Testing

@testable import Threads

@Suite struct SleepUnwokenTests {
    @Test func `it lasts as long as was said, and a time that is over ends at once`() {
        let began = ContinuousClock.now
        sleepUnwoken(for: .milliseconds(1_020))
        #expect(ContinuousClock.now - began >= .milliseconds(1_020))
        let then = ContinuousClock.now
        for _ in 0..<1_000 { sleepUnwoken(for: .seconds(-86_400)) }
        #expect(ContinuousClock.now - then < .seconds(60))
    }
}
