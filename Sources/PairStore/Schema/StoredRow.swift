import Foundation
import GRDB

/// A row of the store whose columns are anybody's bytes until they have been looked at.
///
/// Why. Stores travel: a colleague's is evaluated, a replica's is merged. SQLite's own rules (STRICT, CHECK, NOT NULL) hold
/// for who writes with them switched on; a file that was made by other means can hold anything under our schema. So every
/// integer that is calculated with, every number that stands for a word, and every size that C is told is compared with
/// what it can be where the row is read, and the first that cannot be is a `StoreError.brokenRow`.
///
/// Limits. Within its range a value is believed. `RowRules` holds the same ranges as SQL, for `store check`.
struct StoredRow {
    private let row: Row
    let table: StaticString
    /// The row's own number, or that of the pair to which it belongs.
    let number: Int64?

    init(_ row: Row, of table: StaticString, number: Int64? = nil) {
        self.row = row
        self.table = table
        self.number = number
    }

    /// A row whose first column is its own number, which is at least 1.
    init(numbered row: Row, of table: StaticString) throws {
        let unknown = StoredRow(row, of: table)
        self.init(row, of: table, number: try unknown.integer(0, "id", in: StoredRange.rowIDs))
    }

    // MARK: - Integers

    func integer(
        _ index: Int,
        _ column: StaticString,
        in range: ClosedRange<Int64> = Int64.min...Int64.max
    ) throws -> Int64 {
        guard let value = try optionalInteger(index, column, in: range) else { throw broken(column, "nothing") }
        return value
    }

    func optionalInteger(
        _ index: Int,
        _ column: StaticString,
        in range: ClosedRange<Int64> = Int64.min...Int64.max
    ) throws -> Int64? {
        guard let value: Int64 = try value(index, column) else { return nil }
        guard range.contains(value) else {
            throw broken(column, "a number that is not from \(range.lowerBound) to \(range.upperBound)")
        }
        return value
    }

    /// How many there are of something.
    func count(_ index: Int, _ column: StaticString, in range: ClosedRange<Int64> = StoredRange.counts) throws -> Int {
        Int(try integer(index, column, in: range))
    }

    func optionalCount(
        _ index: Int,
        _ column: StaticString,
        in range: ClosedRange<Int64> = StoredRange.counts
    ) throws -> Int? {
        try optionalInteger(index, column, in: range).map { Int($0) }
    }

    func time(_ index: Int, _ column: StaticString) throws -> Date {
        Date(microseconds: try integer(index, column, in: StoredRange.times))
    }

    func optionalTime(_ index: Int, _ column: StaticString) throws -> Date? {
        try optionalInteger(index, column, in: StoredRange.times).map { Date(microseconds: $0) }
    }

    func optionalDuration(_ index: Int, _ column: StaticString) throws -> Duration? {
        try optionalInteger(index, column, in: StoredRange.durations).map { .microseconds($0) }
    }

    func flag(_ index: Int, _ column: StaticString) throws -> Bool {
        try integer(index, column, in: 0...1) == 1
    }

    /// What a number of the schema's own small tables stands for.
    func word<Word>(_ index: Int, _ column: StaticString, _ word: (Int) -> Word?) throws -> Word {
        guard let found = word(Int(try integer(index, column))) else {
            throw broken(column, "a number that stands for nothing")
        }
        return found
    }

    // MARK: - Numbers, texts, bytes

    func number(_ index: Int, _ column: StaticString, in range: ClosedRange<Double>) throws -> Double {
        guard let value = try optionalNumber(index, column, in: range) else { throw broken(column, "nothing") }
        return value
    }

    func optionalNumber(_ index: Int, _ column: StaticString, in range: ClosedRange<Double>) throws -> Double? {
        guard let value: Double = try value(index, column) else { return nil }
        // Not so for what is no number.
        guard range.contains(value) else {
            throw broken(column, "a number that is not from \(range.lowerBound) to \(range.upperBound)")
        }
        return value
    }

    func text(_ index: Int, _ column: StaticString) throws -> String {
        guard let value = try optionalText(index, column) else { throw broken(column, "nothing") }
        return value
    }

    func optionalText(_ index: Int, _ column: StaticString) throws -> String? { try value(index, column) }

    /// One of the raw values of an enumeration.
    func choice<Choice: RawRepresentable>(
        _ index: Int,
        _ column: StaticString,
        _ type: Choice.Type = Choice.self
    ) throws -> Choice where Choice.RawValue == String {
        guard let choice = Choice(rawValue: try text(index, column)) else {
            throw broken(column, "a word that is none of those that it can be")
        }
        return choice
    }

    func optionalChoice<Choice: RawRepresentable>(
        _ index: Int,
        _ column: StaticString,
        _ type: Choice.Type = Choice.self
    ) throws -> Choice? where Choice.RawValue == String {
        try isNull(index) ? nil : choice(index, column, type)
    }

    func bytes(_ index: Int, _ column: StaticString) throws -> Data {
        guard let value: Data = try value(index, column) else { throw broken(column, "nothing") }
        return value
    }

    func optionalHash(_ index: Int, _ column: StaticString) throws -> HashValue? {
        do {
            return try row.decode(HashValue?.self, atIndex: index)
        } catch {
            throw broken(column, "neither bytes nor text")
        }
    }

    func hash(_ index: Int, _ column: StaticString) throws -> HashValue {
        guard let value = try optionalHash(index, column) else { throw broken(column, "nothing") }
        return value
    }

    func isNull(_ index: Int) -> Bool { row.hasNull(atIndex: index) }

    /// Lends a column's bytes without a copy; nil where there are none.
    func withBytes<Value>(_ index: Int, _ body: (Data?) throws -> Value) throws -> Value {
        try row.withUnsafeData(atIndex: index, body)
    }

    func broken(_ column: StaticString, _ found: String) -> StoreError {
        .brokenRow(BrokenRow(table: "\(table)", row: number, column: "\(column)", found: found))
    }

    private func value<Value: DatabaseValueConvertible & StatementColumnConvertible>(
        _ index: Int,
        _ column: StaticString
    ) throws -> Value? {
        do {
            return try row.decode(Value?.self, atIndex: index)
        } catch {
            // SQLite's own sentence quotes the row, and that may be somebody's words.
            throw broken(column, "a value of another type")
        }
    }
}

/// Where a value stands that cannot be, and what it is.
package struct BrokenRow: Sendable, Equatable {
    /// The store's path; empty where the reader did not know it.
    package var path = ""
    package var table: String
    /// The row's number, or that of the pair to which it belongs; nil where it has neither.
    package var row: Int64?
    package var column: String
    /// What stands there, without quoting it.
    package var found: String
}

/// What the store's integers and reals can be.
///
/// Wide enough for all that this program writes, and so narrow that sums over the largest store fit: a trillion rows of the
/// greatest count would be needed for an overflow.
enum StoredRange {
    static let rowIDs: ClosedRange<Int64> = 1...Int64.max
    /// Microseconds since 1970: the years 0 to 9999, which RFC 3339 can write, and a day more for its offsets.
    static let times: ClosedRange<Int64> = -62_200_000_000_000_000...253_500_000_000_000_000
    /// Microseconds, up to 30 years.
    static let durations: ClosedRange<Int64> = 0...1_000_000_000_000_000
    static let counts: ClosedRange<Int64> = 0...1_000_000_000_000
    /// Of the funnel, whose rows are changes.
    static let changes: ClosedRange<Int64> = -1_000_000_000_000...1_000_000_000_000
    /// Days and minutes since 1970, of the same years as `times`.
    static let days: ClosedRange<Int64> = -720_000...2_935_000
    static let minutes: ClosedRange<Int64> = -1_036_800_000...4_226_400_000
    static let statuses: ClosedRange<Int64> = 0...999
    /// Below it a pair would weigh more than a billion others, and sums of weights would lose all others.
    static let probabilities: ClosedRange<Double> = 1e-9...1
    static let shares: ClosedRange<Double> = 0...1
    static let finite: ClosedRange<Double> = -Double.greatestFiniteMagnitude...Double.greatestFiniteMagnitude
    /// Seconds, up to 300 years.
    static let horizons: ClosedRange<Double> = 0...10_000_000_000
    /// Bytes of one text before compression: the answers of a pair, its prompt, a request's format.
    static let textBytes: ClosedRange<Int64> = 0...(256 << 20)
    /// Ours have 110 KiB.
    static let dictionaryBytes = 0...(4 << 20)
    /// Choices of one answer, and its calls of tools.
    static let answerParts = 65_536
    /// Scorers of a store, each version counted.
    static let scorers = 4_096
    /// Scorers of all sets, in each of which they may stand again; every set has one at least.
    static let scorersOfSets = 65_536
}
