/// Finding what somebody meant to write.
enum NearestName {
    /// The name with the smallest edit distance; ties go to the earlier one.
    static func nearest(to name: String, among names: some Sequence<String>) -> (name: String, distance: Int)? {
        var best: (name: String, distance: Int)?
        for other in names {
            let distance = distance(name.lowercased(), other.lowercased())
            if distance < best?.distance ?? .max { best = (other, distance) }
        }
        return best
    }

    /// Whether a distance is small enough, for a name of that length, that a slip of the hand explains it.
    static func isSlip(_ distance: Int, in name: String) -> Bool {
        distance <= max(1, min(3, name.count / 2))
    }

    /// The optimal string alignment distance: insertions, deletions, substitutions and swaps of neighbours.
    static func distance(_ left: String, _ right: String) -> Int {
        let a = Array(left.utf8)
        let b = Array(right.utf8)
        var beforeLast = [Int](repeating: 0, count: b.count + 1)
        var last = Array(0...b.count)
        for i in 0..<a.count {
            var current = [i + 1]
            for j in 0..<b.count {
                var cost = min(last[j + 1] + 1, current[j] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
                if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { cost = min(cost, beforeLast[j - 1] + 1) }
                current.append(cost)
            }
            beforeLast = last
            last = current
        }
        return last[b.count]
    }
}
