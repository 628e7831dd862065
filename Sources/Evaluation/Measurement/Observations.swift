// Everything that the figures need of the pairs, column by column.
//
// What: rows go in one at a time, from one store or several; a pair that was seen already (by its identity) is dropped.
// Every measured quantity is a column of numbers per leg, in which NaN stands for "not defined here"; NaN never leaves
// this module. Memory: a byte for each zero or one and 8 for any other value, some 250 bytes a pair with all built-in
// scores, which is what exact quantiles need; texts are never held.

package import Foundation
package import Vocabulary

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
    /// Pairs set aside because of their times; they stay where they are, at no time that any look has.
    package private(set) var strays = 0

    private var intentIndex: [IntentClass: Int32] = [:]
    private var sessionIndex: [Fingerprint: Int32] = [:]
    private var identities: Set<Fingerprint> = []
    private var columns = Columns()
    private var words: [String] = []
    private var wordIndex: [String: UInt16] = [:]
    private var namesOf = Array(repeating: Names(), count: 2 * Leg.allCases.count)

    /// The words that a leg was called by, row by row.
    private struct Names {
        var numbers: [UInt16] = []
        var last: (word: String, number: UInt16)?
    }

    package init() {}

    package var count: Int { ids.count }

    /// The newest time of a pair that is not set aside; nil without pairs.
    package var newest: Date? { times.lazy.filter(\.isFinite).max().map { Date(timeIntervalSince1970: $0) } }

    /// The oldest pair's time; nil without pairs.
    package var oldest: Date? { times.min().flatMap { $0.isFinite ? Date(timeIntervalSince1970: $0) : nil } }

    /// Adds a pair, unless its identity is there already.
    ///
    /// - Parameters:
    ///   - row: the pair without its words.
    ///   - scores: its scores, beside those that the row carries by name.
    package mutating func append(_ row: PairRow, scores: [Score] = []) {
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
        // A control that our own budget shed was not played: whatever an older version scored of it is no answer's.
        let control = row.control.flatMap { $0.outcome == .shed ? nil : $0 }
        if let control { add(control, .control, at: position) }
        for (name, value) in row.pairScores { set(nil, name, position, value) }
        for score in scores {
            switch score.subject {
            case .leg(.control) where control == nil: break
            case .leg(let leg):
                if score.name != MetricName.error { addScore(score.name, score.value, leg, at: position) }
            case .pair: set(nil, score.name, position, score.value)
            }
        }
    }

    private mutating func addScore(_ name: String, _ value: Double, _ side: Leg, at position: Int) {
        // Scores are 0…1 by contract; what an import let through beyond that is held at the ends.
        guard value.isFinite else { return }
        columns.append(min(1, max(0, value)), at: position, to: Columns.Call(leg: side, name: name, isScore: true))
    }

    private mutating func add(_ leg: LegRow, _ side: Leg, at position: Int) {
        for (name, value) in leg.scores where name != MetricName.error { addScore(name, value, side, at: position) }
        set(side, MetricName.error, position, leg.outcome == .ok ? 0 : 1)
        if leg.outcome == .ok || leg.outcome == .timeout {
            // A time-out's total is a lower bound of what the user would have waited; leaving it out would flatter.
            if let total = leg.total { set(side, MetricName.totalTime, position, total.milliseconds) }
        }
        if leg.outcome == .ok {
            set(side, MetricName.length, position, Double(leg.textByteCount))
            if let gap = leg.interTokenMedian {
                set(side, MetricName.interTokenGap, position, gap.milliseconds)
            }
            if let tokens = leg.outputTokens {
                set(side, MetricName.outputTokens, position, Double(tokens))
            }
        }
        if let first = leg.firstToken {
            set(side, MetricName.firstToken, position, first.milliseconds)
        }
        note(leg.version, Self.place(side, models: false), at: position)
        note(leg.reportedModel ?? "", Self.place(side, models: true), at: position)
    }

    private mutating func set(_ leg: Leg?, _ name: String, _ position: Int, _ value: Double) {
        columns.append(value, at: position, to: Columns.Call(leg: leg, name: name, isScore: false))
    }

    private static func place(_ leg: Leg, models: Bool) -> Int {
        let number =
            switch leg {
            case .stable: 0
            case .shadow: 1
            case .control: 2
            }
        return 2 * number + (models ? 1 : 0)
    }

    private mutating func note(_ word: String, _ place: Int, at position: Int) {
        let number: UInt16
        if let last = namesOf[place].last, last.word == word {
            number = last.number
        } else {
            number = wordNumber(of: word)
            namesOf[place].last = (word, number)
        }
        while namesOf[place].numbers.count < position { namesOf[place].numbers.append(.max) }
        namesOf[place].numbers.append(number)
    }

    private mutating func wordNumber(of word: String) -> UInt16 {
        if let known = wordIndex[word] { return known }
        // More than 65,535 different versions: the last number stands for all the rest.
        let number = UInt16(clamping: words.count)
        if words.count < Int(UInt16.max) {
            wordIndex[word] = number
            words.append(word)
        }
        return number
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

    mutating func setAside(outside range: ClosedRange<Double>) {
        for row in times.indices where times[row].isFinite && !range.contains(times[row]) {
            times[row] = .infinity
            strays += 1
        }
    }

    /// A leg's column; nil where no pair has it.
    func column(_ name: String, _ leg: Leg) -> Column? {
        columns[Columns.Key(leg: leg, name: name)]
    }

    /// A column of the pair itself; nil where no pair has it.
    func pairColumn(_ name: String) -> Column? {
        columns[Columns.Key(leg: nil, name: name)]
    }

    /// The names of external scores that stable and shadow both carry somewhere, as metrics.
    var externalScores: [String] {
        columns.keys.filter { $0.leg == .shadow && $0.name.hasPrefix(MetricCatalogue.scorePrefix) }
            .filter { columns[Columns.Key(leg: .stable, name: $0.name)] != nil }
            .map(\.name).sorted()
    }

    /// The different configured versions of a leg, or the models that its answers named, in order of appearance.
    func names(of leg: Leg, models: Bool, rows: [Int32]) -> [String] {
        let column = namesOf[Self.place(leg, models: models)].numbers
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
