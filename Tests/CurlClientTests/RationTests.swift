import Foundation
import Testing

@testable import CurlClient

/// What is taken of servers that send without measure.
@Suite(.timeLimit(.minutes(5))) struct RationTests {
    private let start = ContinuousClock.now
    private let one = CurlTransferID(number: 1)
    private let two = CurlTransferID(number: 2)
    private let long = Ration.freeBytes

    @Test func `the beginning of an answer is always taken, and counts for nothing`() {
        let ration = Ration(at: start)
        for _ in 0..<10_000 { #expect(ration.admits(16_384, of: one, taken: long - 1, at: start)) }
        #expect(ration.admits(1, of: one, taken: long, at: start))
    }

    @Test func `long answers share one pace, and wait their turn`() {
        let ration = Ration(at: start - .seconds(60))
        #expect(ration.admits(Ration.burst + Ration.bytesPerSecond / 4, of: one, taken: long, at: start))
        let paid = start + .milliseconds(250)
        #expect(!ration.admits(1, of: one, taken: long, at: paid - .nanoseconds(1)))
        #expect(!ration.admits(1, of: two, taken: long, at: paid - .nanoseconds(1)))
        #expect(ration.next == paid)
        #expect(ration.release(at: paid - .nanoseconds(1)) == nil)
        #expect(ration.release(at: paid) == one)
        #expect(ration.admits(Ration.bytesPerSecond / 2, of: one, taken: long, at: paid))
        #expect(ration.release(at: paid) == nil)
        #expect(ration.next == paid + .milliseconds(500))
        #expect(ration.release(at: paid + .milliseconds(500)) == two)
        #expect(ration.next == nil)
    }

    @Test func `a quiet time is not saved up beyond one burst, and small pieces are not free`() {
        let ration = Ration(at: start)
        let later = start + .seconds(3_600)
        #expect(ration.admits(Ration.burst + Ration.bytesPerSecond, of: one, taken: long, at: later))
        #expect(!ration.admits(1, of: two, taken: long, at: later))
        #expect(ration.next == later + .seconds(1))
        let rested = Ration(at: start - .seconds(60))
        let taken = (0..<Ration.burst).count { _ in rested.admits(1, of: one, taken: long, at: start) }
        #expect(abs(taken - Ration.burst / Ration.leastBytes) <= 1)
    }

    @Test func `servers that answer without end are read at a bounded pace, which nobody else feels`() async throws {
        let block = [UInt8](repeating: 65, count: 1 << 20)
        let endless = try LoopbackServer { connection in
            guard connection.readRequest() != nil else { return }
            guard connection.send("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n") else { return }
            while connection.send(block) {}
        }
        defer { endless.stop() }
        let other = try LoopbackServer { connection in
            guard let request = connection.readRequest() else { return }
            if request.line.contains("/silent") { return connection.waitForPeerToLeave() }
            connection.answer(200, "ok")
        }
        defer { other.stop() }
        let client = try CurlClient(CurlConfiguration(name: "ration"))
        let time = Duration.seconds(2)
        let floods = 16
        try await withThrowingTaskGroup(of: CurlResult.self) { group in
            for _ in 0..<floods {
                let request = CurlRequest(url: endless.url, timeouts: CurlTimeouts(total: time))
                group.addTask { try #require(await client.play(request).result) }
            }
            let silent = CurlRequest(url: other.url + "/silent", timeouts: CurlTimeouts(firstByte: .milliseconds(200)))
            for _ in 0..<4 {
                let answered = try #require(await client.play(CurlRequest(url: other.url)).result)
                #expect(answered.outcome == .ok)
                #expect(answered.finishedAt - answered.startedAt < time / 4)
                let givenUp = try #require(await client.play(silent).result)
                #expect(givenUp.outcome == .timeout(.firstByte))
                #expect(givenUp.finishedAt - givenUp.startedAt < time / 4)
            }
            var taken = 0
            for try await result in group {
                #expect(result.outcome == .timeout(.total))
                #expect(result.finishedAt - result.startedAt < time * 1.25)
                taken += result.byteCount
            }
            let free = floods * (Ration.freeBytes + 16_384) + Ration.burst
            #expect(taken > free)
            #expect(taken <= free + 16_384 + Int(1.25 * (time / .seconds(1)) * Double(Ration.bytesPerSecond)))
        }
    }
}
