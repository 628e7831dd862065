/// What is understood of a model's version: MAJOR for a new base, MINOR for a fine-tune, PATCH for a quantisation.
///
/// A version itself is any word, and two versions are the same where the words are. The form that is understood is that of
/// semver.org 2.0.0 with an optional leading `v`; build metadata is kept and not compared.
package struct SemanticVersion: Sendable, Hashable, Comparable, CustomStringConvertible {
    package let major: Int
    package let minor: Int
    package let patch: Int
    /// Dot-separated identifiers after `-`; empty for a release.
    package let prerelease: [String]
    /// As it was written.
    package let description: String

    /// nil where the text is not a semantic version.
    package init?(_ text: String) {
        var rest = Substring(text)
        if rest.first == "v" { rest.removeFirst() }
        if let plus = rest.firstIndex(of: "+") {
            guard Self.areIdentifiers(rest[rest.index(after: plus)...], numericMayHaveLeadingZero: true) else {
                return nil
            }
            rest = rest[..<plus]
        }
        var prerelease: [String] = []
        if let dash = rest.firstIndex(of: "-") {
            let tail = rest[rest.index(after: dash)...]
            guard Self.areIdentifiers(tail, numericMayHaveLeadingZero: false) else { return nil }
            prerelease = tail.split(separator: ".").map(String.init)
            rest = rest[..<dash]
        }
        let numbers = rest.split(separator: ".", omittingEmptySubsequences: false)
        guard numbers.count == 3 else { return nil }
        var parsed: [Int] = []
        for number in numbers {
            guard Self.isNumeric(number), number.count == 1 || number.first != "0" else { return nil }
            // semver.org sets no limit; what no `Int` holds is the greatest.
            parsed.append(Int(number) ?? .max)
        }
        (major, minor, patch) = (parsed[0], parsed[1], parsed[2])
        self.prerelease = prerelease
        description = text
    }

    private static func isNumeric(_ text: Substring) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { $0 >= 48 && $0 <= 57 }
    }

    private static func areIdentifiers(_ text: Substring, numericMayHaveLeadingZero: Bool) -> Bool {
        text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { identifier in
            !identifier.isEmpty
                && identifier.utf8.allSatisfy {
                    ($0 >= 48 && $0 <= 57) || ($0 | 32 >= 97 && $0 | 32 <= 122) || $0 == 45
                }
                && (numericMayHaveLeadingZero || !isNumeric(identifier) || identifier.count == 1
                    || identifier.first != "0")
        }
    }

    /// Precedence as semver.org 2.0.0 §11 orders versions.
    package static func < (left: SemanticVersion, right: SemanticVersion) -> Bool {
        let leftCore = (left.major, left.minor, left.patch)
        let rightCore = (right.major, right.minor, right.patch)
        if leftCore != rightCore { return leftCore < rightCore }
        if left.prerelease.isEmpty || right.prerelease.isEmpty {
            return !left.prerelease.isEmpty && right.prerelease.isEmpty
        }
        for (mine, theirs) in zip(left.prerelease, right.prerelease) where mine != theirs {
            switch (Int(mine), Int(theirs)) {
            case (let mine?, let theirs?): return mine < theirs
            case (_?, nil): return true
            case (nil, _?): return false
            case (nil, nil): return mine.utf8.lexicographicallyPrecedes(theirs.utf8)
            }
        }
        return left.prerelease.count < right.prerelease.count
    }

    package static func == (left: SemanticVersion, right: SemanticVersion) -> Bool {
        (left.major, left.minor, left.patch) == (right.major, right.minor, right.patch)
            && left.prerelease == right.prerelease
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(major)
        hasher.combine(minor)
        hasher.combine(patch)
        hasher.combine(prerelease)
    }
}
