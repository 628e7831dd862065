// Finds the end of an answer and the events within it, reading every byte once.
//
// It trusts its peers, which are proxies under measurement on this machine: one head, then a body by Content-Length, by
// chunks or until the end of the connection. Server-sent events are counted by the empty line that ends each; the servers
// used here never split one between two chunks.

/// One answer's bytes as they arrive.
struct AnswerScanner {
    private enum Place {
        case head
        case counted(rest: Int)
        case chunked
        case untilClose
        case done
    }

    private var place = Place.head
    private var head: [UInt8] = []
    private var tail: UInt64 = 0
    private(set) var status = 0
    /// FNV-1a of the body as it came (chunk framing included, as proxies may frame anew; compare counted bodies only).
    private(set) var bodyHash: UInt64 = 0xcbf2_9ce4_8422_2325
    private(set) var bodyBytes = 0
    private(set) var events = 0

    var isDone: Bool { if case .done = place { true } else { false } }
    var isUntilClose: Bool { if case .untilClose = place { true } else { false } }

    /// Reads on; bytes after the answer's end are not expected and not read.
    mutating func scan(_ bytes: UnsafeRawBufferPointer) {
        var position = 0
        if case .head = place {
            while position < bytes.count, !isHeadWhole {
                head.append(bytes[position])
                position += 1
            }
            if isHeadWhole { readHead() }
        }
        switch place {
        case .head, .done: return
        case .counted(let rest):
            let count = min(rest, bytes.count - position)
            for byte in bytes[position..<(position + count)] { take(byte) }
            place = rest == count ? .done : .counted(rest: rest - count)
        case .chunked:
            for byte in bytes[position...] { take(byte) }
            // "0\r\n\r\n" after a line's end: the last chunk.
            if tail & 0xff_ffff_ffff_ffff == 0x0d0a_300d_0a0d_0a { place = .done }
        case .untilClose:
            for byte in bytes[position...] { take(byte) }
        }
    }

    private mutating func take(_ byte: UInt8) {
        if byte == 0x0a, tail & 0xff == 0x0a { events += 1 }
        tail = tail << 8 | UInt64(byte)
        bodyHash = (bodyHash ^ UInt64(byte)) &* 0x100_0000_01b3
        bodyBytes += 1
    }

    private var isHeadWhole: Bool {
        let count = head.count
        return count >= 4 && head[count - 1] == 0x0a && head[count - 2] == 0x0d && head[count - 3] == 0x0a
            && head[count - 4] == 0x0d
    }

    private mutating func readHead() {
        status = Int(String(decoding: head.dropFirst(9).prefix(3), as: UTF8.self)) ?? 0
        place = .untilClose
        // Lines are looked at as bytes: strings of all would cost more than all else that a request does here.
        var line = head[...]
        while let end = line.firstIndex(of: 0x0a) {
            if let length = value(of: Self.contentLength, in: line[..<end]) {
                let length = Int(length) ?? 0
                place = length == 0 ? .done : .counted(rest: length)
            } else if let coding = value(of: Self.transferEncoding, in: line[..<end]),
                coding.lowercased().hasSuffix("chunked")
            {
                place = .chunked
            }
            line = line[(end + 1)...]
        }
        // Where there is no body before it, the last chunk stands at the body's very start.
        tail = 0x0d0a
        head = []
    }

    private static let contentLength = Array("content-length:".utf8)
    private static let transferEncoding = Array("transfer-encoding:".utf8)

    /// What stands behind a name, given in small letters with its colon; nil on any other line.
    private func value(of name: [UInt8], in line: ArraySlice<UInt8>) -> String? {
        guard line.count > name.count else { return nil }
        for (offset, byte) in name.enumerated() where line[line.startIndex + offset] | 0x20 != byte { return nil }
        let value = line.dropFirst(name.count).drop { $0 == 0x20 }
        return String(decoding: value.last == 0x0d ? value.dropLast() : value, as: UTF8.self)
    }
}
