import Crypto
import Foundation
package import Vocabulary

/// Every keyed hash that mirroring takes; the key never leaves this value.
///
/// HMAC-SHA-256 throughout. Each use has a prefix of its own, so that values of different uses are unrelated; a canonical
/// request needs none, because it begins with a brace.
package struct KeyedHash: Sendable {
    /// Initialised with the key; each hash starts from a copy, which saves half of its work.
    private let begun: HMAC<SHA256>

    /// - Parameter key: 32 random bytes, the content of `key_file`.
    package init(key: [UInt8]) {
        begun = HMAC<SHA256>(key: SymmetricKey(data: key))
    }

    /// The hash by which a session is known.
    package func session(_ id: String) -> SessionHash {
        SessionHash(bytes: authenticated(["session", id]).prefix(16))
    }

    /// The hash by which a prompt is known.
    package func prompt(canonicalRequest bytes: [UInt8]) -> PromptHash {
        PromptHash(bytes: authenticated(bytes))
    }

    /// The hash by which a prompt is known, of a canonical request given in pieces.
    package func prompt(canonicalPieces forEachPiece: (([UInt8]) -> Void) -> Void) -> PromptHash {
        var authenticator = begun
        forEachPiece { authenticator.update(data: $0) }
        return PromptHash(bytes: authenticator.finalize())
    }

    /// A session's draw for the mirror.
    package func sampleDraw(seed: String, session: String) -> Draw {
        draw(["sample", seed, session])
    }

    /// A session's draw for the control; independent of `sampleDraw`.
    package func controlDraw(seed: String, session: String) -> Draw {
        draw(["control", seed, session])
    }

    private func draw(_ parts: [String]) -> Draw {
        Draw(bits: authenticated(parts).prefix(8).reduce(0) { $0 << 8 | UInt64($1) })
    }

    /// The hash of the parts, separated by zero bytes; the parts, which may be long, are not copied.
    private func authenticated(_ parts: [String]) -> HMAC<SHA256>.MAC {
        var authenticator = begun
        for (index, part) in parts.enumerated() {
            if index > 0 { authenticator.update(data: Self.separator) }
            var part = part
            part.withUTF8 { authenticator.update(data: $0) }
        }
        return authenticator.finalize()
    }

    private static let separator: [UInt8] = [0]

    private func authenticated(_ message: [UInt8]) -> HMAC<SHA256>.MAC {
        var authenticator = begun
        authenticator.update(data: message)
        return authenticator.finalize()
    }
}

/// A uniform draw, the same wherever key, seed and session are the same.
package struct Draw: Sendable, Hashable {
    /// 64 uniform bits.
    package let bits: UInt64

    /// The draw of a session without identifier, which cannot come again.
    static func random() -> Draw { Draw(bits: .random(in: .min ... .max)) }

    /// Uniform in [0, 1), on the grid of 2⁻⁵³.
    package var unit: Double { Double(bits >> 11) * 0x1p-53 }

    /// Whether this draw is among the share `rate`; always for 1, never for 0.
    package func isWithin(_ rate: Double) -> Bool { unit < rate }
}
