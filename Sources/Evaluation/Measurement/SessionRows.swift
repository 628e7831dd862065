import Vocabulary

/// Rows of one scope, session by session.
struct SessionRows {
    /// Row numbers, those of one session together.
    private(set) var rows: [Int32] = []
    /// Where each session's rows begin, and the end.
    private(set) var starts: [Int32] = [0]

    var sessions: Int { starts.count - 1 }

    /// Groups rows that are in the order of their sessions.
    init(_ rows: [Int32], of observations: Observations) {
        self.rows = rows
        let sessionOf = observations.sessionOf
        for index in rows.indices where index > 0 {
            if sessionOf[Int(rows[index])] != sessionOf[Int(rows[index - 1])] { starts.append(Int32(index)) }
        }
        if !rows.isEmpty { starts.append(Int32(rows.count)) }
    }

    /// Where the rows of one session lie in `rows`.
    func indices(ofSession session: Int) -> Range<Int> {
        Int(starts[session])..<Int(starts[session + 1])
    }
}

extension Observations {
    /// The rows up to a time, session by session.
    ///
    /// A session enters once it has been idle for half an hour: until then its mean is not final, and a session that
    /// enters twice would count twice.
    ///
    /// - Parameters:
    ///   - end: seconds since 1970; later rows are left out.
    ///   - asOf: the time of the evaluation, from which idleness is counted; nil: every session has ended.
    /// - Returns: row numbers, those of one session together.
    func rows(until end: Double, idleAt asOf: Double?) -> [Int32] {
        var last = Array(repeating: -Double.infinity, count: sessionCount)
        if let asOf {
            for row in times.indices where times[row] <= asOf {
                last[Int(sessionOf[row])] = max(last[Int(sessionOf[row])], times[row])
            }
        }
        let idle = asOf.map { $0 - Self.idleSeconds } ?? .infinity
        var counts = Array(repeating: 0, count: sessionCount + 1)
        func enters(_ row: Int) -> Bool { times[row] <= end && last[Int(sessionOf[row])] <= idle }
        for row in times.indices where enters(row) { counts[Int(sessionOf[row]) + 1] += 1 }
        for index in counts.indices.dropFirst() { counts[index] += counts[index - 1] }
        var ordered = Array(repeating: Int32(0), count: counts.last ?? 0)
        for row in times.indices where enters(row) {
            let session = Int(sessionOf[row])
            ordered[counts[session]] = Int32(row)
            counts[session] += 1
        }
        return ordered
    }

    static let idleSeconds = 30.0 * 60

    /// Rows by the number of their class, their order kept.
    func byClass(_ rows: [Int32]) -> [[Int32]] {
        var classes = Array(repeating: [Int32](), count: intents.count)
        for row in rows { classes[Int(intentOf[Int(row)])].append(row) }
        return classes
    }
}
