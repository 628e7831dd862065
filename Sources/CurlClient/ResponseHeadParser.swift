/// Puts a response head together from the lines that libcurl hands over one by one.
///
/// libcurl has checked the framing; this skips interim heads and trailers.
///
/// Some versions of libcurl bound only the line: fields beyond `maximumBytes` are left out.
struct ResponseHeadParser {
    /// More than any client or proxy takes (nginx: 4 KiB, Go: 1 MiB with its body still to come).
    static let maximumBytes = 64 << 10

    private var current: CurlHead?
    private var heldBytes = 0
    private(set) var isComplete = false

    /// Takes one line, its line break included; returns the head when the line completes the final one.
    mutating func line(_ bytes: some Collection<UInt8>) -> CurlHead? {
        // Lines after the final head are trailers.
        guard !isComplete else { return nil }
        let line = bytes.prefix { $0 != UInt8(ascii: "\r") && $0 != UInt8(ascii: "\n") }
        if line.isEmpty {
            guard let head = current, head.status >= 200 else {
                current = nil
                heldBytes = 0
                return nil
            }
            isComplete = true
            return head
        }
        heldBytes += line.count
        guard heldBytes <= Self.maximumBytes else { return nil }
        if current == nil {
            let parts = String(decoding: line, as: UTF8.self).split(separator: " ", maxSplits: 2)
            guard line.starts(with: "HTTP/".utf8), parts.count >= 2, let status = Int(parts[1]) else { return nil }
            current = CurlHead(status: status, fields: [])
        } else if let colon = line.firstIndex(of: UInt8(ascii: ":")) {
            let name = String(decoding: line[..<colon], as: UTF8.self)
            let value = String(decoding: line[line.index(after: colon)...], as: UTF8.self)
            current?.fields.append(CurlField(name: name, value: value.trimmingBlanks()))
        }
        return nil
    }
}
