/// Credentials in URLs (RFC 3986 §3.2.1) and private keys in PEM (RFC 7468).
extension Scanner {
    /// The userinfo of a URL, at the colon of its `://`.
    func credentials(at colon: Int) -> Match? {
        guard colon > floor, bytes[colon - 1].isLetter || bytes[colon - 1].isDigit else { return nil }
        // JSON may write `:\/\/`.
        let start: Int
        if has("://", at: colon) {
            start = colon + 3
        } else if has(":\\/\\/", at: colon) {
            start = colon + 5
        } else {
            return oracle(at: colon)
        }
        let limit = min(bytes.count, start + 256)
        var index = start
        var at: Int?
        while index < limit, bytes[index] > 0x20 {
            if bytes[index] == UInt8(ascii: "\\") {
                // `domain\\user` in JSON or source code; but `\\n` is a line break of JSON inside JSON.
                guard has("\\\\", at: index), byte(index + 2).isAlphanumeric, !"nrtu".utf8.contains(byte(index + 2))
                else {
                    break
                }
                index += 2
            }
            if "/?#\"'<>`{}[]|^,".utf8.contains(bytes[index]) { break }
            if bytes[index] == UInt8(ascii: "@") { at = index }
            index += 1
        }
        guard let at, at > start, byte(start) != UInt8(ascii: "$"), bytes[start..<at].contains(where: \.isAlphanumeric),
            !(at - start == 3 && has("git", at: start)), !isDocumentation(start..<at)
        else { return nil }
        if let key = knownKey(at: start), key.range == start..<at { return key }
        return Match(range: start..<at, kind: .credentials)
    }

    /// `jdbc:oracle:thin:scott/tiger@host`, at the last colon.
    private func oracle(at colon: Int) -> Match? {
        guard colon - 5 >= floor, has("thin", at: colon - 4) || has(":oci", at: colon - 4) else { return nil }
        let start = colon + 1
        var end = start
        var slash: Int?
        while end < bytes.count, end - start < 128, bytes[end] > 0x20, !"\"'<>@".utf8.contains(bytes[end]) {
            if bytes[end] == UInt8(ascii: "/"), slash == nil { slash = end }
            end += 1
        }
        guard byte(end) == UInt8(ascii: "@"), let slash, slash > start, end > slash + 1 else { return nil }
        return Match(range: start..<end, kind: .credentials)
    }

    /// `user:password`, as in every manual.
    private func isDocumentation(_ userinfo: Range<Int>) -> Bool {
        let texts: [StaticString] = ["user:password", "user:pass", "username:password", "user:passwd", "usr:pwd"]
        return texts.contains { $0.utf8CodeUnitCount == userinfo.count && has($0, at: userinfo.lowerBound) }
    }

    private static let longestPrivateKey = 16_384

    /// A PEM block from `-----BEGIN … PRIVATE KEY-----` to its end, or to the end of the text where it is cut off.
    func privateKey(at start: Int) -> Match? {
        guard has("-----BEGIN ", at: start) else { return nil }
        let limit = min(bytes.count, start + 60)
        guard let title = find("PRIVATE KEY", from: start, to: limit) else { return nil }
        guard let end = find("-----END ", from: title, to: min(bytes.count, title + Self.longestPrivateKey)),
            let tail = find("-----", from: end + 9, to: min(bytes.count, end + 60))
        else {
            let quote = bytes[title...].firstIndex(of: UInt8(ascii: "\""))
            return Match(range: start..<(quote ?? bytes.count), kind: .privateKey)
        }
        return Match(range: start..<(tail + 5), kind: .privateKey)
    }

    private func find(_ text: StaticString, from start: Int, to end: Int) -> Int? {
        var index = start
        while index + text.utf8CodeUnitCount <= end {
            if bytes[index] == text.utf8Start[0], has(text, at: index) { return index }
            index += 1
        }
        return nil
    }
}
