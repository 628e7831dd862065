// The compiler takes names of the libc for members of CNIOLinux where another file of its batch imports that.
import CNIOLinux
import Dispatch
import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Gateway

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Stable with a socket of its own: it sends an event when the last was seen, and counts what its kernel received.
final class EventSource: Sendable {
    private let listener: CInt
    private let events: Int
    private let connection = Atomic<CInt>(-1)
    private let isCancelled = Atomic(false)
    let port: Int
    let seen = DispatchSemaphore(value: 0)

    static func chunk(_ index: Int) -> String {
        let event = "data: \(index)\n"
        return "\(String(event.utf8.count, radix: 16))\r\n\(event)\r\n"
    }

    init(events: Int) throws {
        self.events = events
        let bound = try LoopbackSocket.listen(backlog: 1)
        listener = bound.descriptor
        port = Int(bound.port)
    }

    deinit { close(listener) }

    struct Counts {
        /// Segments with data.
        var sent = 0
        /// All of them.
        var received = 0
        /// Windows of events that were surely fast to the gateway.
        var fastWindows = 0
    }

    /// Serves one request, on a thread of its own.
    func serve() async throws -> Counts {
        let counts = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let thread = Thread { continuation.resume(returning: self.serveNow()) }
                thread.start()
            }
        } onCancel: {
            isCancelled.store(true, ordering: .relaxed)
            shutdown(listener, CInt(SHUT_RDWR))
            shutdown(connection.load(ordering: .relaxed), CInt(SHUT_RDWR))
            seen.signal()
        }
        return try #require(counts)
    }

    private func serveNow() -> Counts? {
        let connection = accept(listener, nil, nil)
        self.connection.store(connection, ordering: .relaxed)
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
        var counts = Counts()
        write("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n")
        var windowBegan = ContinuousClock.now
        for index in 0..<events {
            write(Self.chunk(index))
            seen.wait()
            if isCancelled.load(ordering: .relaxed) { return nil }
            if (index + 1).isMultiple(of: AcknowledgementPace.window) {
                let now = ContinuousClock.now
                // The gateway's windows lie across two of these.
                let limit = AcknowledgementPace.longestGap * AcknowledgementPace.window / 2
                if now - windowBegan < limit { counts.fastWindows += 1 }
                windowBegan = now
            }
        }
        // tcpi_segs_in and tcpi_data_segs_out of struct tcp_info (linux/tcp.h), which the libc's own ends before.
        var info = [UInt32](repeating: 0, count: 64)
        var length = socklen_t(256)
        getsockopt(connection, CInt(IPPROTO_TCP), TCP_INFO, &info, &length)
        counts.sent = Int(info[39])
        counts.received = Int(info[35])
        return length >= 160 ? counts : nil
    }
}
