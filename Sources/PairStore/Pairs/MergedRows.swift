import GRDB

/// The rows of a scan that is ordered by pair, handed out pair by pair beside a scan of the pairs.
final class MergedRows {
    private let cursor: RowCursor
    /// The row that has been stepped to and not yet handed out; valid until the next step.
    private var ahead: Row?

    /// Begins a scan.
    ///
    /// - Parameters:
    ///   - db: the connection that the pairs are read on.
    ///   - sql: its first column is the pair's row, in ascending order; its one argument the least of them.
    ///   - first: the first pair that will be asked for.
    /// - Throws: what SQLite says.
    init(_ db: Database, _ sql: String, from first: Int64 = .min) throws {
        cursor = try Row.fetchCursor(db.cachedStatement(sql: sql), arguments: [first])
        ahead = try cursor.next()
    }

    /// Hands out the rows of a pair; pairs must be asked for in ascending order.
    func forEach(of pair: Int64, _ body: (Row) throws -> Void) throws {
        while let row = ahead {
            let id = try StoredRow(row, of: "a table of pairs").integer(0, "pair_id")
            if id > pair { return }
            if id == pair { try body(row) }
            ahead = try cursor.next()
        }
    }
}

/// The runs of consecutive rows among some, each read by one question: `(1, 2, 3, 7)` are `1...3` and `7...7`.
///
/// - Parameter rows: in ascending order.
/// - Returns: the runs, in ascending order.
func runs(of rows: [Int64]) -> [ClosedRange<Int64>] {
    var runs: [ClosedRange<Int64>] = []
    for row in rows {
        if let last = runs.last, last.upperBound < row, row - 1 == last.upperBound {
            runs[runs.count - 1] = last.lowerBound...row
        } else {
            runs.append(row...row)
        }
    }
    return runs
}
