import Dispatch
import Foundation
import Testing

@testable import Gateway

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

private let start = ContinuousClock.now

/// Fast streams of small events are acknowledged less, and no sender is kept waiting for long.
@Suite struct AcknowledgementsTests {
    // MARK: The pace of one connection

    @Test func `events that come fast and small are told apart from slow and large ones`() {
        #expect(windows(gap: .milliseconds(5), bytes: 200) == [false, true, true])
        let (longest, largest) = (AcknowledgementPace.longestGap, AcknowledgementPace.largestRead)
        #expect(windows(gap: longest, bytes: largest) == [false, true, true])
        #expect(windows(gap: longest + .microseconds(1), bytes: largest) == [false, false, false])
        #expect(windows(gap: longest, bytes: largest + 1) == [false, false, false])
    }

    @Test func `the reads of another answer are counted anew`() {
        var pace = AcknowledgementPace()
        var now = start
        for _ in 0..<5 {
            #expect(!isFast(&pace, 31, gap: .milliseconds(1), at: &now))
            pace.restart()
        }
        #expect(isFast(&pace, 32, gap: .milliseconds(1), at: &now))
    }

    @Test(arguments: [
        // Every five milliseconds an event of 200 bytes, as before.
        ([5, 5, 5, 5], [200, 200, 200, 200], "went well"),
        // Held back until the delayed acknowledgement.
        ([5, 40], [200, 1600], "held back"),
        ([5, 30], [200, 300], "held back"),
        // Held back until a segment was full.
        ([5, 29], [200, 1448], "held back"),
        ([5, 5, 5, 10], [200, 200, 200, 1000], "held back"),
        // Large, but in time.
        ([5, 9, 5, 5], [200, 1448, 200, 200], "went well"),
        // Stable paused: what came then is a single event.
        ([5, 300], [200, 299], "unclear"),
    ])
    func `a trial tells a sender that waits from one that does not`(gaps: [Int], sizes: [Int], end: String) {
        var pace = AcknowledgementPace()
        var now = start
        #expect(isFast(&pace, 32, gap: .milliseconds(5), at: &now))
        pace.beginTrial(at: now)
        var ends: [String] = []
        for (gap, size) in zip(gaps, sizes) {
            now += .milliseconds(gap)
            switch pace.read(size, at: now) {
            case .trialEnded(.wentWell): ends.append("went well")
            case .trialEnded(.heldBack): ends.append("held back")
            case .trialEnded(.unclear): ends.append("unclear")
            case .isFast: ends.append("is fast")
            case nil: continue
            }
        }
        #expect(ends == [end])
    }

    // MARK: What a loop makes of it

    @Test func `one connection tries it, then all may, and after a minute one tries it again`() {
        var trust = AcknowledgementTrust()
        #expect(trust.mayDelay(at: start) == .onTrial)
        #expect(trust.mayDelay(at: start) == .no)
        trust.trialEnded(.wentWell, at: start)
        #expect(trust.mayDelay(at: start) == .yes)
        #expect(trust.mayDelay(at: start + .seconds(59)) == .yes)
        #expect(trust.mayDelay(at: start + .seconds(60)) == .onTrial)
        #expect(trust.mayDelay(at: start + .seconds(60)) == .no)
    }

    @Test func `a trial whose connection was lost makes room for the next`() {
        var trust = AcknowledgementTrust()
        #expect(trust.mayDelay(at: start) == .onTrial)
        #expect(trust.mayDelay(at: start + .milliseconds(999)) == .no)
        #expect(trust.mayDelay(at: start + .seconds(1)) == .onTrial)
        trust.trialEnded(.unclear, at: start + .seconds(1))
        #expect(trust.mayDelay(at: start + .seconds(1)) == .onTrial)
    }

    @Test func `three senders that waited end it for good`() {
        var trust = AcknowledgementTrust()
        var now = start
        for _ in 0..<3 {
            #expect(trust.mayDelay(at: now) == .onTrial)
            trust.trialEnded(.heldBack, at: now)
            #expect(trust.mayDelay(at: now + .seconds(9)) == .no)
            now += .seconds(10)
        }
        #expect(trust.mayDelay(at: now + .seconds(1_000_000)) == .no)
    }

    @Test func `a loop that stood still now and then does not end it`() {
        var trust = AcknowledgementTrust()
        var now = start
        for round in 0..<100 {
            #expect(trust.mayDelay(at: now) == .onTrial)
            trust.trialEnded(round.isMultiple(of: 2) ? .heldBack : .wentWell, at: now)
            now += .seconds(60)
        }
    }

    // MARK: The kernel

    @Test(.timeLimit(.minutes(5)))
    func `a fast stream is acknowledged for every second event`() async throws {
        let events = 400
        let source = try EventSource(events: events)
        let configure = Configure { $0.upstream = UpstreamURL("http://127.0.0.1:\(source.port)") ?? $0.upstream }
        try await withGateway(configure: configure) { stage async throws in
            let client = try await stage.client()
            async let segments = source.serve()
            try await client.send("POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}")
            try await client.read(through: "\r\n\r\n")
            for index in 0..<events {
                #expect(try await client.read(through: "\n\r\n") == EventSource.chunk(index))
                source.seen.signal()
            }
            let (sent, received) = try await segments
            #expect(sent >= events, "each event leaves alone")
            // Two windows are acknowledged event by event; then each second event is, but after pauses of the machine.
            #expect(received < sent * 4 / 5, "\(received) segments came back for \(sent)")
            await client.close()
        }
    }

    private func windows(gap: Duration, bytes: Int) -> [Bool] {
        var pace = AcknowledgementPace()
        var now = start
        return (0..<3).map { _ in isFast(&pace, AcknowledgementPace.window, gap: gap, bytes: bytes, at: &now) }
    }

    /// Whether the last of some reads ends a window of fast ones.
    private func isFast(
        _ pace: inout AcknowledgementPace,
        _ reads: Int,
        gap: Duration,
        bytes: Int = 200,
        at now: inout ContinuousClock.Instant
    ) -> Bool {
        var last: AcknowledgementPace.Event?
        for _ in 0..<reads {
            now += gap
            last = pace.read(bytes, at: now)
        }
        if case .isFast = last { return true }
        return false
    }
}

/// Stable with a socket of its own: it sends an event when the last was seen, and counts what its kernel received.
private final class EventSource: Sendable {
    private let listener: CInt
    private let events: Int
    let port: Int
    let seen = DispatchSemaphore(value: 0)

    static func chunk(_ index: Int) -> String {
        let event = "data: \(index)\n"
        return "\(String(event.utf8.count, radix: 16))\r\n\(event)\r\n"
    }

    init(events: Int) throws {
        self.events = events
        listener = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = listener
        let bound = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0 && listen(descriptor, 1) == 0
                    && getsockname(descriptor, $0, &length) == 0
            }
        }
        try #require(bound)
        port = Int(UInt16(bigEndian: address.sin_port))
    }

    deinit { close(listener) }

    /// Serves one request, on a thread of its own.
    ///
    /// - Returns: Segments with data that were sent, and all segments that were received.
    func serve() async throws -> (sent: Int, received: Int) {
        let counts = await withCheckedContinuation { continuation in
            let thread = Thread { continuation.resume(returning: self.serveNow()) }
            thread.start()
        }
        return try #require(counts)
    }

    private func serveNow() -> (sent: Int, received: Int)? {
        let connection = accept(listener, nil, nil)
        defer { close(connection) }
        var on: CInt = 1
        setsockopt(connection, CInt(IPPROTO_TCP), TCP_NODELAY, &on, 4)
        var request = [UInt8](repeating: 0, count: 4096)
        var have = 0
        while request[..<have].suffix(2) != [123, 125] {
            let got = request[have...].withUnsafeMutableBytes { recv(connection, $0.baseAddress, $0.count, 0) }
            guard got > 0 else { return nil }
            have += got
        }
        func write(_ text: String) {
            _ = Array(text.utf8).withUnsafeBytes { send(connection, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL)) }
        }
        write("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n")
        for index in 0..<events {
            write(Self.chunk(index))
            seen.wait()
        }
        // tcpi_segs_in and tcpi_data_segs_out of struct tcp_info (linux/tcp.h), which the libc's own ends before.
        var info = [UInt32](repeating: 0, count: 64)
        var length = socklen_t(256)
        getsockopt(connection, CInt(IPPROTO_TCP), TCP_INFO, &info, &length)
        return length >= 160 ? (Int(info[39]), Int(info[35])) : nil
    }
}
