/// The operator's own rules, applied one after another.
extension Redactor {
    /// What a rule's placeholders may add to a text: as much as the text, and this many bytes.
    ///
    /// A rule that matches single letters would make a text forty times as long.
    private static let maximumGrowth = 65_536

    func apply(
        _ expression: BoundedSearch,
        as kind: RedactionKind,
        to text: inout String,
        _ scope: inout RedactionScope
    ) {
        let (matches, searched) = found(by: expression, in: &text, &scope)
        guard !matches.isEmpty || searched < text.utf8.count else { return }
        text = text.withUTF8 { bytes in
            String(decoding: replaced(matches, searched, as: kind, in: bytes, &scope), as: UTF8.self)
        }
    }

    /// The matches in the text as it stands and as it is meant, in order, and how far it was searched.
    private func found(
        by expression: BoundedSearch,
        in text: inout String,
        _ scope: inout RedactionScope
    ) -> ([Range<Int>], searched: Int) {
        let (matches, searched) = search(expression, text, &scope)
        guard let meant = text.withUTF8({ NormalisedText($0) }) else { return (matches, searched) }
        let inMeant = search(expression, String(decoding: meant.bytes, as: UTF8.self), &scope)
        let hidden = inMeant.matches.filter { !$0.isEmpty }.map(meant.original)
        let end = inMeant.searched
        let searchedMeant =
            end == meant.bytes.count ? text.utf8.count : end == 0 ? 0 : meant.original(of: (end - 1)..<end).upperBound
        return (Self.union(hidden, matches), min(searched, searchedMeant))
    }

    /// A search that also ends where the scope's time for rules is spent.
    private func search(
        _ expression: BoundedSearch,
        _ text: String,
        _ scope: inout RedactionScope
    ) -> (matches: [Range<Int>], searched: Int) {
        let start = ThreadTime.now
        defer { scope.ruleTime += ThreadTime.now - start }
        return expression.matches(
            in: text,
            within: scopeBudget.time(forBytes: scope.byteCount * rules.count) - scope.ruleTime
        )
    }

    /// The ranges of both, in order of their beginnings.
    private static func union(_ left: [Range<Int>], _ right: [Range<Int>]) -> [Range<Int>] {
        guard !left.isEmpty else { return right }
        var result: [Range<Int>] = []
        for range in (left + right).sorted(by: { $0.lowerBound < $1.lowerBound }) where !range.isEmpty {
            if let last = result.last, last.upperBound > range.lowerBound {
                result[result.count - 1] = last.lowerBound..<max(last.upperBound, range.upperBound)
            } else {
                result.append(range)
            }
        }
        return result
    }

    /// The text with the matches replaced, but for those that touch a placeholder; both lists are walked together.
    private func replaced(
        _ matches: [Range<Int>],
        _ searched: Int,
        as kind: RedactionKind,
        in bytes: UnsafeBufferPointer<UInt8>,
        _ scope: inout RedactionScope
    ) -> [UInt8] {
        let placeholders = Placeholder.ranges(in: bytes)
        var next = 0
        var output: [UInt8] = []
        output.reserveCapacity(bytes.count)
        var copied = 0
        var end = searched
        for range in matches {
            guard !range.isEmpty, range.lowerBound >= copied else { continue }
            guard range.lowerBound < end else { break }
            while next < placeholders.count, placeholders[next].upperBound <= range.lowerBound { next += 1 }
            if next < placeholders.count, placeholders[next].overlaps(range) { continue }
            output.append(contentsOf: bytes[copied..<range.lowerBound])
            Placeholder.append(kind, scope.number(of: kind, value: Array(bytes[range])), to: &output)
            copied = range.upperBound
            if output.count > 2 * bytes.count + Self.maximumGrowth {
                end = copied
                break
            }
        }
        // What was not searched may hold what the rule is to remove: none of it is kept.
        let kept = max(copied, end)
        output.append(contentsOf: bytes[copied..<kept])
        if kept < bytes.count {
            Placeholder.append(kind, scope.number(of: kind, value: Array(bytes[kept...])), to: &output)
        }
        return output
    }
}
