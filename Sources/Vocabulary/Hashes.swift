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
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    for byte in bytes {
        text.append(digits[Int(byte >> 4)])
        text.append(digits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
}
