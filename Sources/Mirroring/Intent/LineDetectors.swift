/// Finds lines of a log, or a stack trace.
///
/// Catches: a line that begins with a date and a time of day (ISO 8601, syslog, Apache, or a time alone) and names a
/// level, or three lines that begin so without one; Python, Java, JavaScript and Rust stack traces.
///
/// Misses: logs without times, JSON logs (they are JSON). A chat transcript with three or more stamped lines looks
/// like a log and is taken for one.
enum LogDetector {
    static func isIn(_ lines: ArraySlice<Substring>) -> Bool {
        var stamped = 0
        var frames = 0
        for line in lines {
            let trimmed = line.drop { $0 == " " || $0 == "\t" || $0 == ">" }
            if trimmed.hasPrefix("Traceback (most recent call last)") { return true }
            if isFrame(trimmed) { frames += 1 }
            if frames >= 2 { return true }
            guard beginsWithTime(trimmed) else { continue }
            stamped += 1
            if stamped >= 3 || namesLevel(trimmed) { return true }
        }
        return false
    }

    private static let levels: Set<Substring> = [
        "TRACE", "DEBUG", "INFO", "NOTICE", "WARN", "WARNING", "ERROR", "ERR", "FATAL", "CRITICAL", "PANIC", "SEVERE",
    ]

    private static func namesLevel(_ line: Substring) -> Bool {
        let words = line.split(maxSplits: 12) { !$0.isLetter && $0 != "=" }
        return words.contains { levels.contains($0) || $0.hasPrefix("level=") }
    }

    /// `at f (file:1)`, `File "x", line 1`, `thread 'main' panicked at`.
    private static func isFrame(_ line: Substring) -> Bool {
        (line.hasPrefix("at ") && line.contains(":") && (line.contains("(") || line.contains("/")))
            || (line.hasPrefix("File \"") && line.contains("\", line "))
    }

    /// Whether a time of day stands within the first 40 characters, with nothing before it but a date, a bracket or
    /// an address.
    private static func beginsWithTime(_ line: Substring) -> Bool {
        let head = Array(line.utf8.prefix(40))
        for start in head.indices where isTime(head[start...]) {
            return isPreamble(head[..<start])
        }
        return false
    }

    /// `06:18:25` or, only at a line's very beginning or in brackets, `06:18`.
    private static func isTime(_ bytes: ArraySlice<UInt8>) -> Bool {
        let start = bytes.startIndex
        func isDigit(_ offset: Int) -> Bool { bytes[start + offset] >= 48 && bytes[start + offset] <= 57 }
        func isColon(_ offset: Int) -> Bool { bytes[start + offset] == UInt8(ascii: ":") }
        guard bytes.count >= 5, isColon(2), isDigit(0), isDigit(1), isDigit(3), isDigit(4) else { return false }
        return bytes.count >= 8 && isColon(5) && isDigit(6)
            || bytes.count > 5 && bytes[start + 5] == UInt8(ascii: "]")
    }

    private static func isPreamble(_ bytes: ArraySlice<UInt8>) -> Bool {
        // Digits and punctuation of a date or an address; letters only as the names of months and days, or ISO's T.
        let letters = bytes.count { ($0 | 32) >= 97 && ($0 | 32) <= 122 }
        let digits = bytes.count { $0 >= 48 && $0 <= 57 }
        return bytes.isEmpty || bytes.elementsEqual("[".utf8) || (letters <= 6 && digits >= 1)
    }
}

/// A block between ``` or ~~~ lines.
struct CodeFence {
    /// The word behind the opening fence, lower case; empty where there is none.
    var language: String
    var lines: ArraySlice<Substring>

    static func found(in lines: ArraySlice<Substring>) -> [CodeFence] {
        var fences: [CodeFence] = []
        var opened: (language: String, first: Int)?
        for (index, line) in zip(lines.indices, lines) {
            let trimmed = line.drop { $0 == " " }
            guard trimmed.hasPrefix("```") || trimmed.hasPrefix("~~~") else { continue }
            if let fence = opened {
                fences.append(CodeFence(language: fence.language, lines: lines[fence.first..<index]))
                opened = nil
            } else {
                let word = trimmed.dropFirst(3).prefix { !$0.isWhitespace }
                opened = (word.lowercased(), index + 1)
            }
        }
        if let opened {
            fences.append(CodeFence(language: opened.language, lines: lines[min(opened.first, lines.endIndex)...]))
        }
        return fences
    }
}

/// Finds programme text.
///
/// Catches: a fenced block that names a language, or of which at least half the lines look like code; without a
/// fence, three lines that look like code, among any ten in a row. Looking like code: ending in `{`, `}`, `;`, `=>`
/// or `):`, a keyword of a common language at the beginning with what belongs to it, SQL clauses, a tag.
///
/// Misses: one-liners outside a fence, languages without such marks (APL, plain shell commands).
enum CodeDetector {
    /// Languages of fences that are not programme text.
    private static let data: Set<String> = [
        "json", "jsonl", "csv", "tsv", "text", "txt", "plain", "plaintext", "log", "logs", "markdown", "md", "output",
        "console",
    ]

    static func isIn(_ lines: ArraySlice<Substring>, fences: [CodeFence]) -> Bool {
        for fence in fences {
            let filled = fence.lines.filter { !$0.allSatisfy(\.isWhitespace) }
            guard !filled.isEmpty, !data.contains(fence.language) else { continue }
            if !fence.language.isEmpty || filled.count(where: looksLikeCode) * 2 >= filled.count { return true }
        }
        var window: [Bool] = []
        for line in lines {
            window.append(looksLikeCode(line))
            if window.count > 10 { window.removeFirst() }
            if window.count(where: \.self) >= 3 { return true }
        }
        return false
    }

    private static func looksLikeCode(_ line: Substring) -> Bool {
        let text = String(line).trimmingEnds(of: " \t")
        guard text.utf8.count >= 2 else { return false }
        // A line of JSON ends in brackets too, but is not code.
        if text.hasPrefix("\"") || text.hasPrefix("{") || text.hasPrefix("[") || text == "}," || text == "]," {
            return false
        }
        if text.hasSuffix(";") || text.hasSuffix("{") || text.hasSuffix("=>") || text.hasSuffix("):") || text == "});" {
            return text.contains { "=(){}<>.".contains($0) } || text.hasPrefix("import ") || text.hasPrefix("package ")
                || text.hasPrefix("return")
        }
        if text.hasPrefix("</") || (text.hasPrefix("<") && text.hasSuffix(">") && text.contains("</")) { return true }
        return beginsLikeCode(text)
    }

    private static func beginsLikeCode(_ text: Substring) -> Bool {
        for (start, needed) in beginnings where text.hasPrefix(start) {
            if needed.isEmpty || needed.contains(where: { text.contains($0) }) { return true }
        }
        return false
    }

    /// How lines of code begin, and what must follow one of.
    private static let beginnings: [(String, [String])] = [
        ("def ", ["):", ") ->"]), ("class ", [":", "{"]), ("func ", ["("]), ("function ", ["("]), ("fn ", ["("]),
        ("const ", [" = "]), ("let ", [" = "]), ("var ", [" = ", " := "]), ("import ", [" from ", "\"", "."]),
        ("from ", [" import "]), ("#include", []), ("#!/", []), ("if (", []), ("for (", []), ("while (", []),
        ("elif ", [":"]), ("return ", ["(", "[", "."]), ("print(", []), ("public ", ["(", "{"]),
        ("private ", ["(", "{"]), ("@", ["("]), ("SELECT ", ["FROM", "*", ","]), ("INSERT INTO ", []),
        ("CREATE TABLE ", []),
        ("WHERE ", ["=", "<", ">", " IN", " LIKE"]), ("JOIN ", [" ON "]), ("LEFT JOIN ", [" ON "]), ("//", []),
        ("/*", []),
    ]
}
