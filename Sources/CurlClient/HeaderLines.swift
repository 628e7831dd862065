// The request's fields in the form of CURLOPT_HTTPHEADER.
//
// libcurl adds fields of its own (Accept, Content-Type on POST, Expect on large bodies) unless the list has a line of
// the form `Name:`, which suppresses them. A field with an empty value is written `Name;`. libcurl does not check values:
// a line break in one would smuggle a field, so it is refused here.

/// The lines for libcurl's header list, or nil where a field cannot be sent.
func headerLines(_ headers: [(String, String)], hasBody: Bool) -> [String]? {
    var lines: [String] = []
    var given: Set<String> = []
    for (name, value) in headers {
        guard isToken(name), isFieldValue(value) else { return nil }
        let lowered = name.lowercased()
        // libcurl frames the body itself; a second length could only contradict it.
        if lowered == "content-length" || lowered == "transfer-encoding" { continue }
        given.insert(lowered)
        let trimmed = value.trimmingBlanks()
        lines.append(trimmed.isEmpty ? "\(name);" : "\(name): \(trimmed)")
    }
    let added = hasBody ? ["Accept", "Expect", "Content-Type"] : ["Accept", "Expect"]
    lines += added.filter { !given.contains($0.lowercased()) }.map { "\($0):" }
    return lines
}

/// Whether this is a token of RFC 9110 §5.6.2.
func isToken(_ text: String) -> Bool {
    !text.isEmpty
        && text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "a")...UInt8(ascii: "z"):
                true
            default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
            }
        }
}

/// Whether this can be a field's value by RFC 9110 §5.5: no control characters but tabs.
private func isFieldValue(_ text: String) -> Bool {
    text.utf8.allSatisfy { $0 == 9 || ($0 >= 32 && $0 != 127) }
}

extension String {
    /// Without the spaces and tabs at both ends.
    func trimmingBlanks() -> String {
        let isBlank: (UInt8) -> Bool = { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
        guard let first = utf8.firstIndex(where: { !isBlank($0) }),
            let last = utf8.lastIndex(where: { !isBlank($0) })
        else { return "" }
        return first == startIndex && utf8.index(after: last) == endIndex ? self : String(self[first...last])
    }
}
