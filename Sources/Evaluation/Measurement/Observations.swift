// Everything that the figures need of the pairs, column by column.
//
// What: rows go in one at a time, from one store or several; a pair that was seen already (by its identity) is dropped.
// Every measured quantity is a column of numbers per leg, in which NaN stands for "not defined here"; NaN never leaves
// this module. Memory: about 8 bytes a value, some 300 bytes a pair with all built-in scores; texts are never held.

package import Foundation
import Vocabulary

/// The rows of an evaluation.
package struct Observations: Sendable {
    private(set) var ids: [RowID] = []
    /// Seconds since 1970.
    private(set) var times: [Double] = []
    private(set) var sessionOf: [Int32] = []
    private(set) var intentOf: [Int32] = []
    /// Inverse sampling probabilities.
    private(set) var weights: [Double] = []
    /// Whether the two answers can be compared: the client stayed, and both legs were played.
    private(set) var isCompared: [Bool] = []
    private(set) var isStreamed: [Bool] = []
    private(set) var intents: [IntentClass] = []
    private(set) var sessionCount = 0
    /// Pairs dropped because another source had brought them.
    package private(set) var duplicates = 0

    private var intentIndex: [IntentClass: Int32] = [:]
    private var sessionIndex: [Fingerprint: Int32] = [:]
    private var identities: Set<Fingerprint> = []
    private var columns: [ColumnKey: [Double]] = [:]
    private var words: [String] = []
    private var wordIndex: [String: UInt16] = [:]
    private var wordsOf: [NamedWord: [UInt16]] = [:]

    private struct ColumnKey: Hashable {
        var leg: Leg?
        var name: String
    }

    private struct NamedWord: Hashable {
        var leg: Leg
        var isModel: Bool
    }

    package init() {}

    package var count: Int { ids.count }

    /// The newest pair's time; nil without pairs.
    package var newest: Date? { times.max().map { Date(timeIntervalSince1970: $0) } }

    /// The oldest pair's time; nil without pairs.
    package var oldest: Date? { times.min().map { Date(timeIntervalSince1970: $0) } }

    /// Adds a pair, unless its identity is there already.
    package mutating func append(_ row: PairRow) {
        if let identity = row.identity, !identities.insert(identity).inserted {
            duplicates += 1
            return
        }
        let position = ids.count
        ids.append(row.id)
        times.append(row.time.timeIntervalSince1970)
        sessionOf.append(sessionNumber(of: row.session))
        intentOf.append(intentNumber(of: row.intent))
        weights.append(1 / min(1, max(1e-9, row.samplingProbability)))
        isCompared.append(
            row.stable.outcome != .clientCancelled && row.stable.outcome != .shed && row.shadow.outcome != .shed
        )
        isStreamed.append(row.isStreamed)
        add(row.stable, .stable, at: position)
        add(row.shadow, .shadow, at: position)
        if let control = row.control, control.outcome != .shed { add(control, .control, at: position) }
        for (name, value) in row.pairScores { set(ColumnKey(leg: nil, name: name), position, value) }
    }

    private mutating func add(_ leg: LegRow, _ side: Leg, at position: Int) {
        for (name, value) in leg.scores where name != "error" {
            let name = MetricCatalogue.isBuiltIn(name) ? name : MetricCatalogue.scorePrefix + name
            // Scores are 0…1 by contract; what an import let through beyond that is held at the ends.
            if value.isFinite { set(ColumnKey(leg: side, name: name), position, min(1, max(0, value))) }
        }
        set(ColumnKey(leg: side, name: "error"), position, leg.outcome == .ok ? 0 : 1)
        if leg.outcome == .ok || leg.outcome == .timeout {
            // A time-out's total is a lower bound of what the user would have waited; leaving it out would flatter.
            if let total = leg.total { set(ColumnKey(leg: side, name: "total_time"), position, total.milliseconds) }
        }
        if leg.outcome == .ok {
            set(ColumnKey(leg: side, name: "length"), position, Double(leg.textByteCount))
            if let gap = leg.interTokenMedian {
                set(ColumnKey(leg: side, name: "inter_token_gap"), position, gap.milliseconds)
            }
            if let tokens = leg.outputTokens {
                set(ColumnKey(leg: side, name: "output_tokens"), position, Double(tokens))
            }
        }
        if let first = leg.firstToken {
            set(ColumnKey(leg: side, name: "first_token"), position, first.milliseconds)
        }
        note(leg.version, NamedWord(leg: side, isModel: false), at: position)
        note(leg.reportedModel ?? "", NamedWord(leg: side, isModel: true), at: position)
    }

    private mutating func set(_ key: ColumnKey, _ position: Int, _ value: Double) {
        let column = columns.index(forKey: key)
        if let column {
            Self.set(&columns.values[column], position, value)
        } else {
            var values: [Double] = []
            Self.set(&values, position, value)
            columns[key] = values
        }
    }

    private static func set(_ column: inout [Double], _ position: Int, _ value: Double) {
        while column.count < position { column.append(.nan) }
        column.append(value)
    }

    private mutating func note(_ word: String, _ key: NamedWord, at position: Int) {
        let number: UInt16
        if let known = wordIndex[word] {
            number = known
        } else {
            // More than 65,535 different versions: the last number stands for all the rest.
            number = UInt16(clamping: words.count)
            if words.count < Int(UInt16.max) {
                wordIndex[word] = number
                words.append(word)
            }
        }
        var column = wordsOf.removeValue(forKey: key) ?? []
        while column.count < position { column.append(.max) }
        column.append(number)
        wordsOf[key] = column
    }

    private mutating func sessionNumber(of session: Fingerprint?) -> Int32 {
        if let session, let known = sessionIndex[session] { return known }
        let number = Int32(sessionCount)
        sessionCount += 1
        if let session { sessionIndex[session] = number }
        return number
    }

    private mutating func intentNumber(of intent: IntentClass) -> Int32 {
        if let known = intentIndex[intent] { return known }
        let number = Int32(intents.count)
        intents.append(intent)
        intentIndex[intent] = number
        return number
    }

    /// A leg's column; nil where no pair has it.
    func column(_ name: String, _ leg: Leg) -> Column? {
        columns[ColumnKey(leg: leg, name: name)].map(Column.init)
    }

    /// A column of the pair itself; nil where no pair has it.
    func pairColumn(_ name: String) -> Column? {
        columns[ColumnKey(leg: nil, name: name)].map(Column.init)
    }

    /// The names of scores from outside that stable and shadow both carry somewhere, as metrics.
    var outsideScores: [String] {
        columns.keys.filter { $0.leg == .shadow && $0.name.hasPrefix(MetricCatalogue.scorePrefix) }
            .filter { columns[ColumnKey(leg: .stable, name: $0.name)] != nil }
            .map(\.name).sorted()
    }

    /// The different configured versions of a leg, or the models that its answers named, in order of appearance.
    func names(of leg: Leg, models: Bool, rows: [Int32]) -> [String] {
        guard let column = wordsOf[NamedWord(leg: leg, isModel: models)] else { return [] }
        var seen: Set<UInt16> = []
        var found: [String] = []
        for row in rows.sorted() where Int(row) < column.count {
            let number = column[Int(row)]
            guard Int(number) < words.count, seen.insert(number).inserted else { continue }
            if !words[Int(number)].isEmpty { found.append(words[Int(number)]) }
        }
        return found
    }
}

/// A column of numbers; NaN where there is none.
struct Column {
    private let values: [Double]

    init(_ values: [Double]) {
        self.values = values
    }

    subscript(row: Int32) -> Double {
        Int(row) < values.count ? values[Int(row)] : .nan
    }
}
