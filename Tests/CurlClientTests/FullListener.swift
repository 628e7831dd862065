import Foundation
import TestSupport

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// A port that drops SYNs: it never accepts, and its backlog is full.
final class FullListener {
    let port: UInt16
    private var descriptors: [Int32] = []

    init() throws {
        let listener = try LoopbackSocket.listen(backlog: 0)
        port = listener.port
        descriptors.append(listener.descriptor)
        // A backlog of 0 holds one connection; the second one stays unanswered.
        for _ in 0..<4 { descriptors.append(try LoopbackSocket.connect(to: Int(port), waits: false)) }
    }

    deinit {
        for descriptor in descriptors { close(descriptor) }
    }
}
