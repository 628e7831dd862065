/// Whether a text is a semantic version (semver.org 2.0.0, items 2, 9 and 10), with or without a leading `v`.
package enum SemanticVersionText {
    package static func isValid(_ text: String) -> Bool {
        var rest = Substring(text)
        if rest.hasPrefix("v") { rest = rest.dropFirst() }
        if let plus = rest.firstIndex(of: "+") {
            guard identifiers(rest[rest.index(after: plus)...], refusingLeadingZeros: false) else { return false }
            rest = rest[..<plus]
        }
        if let hyphen = rest.firstIndex(of: "-") {
            guard identifiers(rest[rest.index(after: hyphen)...], refusingLeadingZeros: true) else { return false }
            rest = rest[..<hyphen]
        }
        let numbers = rest.split(separator: ".", omittingEmptySubsequences: false)
        return numbers.count == 3 && numbers.allSatisfy { isDigits($0) && ($0 == "0" || !$0.hasPrefix("0")) }
    }

    private static func identifiers(_ text: Substring, refusingLeadingZeros: Bool) -> Bool {
        text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { part in
            guard !part.isEmpty, part.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") })
            else { return false }
            return !refusingLeadingZeros || !isDigits(part) || part == "0" || !part.hasPrefix("0")
        }
    }

    private static func isDigits(_ text: Substring) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }
}
