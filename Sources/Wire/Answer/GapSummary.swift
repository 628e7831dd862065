/// The median and the maximum of the gaps between tokens, in bounded memory.
///
/// The maximum is exact. The median is exact up to `capacity` gaps; beyond, it is that of every second, fourth, … gap,
/// evenly spread over the answer.
struct GapSummary: Sendable {
    private static let capacity = 8_192

    private var kept: [Duration] = []
    private var stride = 1
    private var seen = 0
    /// nil before the first gap.
    private(set) var maximum: Duration?

    mutating func add(_ gap: Duration) {
        maximum = max(maximum ?? gap, gap)
        if seen.isMultiple(of: stride) {
            if kept.count == Self.capacity {
                kept = kept.indices.filter { $0.isMultiple(of: 2) }.map { kept[$0] }
                stride *= 2
            }
            if seen.isMultiple(of: stride) { kept.append(gap) }
        }
        seen += 1
    }

    /// The lower of the two middle gaps where their number is even; nil before the first gap.
    var median: Duration? {
        kept.isEmpty ? nil : kept.sorted()[(kept.count - 1) / 2]
    }
}
