// Whether a request's path leaves the base path of its upstream.
//
// What: with `stable.url: http://host/base`, the base path is written before the client's path. Where stable's server resolves
// `..`, the result could lie outside the base path, in a part that the operator did not mean to publish.
// How: any segment `..` is refused, wherever it stands: servers differ in what it removes (empty segments, encoded slashes),
// and no client of a model server needs one. Paths are read as the most lenient servers do: percent-encoding undone up to
// three times, overlong UTF-8 decoded, a backslash as a slash, a segment ending at `;`, controls and blanks left out.
// Limits: without a base path nothing is checked; no byte is ever changed.

import NIOCore

extension RequestHead {
    /// Whether the path, apart from its query, has a segment that names the parent.
    var climbs: Bool {
        fields.bytes.withUnsafeReadableBytes { bytes in
            let target = bytes[line.target]
            let path = target.prefix { $0 != UInt8(ascii: "?") }
            guard path.contains(where: { $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "%") }) else { return false }
            var octets = Array(path)
            for _ in 0..<3 {
                if Self.hasParentSegment(octets) { return true }
                guard octets.contains(UInt8(ascii: "%")) else { return false }
                octets = Self.percentDecoded(octets)
            }
            return Self.hasParentSegment(octets)
        }
    }

    private static func hasParentSegment(_ path: [UInt8]) -> Bool {
        // Dots at the start of the segment; nil once another byte came.
        var dots: Int? = 0
        for octet in path {
            switch octet {
            case UInt8(ascii: "/"), UInt8(ascii: "\\"):
                if dots == 2 { return true }
                dots = 0
            case UInt8(ascii: ";"):
                if dots == 2 { return true }
                dots = nil
            case UInt8(ascii: "."): dots = dots.map { $0 + 1 }
            case 0...0x20, 0x7f: break
            default: dots = nil
            }
        }
        return dots == 2
    }

    private static func percentDecoded(_ path: [UInt8]) -> [UInt8] {
        var decoded: [UInt8] = []
        decoded.reserveCapacity(path.count)
        var index = 0
        while index < path.count {
            if path[index] == UInt8(ascii: "%"), index + 2 < path.count, let high = Octet.hexValue(path[index + 1]),
                let low = Octet.hexValue(path[index + 2])
            {
                decoded.append(UInt8(high << 4 | low))
                index += 3
            } else {
                decoded.append(path[index])
                index += 1
            }
            // C0 and C1 never begin a character (RFC 3629); old decoders read ASCII from them.
            if decoded.count > 1, decoded[decoded.count - 2] & 0xfe == 0xc0, decoded[decoded.count - 1] & 0xc0 == 0x80 {
                let low = decoded.removeLast()
                decoded[decoded.count - 1] = decoded[decoded.count - 1] << 6 | low & 0x3f
            }
        }
        return decoded
    }
}
