import Foundation
import Synchronization
import TestSupport
import Testing

@testable import CurlClient

/// What is taken of servers that send without measure.
@Suite(.hangLimit) struct RationTests {
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
        let floods = 16
        let atOnce = floods * (Ration.freeBytes + 16_384) + Ration.burst + 16_384
        let taken = Atomic(0)
        let (muchWasTaken, much) = AsyncStream<Void>.makeStream()
        let (ends, end) = AsyncStream<CurlResult>.makeStream()
        let began = ContinuousClock.now
        var request = CurlRequest(url: endless.url, maximumResponseBytes: .max)
        request.timeouts = CurlTimeouts(stall: .seconds(3_600), total: .seconds(3_600))
        let transfers = try (0..<floods).map { _ in
            try #require(
                client.start(request) { event in
                    switch event {
                    case .head: break
                    case .bytes(let bytes, _):
                        let sum = taken.add(bytes.count, ordering: .relaxed).newValue
                        if sum > atOnce + Ration.bytesPerSecond { much.yield() }
                    case .finished(let result): end.yield(result)
                    }
                }
            )
        }
        // The floods do not end by themselves, so whoever had to wait for them would wait for ever.
        let silent = CurlRequest(url: other.url + "/silent", timeouts: CurlTimeouts(firstByte: .milliseconds(200)))
        for _ in 0..<4 {
            #expect(await client.play(CurlRequest(url: other.url)).result?.outcome == .ok)
            #expect(await client.play(silent).result?.outcome == .timeout(.firstByte))
        }
        for await _ in muchWasTaken { break }
        for transfer in transfers { client.cancel(transfer) }
        var iterator = ends.makeAsyncIterator()
        for _ in 0..<floods { #expect(await iterator.next()?.outcome == .cancelled) }
        let time = ContinuousClock.now - began
        let sum = taken.load(ordering: .relaxed)
        #expect(sum <= atOnce + Int(time / .seconds(1) * Double(Ration.bytesPerSecond)))
    }
}
