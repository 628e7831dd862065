import Foundation
import Synchronization
import Testing

@testable import CurlClient

/// What is taken of servers that send without measure.
@Suite(.timeLimit(.minutes(5))) struct RationTests {
    private let start = ContinuousClock.now

    @Test func `a burst comes at once, and what exceeds it is paid for with a rest`() {
        let ration = Ration(at: start - .seconds(60))
        ration.took(Ration.burst, at: start)
        #expect(ration.rest(at: start) == .zero)
        ration.took(Ration.bytesPerSecond / 4, at: start)
        #expect(ration.rest(at: start) == .milliseconds(250))
        #expect(ration.rest(at: start + .milliseconds(100)) == .milliseconds(150))
        #expect(ration.rest(at: start + .milliseconds(250)) == .zero)
    }

    @Test func `a quiet time is not saved up beyond one burst`() {
        let ration = Ration(at: start)
        let later = start + .seconds(3_600)
        ration.took(Ration.burst + Ration.bytesPerSecond, at: later)
        #expect(ration.rest(at: later) == .seconds(1))
    }

    @Test func `servers that answer without end are read at a bounded pace, and others are still asked and given up`()
        async throws
    {
        let block = [UInt8](repeating: 65, count: 1 << 20)
        let endless = try LoopbackServer { connection in
            guard connection.readRequest() != nil else { return }
            guard connection.send("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n") else { return }
            while connection.send(block) {}
        }
        defer { endless.stop() }
        let silent = try LoopbackServer { connection in
            guard connection.readRequest() != nil else { return }
            connection.waitForPeerToLeave()
        }
        defer { silent.stop() }
        let client = try CurlClient(CurlConfiguration(name: "ration"))
        let limit = Duration.seconds(1)
        let flood = CurlTimeouts(total: limit)
        async let first = client.play(CurlRequest(url: endless.url, timeouts: flood))
        async let second = client.play(CurlRequest(url: endless.url, timeouts: flood))
        async let waiting = client.play(
            CurlRequest(url: silent.url, timeouts: CurlTimeouts(firstByte: .milliseconds(200)))
        )
        let results = try await [first, second].map { try #require($0.result) }
        let given = try #require(await waiting.result)
        for result in results { #expect(result.outcome == .timeout(.total)) }
        #expect(given.outcome == .timeout(.firstByte))
        #expect(given.finishedAt - given.startedAt < limit)
        let taken = results.reduce(0) { $0 + $1.byteCount }
        let time = results.map { $0.finishedAt - $0.startedAt }.max() ?? .zero
        #expect(taken > Ration.burst)
        // One look at a ready socket may take ten of libcurl's buffers.
        let most = Ration.burst + 320 << 10 + Int(time / .seconds(1) * Double(Ration.bytesPerSecond))
        #expect(taken <= most)
    }
}
