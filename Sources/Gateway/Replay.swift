// The bytes of a request that are kept while it may have to be sent again.
//
// On a kept connection: until the first byte of an answer, because such a connection can be lost under a request
// (`ExchangeState`). On a fresh one: until it is open. The bytes are counted in the loop's sum (`GatewayLoop.replayByteCount`).

import NIOCore

struct Replay {
    /// Body bytes beyond this wait in the kernel while there is no connection, TLS handshake included.
    static let unconnectedLimit = 256 * 1024
    /// The same where the loop's sum is at its limit.
    static let crowdedLimit = 16 * 1024
    /// The overhead of a buffer, in bytes.
    private static let sliceByteCount = 128

    private(set) var slices: [ByteBuffer] = []
    /// Their memory: each is counted with the whole buffer that it was read into.
    private(set) var byteCount = 0
    /// Whether sent bytes are kept.
    private(set) var isKept = true

    /// Keeps sent bytes.
    ///
    /// - Returns: The memory that this takes.
    mutating func append(_ bytes: ByteBuffer) -> Int {
        slices.append(bytes)
        let added = bytes.storageCapacity + Self.sliceByteCount
        byteCount += added
        return added
    }

    /// Drops the bytes: nothing has to be sent again, now or later.
    ///
    /// - Returns: The memory that was kept.
    mutating func end() -> Int {
        let freed = byteCount
        slices = []
        byteCount = 0
        isKept = false
        return freed
    }

    /// Whether reading pauses for a request that has no connection yet.
    ///
    /// - Parameter hasRoom: Whether the loop may keep more for its clients.
    /// - Returns: Whether it is more than may be kept.
    func holdsClientBack(hasRoom: Bool) -> Bool {
        byteCount > (hasRoom ? Self.unconnectedLimit : Self.crowdedLimit)
    }

    /// Whether too much is kept of a request that is on its way.
    ///
    /// - Parameters:
    ///   - limit: `GatewayConfiguration.replayLimit`.
    ///   - hasRoom: Whether the loop may keep more for its clients.
    /// - Returns: Whether it is more than may be kept.
    func isTooMuch(limit: Int, hasRoom: Bool) -> Bool {
        !hasRoom || byteCount > 2 * limit
    }
}
