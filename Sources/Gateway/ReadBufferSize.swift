// The size of the buffer that a connection reads into, from its last reads.
//
// Why not NIO's AdaptiveRecvByteBufferAllocator, which has the same rule: its five words do not fit into the three that an
// existential holds inline, so each connection has them in a separate block. With a hundred streams on a loop, that block is
// in no cache, at every event.

import NIOCore

struct ReadBufferSize: RecvByteBufferAllocator {
    static let minimum = 64
    static let initial = 2_048
    /// The largest buffer, in bytes.
    ///
    /// Every connection may hold a read buffer. NIO's own grow to 64 KiB; with this size thousands of streams take a quarter of
    /// that memory, and a loop at its limit can bear the additional system calls.
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
