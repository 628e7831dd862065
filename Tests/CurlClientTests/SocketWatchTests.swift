import Testing

@testable import CurlClient

@Suite struct SocketWatchTests {
    @Test func `however much happens, waits end a millisecond apart`() throws {
        let bell = try #require(Bell())
        let sockets = SocketWatch(bell: bell)
        var ends: [ContinuousClock.Instant] = []
        for _ in 0..<20 {
            bell.ring()
            #expect(sockets.wait(until: nil).isEmpty)
            ends.append(.now)
        }
        // What `wait` notes as its end lies a moment before this notes it, and by turns a little more or less.
        #expect(ends[19] - ends[0] >= .milliseconds(18))
    }

    @Test func `a deadline ends a wait in which nothing happens`() throws {
        let sockets = SocketWatch(bell: try #require(Bell()))
        let deadline = ContinuousClock.now + .milliseconds(20)
        #expect(sockets.wait(until: deadline).isEmpty)
        #expect(ContinuousClock.now >= deadline)
    }
}
