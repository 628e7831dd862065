// A scripted HTTP server on 127.0.0.1 with blocking sockets and a thread a connection.
//
// Blocking, so that a script reads top to bottom and each fault (a reset, a cut, silence) happens exactly where it is
// written; nothing in it sleeps: a server that hangs waits for its peer to leave.

import Foundation
import Synchronization
import Threads

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

package final class LoopbackServer: Sendable {
    package let port: UInt16
    private let listener: Int32
    private let open = Locked<(descriptors: Set<Int32>, isStopped: Bool)>(([], false))
    private let accepted = Atomic<Int>(0)

    package var url: String { "http://127.0.0.1:\(port)" }
    package var connectionCount: Int { accepted.load(ordering: .relaxed) }

    /// Starts a server; `serve` is called on a thread of its own for each connection, which is closed when it returns.
    package init(_ serve: @escaping @Sendable (LoopbackConnection) -> Void) throws {
        let bound = try LoopbackSocket.listen(backlog: 1_024)
        listener = bound.descriptor
        port = bound.port
        let thread = Thread { [self] in accept(serve) }
        thread.start()
    }

    /// A port on which nobody listens.
    package static func refusingPort() throws -> UInt16 {
        let bound = try LoopbackSocket.listen(backlog: 1)
        close(bound.descriptor)
        return bound.port
    }

    package func stop() {
        let isFirst = open.withLock { open in
            defer { open.isStopped = true }
            // Under the lock, as they are closed under it: afterwards a number may be another test's connection.
            for descriptor in open.descriptors { shutdown(descriptor, Int32(SHUT_RDWR)) }
            return !open.isStopped
        }
        // The first one ends `accept`, which closes it.
        if isFirst { shutdown(listener, Int32(SHUT_RDWR)) }
    }

    private func accept(_ serve: @escaping @Sendable (LoopbackConnection) -> Void) {
        while true {
            let descriptor = Glibc.accept(listener, nil, nil)
            guard descriptor >= 0 else {
                if errno == EINTR || errno == ECONNABORTED { continue }
                break
            }
            accepted.add(1, ordering: .relaxed)
            let isWanted = open.withLock { open in
                if !open.isStopped { open.descriptors.insert(descriptor) }
                return !open.isStopped
            }
            guard isWanted else {
                close(descriptor)
                continue
            }
            let thread = Thread { [self] in
                serve(LoopbackConnection(descriptor))
                open.withLock { open in
                    open.descriptors.remove(descriptor)
                    close(descriptor)
                }
            }
            thread.stackSize = 256 << 10
            thread.start()
        }
        close(listener)
    }
}

package struct LoopbackRequest: Sendable {
    /// The head as it came, with its blank line.
    package var head: String
    package var body: [UInt8]

    package var line: String { head.components(separatedBy: "\r\n").first ?? "" }
    package var fields: [String] {
        head.components(separatedBy: "\r\n").dropFirst().filter { !$0.isEmpty }
    }
    package func value(_ name: String) -> String? {
        fields.first { $0.lowercased().hasPrefix(name.lowercased() + ":") }
            .map { $0.dropFirst(name.count + 1).trimmingCharacters(in: .whitespaces) }
    }
}

/// One connection, used on its thread only.
package final class LoopbackConnection {
    private let descriptor: Int32
    private var buffer: [UInt8] = []

    package init(_ descriptor: Int32) {
        self.descriptor = descriptor
    }

    /// The next request with its body, or nil when the peer has left.
    package func readRequest() -> LoopbackRequest? {
        let end = Array("\r\n\r\n".utf8)
        while true {
            if let range = buffer.firstRange(of: end) {
                let head = String(decoding: buffer[..<range.upperBound], as: UTF8.self)
                var request = LoopbackRequest(head: head, body: [])
                let length = request.value("content-length").flatMap { Int($0) } ?? 0
                while buffer.count < range.upperBound + length {
                    guard receive() else { return nil }
                }
                request.body = Array(buffer[range.upperBound..<(range.upperBound + length)])
                buffer.removeFirst(range.upperBound + length)
                return request
            }
            guard receive() else { return nil }
        }
    }

    /// Returns false when the peer has left.
    @discardableResult
    package func send(_ text: String) -> Bool {
        send(Array(text.utf8))
    }

    @discardableResult
    package func send(_ bytes: [UInt8]) -> Bool {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes { part in
                Glibc.send(descriptor, part.baseAddress, part.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            sent += count
        }
        return true
    }

    /// A complete answer with a length.
    @discardableResult
    package func answer(_ status: Int = 200, _ body: String, type: String = "application/json") -> Bool {
        send(
            "HTTP/1.1 \(status) X\r\nContent-Type: \(type)\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
        )
    }

    /// The head of a chunked answer.
    package func startChunked(type: String = "text/event-stream") {
        send("HTTP/1.1 200 OK\r\nContent-Type: \(type)\r\nTransfer-Encoding: chunked\r\n\r\n")
    }

    @discardableResult
    package func chunk(_ text: String) -> Bool {
        send("\(String(text.utf8.count, radix: 16))\r\n\(text)\r\n")
    }

    /// Makes the close that follows a reset instead of an orderly end.
    package func reset() {
        var linger = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout.size(ofValue: linger)))
    }

    /// Blocks until the peer closes or resets the connection.
    package func waitForPeerToLeave() {
        while receive() {}
    }

    private func receive() -> Bool {
        var part = [UInt8](repeating: 0, count: 65_536)
        let count = part.withUnsafeMutableBytes { recv(descriptor, $0.baseAddress, $0.count, 0) }
        guard count > 0 else { return false }
        buffer += part[..<count]
        return true
    }
}
