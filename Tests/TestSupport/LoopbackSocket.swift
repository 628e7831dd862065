import Foundation

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// TCP sockets on 127.0.0.1; whoever makes one closes its descriptor.
package enum LoopbackSocket {
    /// A listening socket on a port of the system's choice.
    ///
    /// - Parameter backlog: connections that wait to be accepted (listen(2)).
    /// - Returns: its descriptor and the port.
    /// - Throws: `POSIXError` where there is no descriptor or no port left.
    package static func listen(backlog: Int32) throws -> (descriptor: Int32, port: UInt16) {
        let descriptor = try make()
        var address = address(port: 0)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isListening = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                Foundation.bind(descriptor, generic, length) == 0 && Foundation.listen(descriptor, backlog) == 0
                    && getsockname(descriptor, generic, &length) == 0
            }
        }
        guard isListening else {
            close(descriptor)
            throw POSIXError(.EADDRINUSE)
        }
        return (descriptor, UInt16(bigEndian: address.sin_port))
    }

    /// A connection.
    ///
    /// - Parameters:
    ///   - port: where somebody listens.
    ///   - waits: whether to wait until it is established; otherwise the socket does not block.
    /// - Returns: its descriptor.
    /// - Throws: `POSIXError` where there is no descriptor left, or, if it waits, where nobody listens.
    package static func connect(to port: Int, waits: Bool = true) throws -> Int32 {
        let descriptor = try make(waits ? 0 : Int32(SOCK_NONBLOCK.rawValue))
        let result = withUnsafePointer(to: address(port: port)) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Foundation.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 || !waits else {
            close(descriptor)
            throw POSIXError(.ECONNREFUSED)
        }
        return descriptor
    }

    private static func make(_ flags: Int32 = 0) throws -> Int32 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | flags, 0)
        guard descriptor >= 0 else { throw POSIXError(.EMFILE) }
        return descriptor
    }

    private static func address(port: Int) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        return address
    }
}
