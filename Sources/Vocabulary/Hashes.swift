/// The keyed hash of a canonical request: HMAC-SHA-256, 32 bytes.
///
/// Equal prompts have equal hashes within a deployment; without the key no dictionary attack is possible. Imported
/// pairs may carry any hexadecimal string.
package struct PromptHash: Sendable, Hashable, CustomStringConvertible {
    /// Lower-case hexadecimal.
    package let hex: String

    package init(hex: String) {
        self.hex = hex
    }

    /// - Parameter bytes: the digest.
    package init(bytes: some Sequence<UInt8>) {
        hex = hexadecimal(bytes)
    }

    package var description: String { hex }
}

/// The keyed hash of a session's identifier: HMAC-SHA-256, the first 16 bytes.
package struct SessionHash: Sendable, Hashable, CustomStringConvertible {
    /// Lower-case hexadecimal.
    package let hex: String

    package init(hex: String) {
        self.hex = hex
    }

    /// - Parameter bytes: the digest.
    package init(bytes: some Sequence<UInt8>) {
        hex = hexadecimal(bytes)
    }

    package var description: String { hex }
}

/// Lower-case hexadecimal of some bytes.
package func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
    var text: [UInt8] = []
    text.reserveCapacity(bytes.underestimatedCount * 2)
    func append(_ digit: UInt8) { text.append(digit < 10 ? 48 + digit : 87 + digit) }
    for byte in bytes {
        append(byte >> 4)
        append(byte & 15)
    }
    return String(decoding: text, as: UTF8.self)
}
