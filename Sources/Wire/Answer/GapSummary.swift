/// The median and the maximum of the gaps between tokens, in bounded memory: 8 KiB, as every answer that is under way
/// has one.
///
/// The maximum is exact. The median is in whole microseconds and exact up to `capacity` gaps; beyond that, it is the median of
/// every second, fourth, … gap, evenly spread over the answer.
struct GapSummary: Sendable {
    static let capacity = 2_048

    /// Microseconds; gaps of more than 71 minutes count as that long.
    private var kept: [UInt32] = []
    private var stride = 1
    private var seen = 0
    /// nil before the first gap.
    private(set) var maximum: Duration?

    /// Bytes of its memory.
    var heldByteCount: Int { kept.capacity * MemoryLayout<UInt32>.stride }

    mutating func add(_ gap: Duration) {
        maximum = max(maximum ?? gap, gap)
        if seen.isMultiple(of: stride) {
            if kept.count == Self.capacity {
                kept = kept.indices.filter { $0.isMultiple(of: 2) }.map { kept[$0] }
                stride *= 2
            }
            if seen.isMultiple(of: stride) { kept.append(Self.microseconds(gap)) }
        }
        seen += 1
    }

    /// The lower of the two middle gaps where their number is even; nil before the first gap.
    var median: Duration? {
        kept.isEmpty ? nil : .microseconds(kept.sorted()[(kept.count - 1) / 2])
    }

    private static func microseconds(_ gap: Duration) -> UInt32 {
        let (seconds, attoseconds) = gap.components
        return UInt32(clamping: seconds * 1_000_000 + attoseconds / 1_000_000_000_000)
    }
}
