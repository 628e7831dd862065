// What is kept of a request while it may have to be sent again.
//
// On a kept connection: until a byte of an answer came, since such a connection can die under a request (`ExchangeState`). On a
// fresh one: until it is there. What is kept is counted in the sum of its loop (`GatewayLoop.replayByteCount`).

import NIOCore

struct Replay {
    /// Body bytes beyond this wait in the kernel while there is no connection, TLS handshake included.
    static let unconnectedLimit = 256 * 1024
    /// The same where the loop holds as much for its clients as it may.
    static let crowdedLimit = 16 * 1024
    /// What a buffer costs beside its bytes.
    private static let sliceByteCount = 128

    private(set) var slices: [ByteBuffer] = []
    /// The memory that they keep: each is counted with the whole buffer that it was read into.
    private(set) var byteCount = 0
    /// Whether what is sent is kept.
    private(set) var isKept = true

    /// Keeps what is sent.
    ///
    /// - Returns: The memory that this takes.
    mutating func append(_ bytes: ByteBuffer) -> Int {
        slices.append(bytes)
        let added = bytes.storageCapacity + Self.sliceByteCount
        byteCount += added
        return added
    }

    /// Nothing has to be sent again, now or later.
    ///
    /// - Returns: The memory that was kept.
    mutating func end() -> Int {
        let freed = byteCount
        slices = []
        byteCount = 0
        isKept = false
        return freed
    }

    /// Whether nothing more is to be read of a request that has no connection yet.
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
