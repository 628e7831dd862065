/// All that is found in a text: as it stands, and as it is meant.
///
/// The text is read as its bytes are, and where something in it may be in disguise, once more in its normalised form, and
/// that form in its own, to a fixed depth. What either finds is replaced.
struct Finder {
    /// How many times a text is normalised.
    ///
    /// `%26%2364%3B` hides an entity in the escapes of a URL. An escape of the same kind is read at once, however often it
    /// was escaped.
    private static let maximumDepth = 2

    /// When the time for this text is over, by ``ThreadTime``.
    let deadline: Duration

    /// The matches in order; none overlaps another.
    func matches(in bytes: UnsafeBufferPointer<UInt8>) -> [Match] {
        matches(in: bytes, depth: 0)
    }

    private func matches(in bytes: UnsafeBufferPointer<UInt8>, depth: Int) -> [Match] {
        var scanner = Scanner(bytes)
        let asWritten = scanner.matches(until: deadline)
        guard depth < Self.maximumDepth, let text = NormalisedText(bytes) else { return asWritten }
        let asMeant = text.bytes.withUnsafeBufferPointer { normalised in
            matches(in: normalised, depth: depth + 1).map { match in
                var match = match
                match.value = match.normalised(normalised)
                match.range = text.original(of: match.range)
                return match
            }
        }
        return Self.union(asMeant, asWritten)
    }

    /// The matches of both readings, in order.
    ///
    /// Of two that overlap, the one that holds the other stays; else both become one, so that nothing that either reading
    /// found is left. Where their kinds differ, it has the kind of the one of the text as it is meant.
    static func union(_ meant: [Match], _ written: [Match]) -> [Match] {
        guard !written.isEmpty else { return meant }
        guard !meant.isEmpty else { return written }
        var result: [Match] = []
        result.reserveCapacity(max(meant.count, written.count))
        var (left, right) = (0, 0)
        while left < meant.count || right < written.count {
            let isMeant =
                right == written.count
                || left < meant.count && meant[left].range.lowerBound <= written[right].range.lowerBound
            let match = isMeant ? meant[left] : written[right]
            if isMeant { left += 1 } else { right += 1 }
            guard var last = result.last, last.range.upperBound > match.range.lowerBound else {
                result.append(match)
                continue
            }
            // The earlier one began first or at the same byte.
            if last.range.upperBound >= match.range.upperBound { continue }
            if last.range.lowerBound == match.range.lowerBound {
                result[result.count - 1] = match
            } else if last.kind == match.kind || match.kind == .notScanned {
                last.range = last.range.lowerBound..<match.range.upperBound
                last.quoting = .none
                last.value = nil
                result[result.count - 1] = last
            } else if !isMeant, last.kind == .credentials, match.kind == .email {
                // `user%3Apassword@host` as it is written is an address that begins within them; the rest of it is a host.
                continue
            } else {
                var whole = isMeant ? match : last
                whole.range = last.range.lowerBound..<match.range.upperBound
                whole.quoting = .none
                whole.value = nil
                result[result.count - 1] = whole
            }
        }
        return result
    }
}
