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
    var isInHead: Bool { if case .head = place { true } else { false } }

    /// Reads on; bytes after the answer's end are not expected and not read.
    mutating func scan(_ bytes: UnsafeRawBufferPointer) {
        var position = 0
        if case .head = place {
            while position < bytes.count {
                head.append(bytes[position])
                position += 1
                if head.last == 0x0a, head.count >= 4, head.suffix(4).elementsEqual([0x0d, 0x0a, 0x0d, 0x0a]) {
                    readHead()
                    break
                }
            }
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

    private mutating func readHead() {
        let lines = String(decoding: head, as: UTF8.self).split(separator: "\r\n")
        status = lines.first.flatMap { Int($0.dropFirst(9).prefix(3)) } ?? 0
        place = .untilClose
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { continue }
            let value = line[line.index(after: colon)...].drop(while: { $0 == " " }).lowercased()
            switch line[..<colon].lowercased() {
            case "content-length":
                let length = Int(value) ?? 0
                place = length == 0 ? .done : .counted(rest: length)
            case "transfer-encoding" where value.hasSuffix("chunked"): place = .chunked
            default: break
            }
        }
        // Where there is no body before it, the last chunk stands at the body's very start.
        tail = 0x0d0a
        head = []
    }
}
