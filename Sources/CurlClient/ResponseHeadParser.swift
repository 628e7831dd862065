/// Puts a response head together from the lines that libcurl hands over one by one.
///
/// libcurl has checked the framing; what is left is to skip interim heads and trailers.
struct ResponseHeadParser {
    private var current: CurlHead?
    private(set) var isComplete = false

    /// Takes one line, its line break included; returns the head when the line completes the final one.
    mutating func line(_ bytes: some Collection<UInt8>) -> CurlHead? {
        // Lines after the final head are trailers.
        guard !isComplete else { return nil }
        let text =
            String(decoding: bytes, as: UTF8.self)
            .split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
        if text.isEmpty {
            guard let head = current, head.status >= 200 else {
                current = nil
                return nil
            }
            isComplete = true
            return head
        }
        if current == nil {
            let parts = text.split(separator: " ", maxSplits: 2)
            guard text.hasPrefix("HTTP/"), parts.count >= 2, let status = Int(parts[1]) else { return nil }
            current = CurlHead(status: status, fields: [])
        } else if let colon = text.firstIndex(of: ":") {
            let name = String(text[..<colon])
            current?.fields.append(
                CurlField(name: name, value: text[text.index(after: colon)...].trimmingBlanks())
            )
        }
        return nil
    }
}
