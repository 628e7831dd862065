import Foundation

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// A connection that says what a test says, closed at its end.
final class Connection: Sendable {
    private let descriptor: Int32

    init(to port: Int) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = Self.address(port)
        let connected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard connected == 0 else { throw POSIXError(.ECONNREFUSED) }
    }

    deinit { close(descriptor) }

    /// A port of this machine.
    static func address(_ port: Int) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        return address
    }

    func say(_ text: String) {
        let bytes = Array(text.utf8)
        _ = write(descriptor, bytes, bytes.count)
    }

    /// The status of the answer to a request, whose body is read to its end; nil where none comes.
    ///
    /// - Parameters:
    ///   - method: GET or POST.
    ///   - path: the target.
    ///   - body: what is sent with it.
    /// - Returns: once the answer is whole.
    func ask(_ method: String, _ path: String, body: String = "") async -> Int? {
        say("\(method) \(path) HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
        return await withCheckedContinuation { continuation in
            DispatchQueue.global().async { continuation.resume(returning: self.status()) }
        }
    }

    private func status() -> Int? {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            guard count > 0 else { return nil }
            bytes += buffer[..<count]
            let text = String(decoding: bytes, as: UTF8.self)
            guard let end = text.range(of: "\r\n\r\n") else { continue }
            let head = text[..<end.lowerBound].lowercased()
            let length = head.firstMatch(of: /content-length: ([0-9]+)/).flatMap { Int($0.1) }
            guard let length, text[end.upperBound...].utf8.count >= length else { continue }
            return head.firstMatch(of: /http\/1.1 ([0-9]{3})/).flatMap { Int($0.1) }
        }
    }
}
