import Foundation

/// A connection over which a test sends any bytes; its reads block, so they have a thread of their own.
package final class RawConnection: Sendable {
    private let descriptor: Int32

    /// - Throws: `POSIXError` where nobody listens.
    package init(to port: Int) throws {
        descriptor = try LoopbackSocket.connect(to: port)
    }

    deinit { Foundation.close(descriptor) }

    package func send(_ text: String) {
        let bytes = Array(text.utf8)
        _ = Foundation.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    }

    /// All that comes until the other side closes.
    package func readToEnd() async -> String {
        await read { _ in false }
    }

    /// What comes until it contains some words, or the other side closes.
    package func read(through words: String) async -> String {
        await read { $0.contains(words) }
    }

    /// The status of the answer to a request, whose body is read to its end; nil where none comes.
    ///
    /// - Parameters:
    ///   - method: GET or POST.
    ///   - path: the target.
    ///   - body: what is sent with it.
    /// - Returns: once the answer is whole, which has a Content-Length.
    package func ask(_ method: String, _ path: String, body: String = "") async -> Int? {
        send("\(method) \(path) HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
        return Self.status(await read { Self.status($0) != nil })
    }

    /// Nil where the text is not a whole answer.
    private static func status(_ text: String) -> Int? {
        guard let end = text.range(of: "\r\n\r\n") else { return nil }
        let head = text[..<end.lowerBound].lowercased()
        let length = head.firstMatch(of: /content-length: ([0-9]+)/).flatMap { Int($0.1) }
        guard let length, text[end.upperBound...].utf8.count >= length else { return nil }
        return head.firstMatch(of: /http\/1.1 ([0-9]{3})/).flatMap { Int($0.1) }
    }

    private func read(until isEnough: @escaping @Sendable (String) -> Bool) async -> String {
        await withCheckedContinuation { continuation in
            Thread { [self] in
                var all: [UInt8] = []
                var buffer = [UInt8](repeating: 0, count: 4_096)
                while !isEnough(String(decoding: all, as: UTF8.self)) {
                    let count = recv(descriptor, &buffer, buffer.count, 0)
                    guard count > 0 else { break }
                    all += buffer[..<count]
                }
                continuation.resume(returning: String(decoding: all, as: UTF8.self))
            }.start()
        }
    }
}
