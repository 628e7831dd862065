// How large a buffer a connection reads into, from what it read last.
//
// Why not NIO's AdaptiveRecvByteBufferAllocator, whose rule this is: its five words do not fit into the three that an existential
// holds inline, so that each connection has them in a block of their own. A loop that serves a hundred streams finds that block in
// no cache, at every event.

import NIOCore

struct ReadBufferSize: RecvByteBufferAllocator {
    static let minimum = 64
    static let initial = 2_048
    /// Every connection may hold a read buffer, and NIO's own grow to 64 KiB; one of this size costs a loop at its limit
    /// no more system calls than it can bear, and thousands of streams a quarter of the memory.
    static let maximum = 16_384

    private var byteCount = initial
    private var wasSmall = false

    func buffer(allocator: ByteBufferAllocator) -> ByteBuffer {
        allocator.buffer(capacity: byteCount)
    }

    func nextBufferSize() -> Int? { byteCount }

    /// Doubles after a read that filled the buffer; halves after two in a row that left half of it empty.
    ///
    /// - Returns: whether it grew.
    mutating func record(actualReadBytes: Int) -> Bool {
        let half = byteCount / 2
        let isSmall = actualReadBytes <= half && half >= Self.minimum
        defer { wasSmall = isSmall && !wasSmall }
        if isSmall {
            if wasSmall { byteCount = half }
            return false
        }
        guard actualReadBytes >= byteCount, byteCount < Self.maximum else { return false }
        byteCount *= 2
        return true
    }
}
