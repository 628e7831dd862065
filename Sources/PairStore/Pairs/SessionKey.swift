import Foundation
package import Vocabulary

/// What the sessions of pairs are told apart by: 128 bits, the same in every replica's store.
///
/// A pair without a session is a session of its own, with a key made from the pair's id.
package struct SessionKey: Sendable, Hashable, Comparable {
    package let high: UInt64
    package let low: UInt64

    /// The key of a session's hash.
    package init(_ session: SessionHash) {
        switch HashValue(hex: session.hex) {
        case .bytes(let data): self.init(column: data)
        case .text(let text): self.init(column: Data(text.utf8))
        }
    }

    /// The key of a pair that has no session.
    ///
    /// - Parameter pairID: the pair's `id`.
    package init(pairWithoutSession pairID: String) {
        self.init(pairWithoutSession: PairKey(pairID))
    }

    /// The key of a pair that has no session.
    package init(pairWithoutSession pair: PairKey) {
        // Other bits than those of a session that is called like the pair.
        self.init(high: ~pair.high, low: pair.low)
    }

    /// What the column `session.hash` holds: our own hashes have 16 bytes, imported ones any text.
    init(column: Data) {
        let (high, low) = column.withUnsafeBytes { bytes in
            guard bytes.count == 16 else { return digest(bytes) }
            func word(_ offset: Int) -> UInt64 {
                UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
            }
            return (word(0), word(8))
        }
        self.init(high: high, low: low)
    }

    private init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    package static func < (left: SessionKey, right: SessionKey) -> Bool {
        (left.high, left.low) < (right.high, right.low)
    }
}

/// What pairs are told apart by: 128 bits made from the pair's id, the same in every store that holds the pair.
package struct PairKey: Sendable, Hashable {
    package let high: UInt64
    package let low: UInt64

    /// The key of a pair's `id`.
    package init(_ id: String) {
        (high, low) = digest(id.utf8)
    }

    init(column: Data) {
        (high, low) = column.withUnsafeBytes { digest($0) }
    }
}

/// Two FNV-1a hashes that begin differently.
private func digest(_ bytes: some Sequence<UInt8>) -> (UInt64, UInt64) {
    var high: UInt64 = 0xCBF2_9CE4_8422_2325
    var low: UInt64 = 0x6C62_272E_07BB_0142
    for byte in bytes {
        high = (high ^ UInt64(byte)) &* 0x100_0000_01B3
        low = (low ^ UInt64(byte &+ 0x5A)) &* 0x100_0000_01B3
    }
    return (high, low)
}
