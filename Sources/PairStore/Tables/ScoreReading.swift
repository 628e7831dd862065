import Foundation
import GRDB
package import Vocabulary

/// Which versions of a score are read where a pair has several.
package struct ScoreSelection: Sendable, Equatable {
    /// Of every name the version that was added to the store last.
    package static let latest = ScoreSelection(preferring: [])

    /// No scores at all, for who reads the texts only.
    package static let none = ScoreSelection(versions: [:], isNone: true)

    private var versions: [String: String]
    private var isNone = false

    private init(versions: [String: String], isNone: Bool) {
        self.versions = versions
        self.isNone = isNone
    }

    /// - Parameter scorers: of their names only these versions are read; of all others the latest.
    package init(preferring scorers: [Scorer]) {
        versions = Dictionary(scorers.map { ($0.name, $0.version) }, uniquingKeysWith: { $1 })
    }

    func reads(_ scorer: Scorer) -> Bool {
        !isNone && (versions[scorer.name].map { $0 == scorer.version } ?? true)
    }
}

extension ScoreSubject {
    var rowID: Int {
        switch self {
        case .leg(let leg): leg.rowID
        case .pair: Leg.pairRowID
        }
    }

    init(rowID: Int) {
        self = Leg(rowID: rowID).map(ScoreSubject.leg) ?? .pair
    }
}

/// What a scorer gave for a pair; nil where it is not defined.
package struct ScorerValues: Sendable, Equatable {
    package var scorer: Scorer
    /// 0…1.
    package var stable: Double?
    /// 0…1.
    package var shadow: Double?
    /// 0…1.
    package var control: Double?
    /// Of the pair as a whole; finite.
    package var pair: Double?

    package init(
        scorer: Scorer,
        stable: Double? = nil,
        shadow: Double? = nil,
        control: Double? = nil,
        pair: Double? = nil
    ) {
        self.scorer = scorer
        self.stable = stable
        self.shadow = shadow
        self.control = control
        self.pair = pair
    }

    func validate() throws {
        for case .some(let value) in [stable, shadow, control] where !(value >= 0 && value <= 1) {
            throw StoreError.invalidScore(scorer: scorer.name, value: value)
        }
        if let pair, !pair.isFinite { throw StoreError.invalidScore(scorer: scorer.name, value: pair) }
    }
}

/// The scorers of a store and the sets in which they look at pairs, by their numbers.
struct KnownScorers {
    let scorers: [Int64: Scorer]
    let sets: [Int64: [Int64]]

    init(_ db: Database) throws {
        let count = try Int.fetchOne(db, sql: "SELECT count(*) FROM scorer") ?? 0
        guard count <= StoredRange.scorers else { throw StoreError.tooManyScorers(limit: StoredRange.scorers) }
        scorers = try Row.fetchAll(db, sql: "SELECT id, name, version FROM scorer").reduce(into: [:]) { scorers, row in
            let row = StoredRow(row, of: "scorer")
            scorers[try row.integer(0, "id")] = Scorer(
                name: try row.text(1, "name"),
                version: try row.text(2, "version")
            )
        }
        sets = try Self.sets(db, schema: "main").reduce(into: [:]) { $0[$1.id] = $1.scorers }
    }

    /// The sets in which scorers look at pairs, in the order in which they came.
    static func sets(_ db: Database, schema: String) throws -> [(id: Int64, scorers: [Int64])] {
        var sets: [(id: Int64, scorers: [Int64])] = []
        var total = 0
        let rows = try Row.fetchCursor(db, sql: "SELECT id, scorer_ids FROM \(schema).scorer_set ORDER BY id")
        while let next = try rows.next() {
            let row = try StoredRow(numbered: next, of: "scorer_set")
            let parts = try row.text(1, "scorer_ids").utf8.split(
                separator: UInt8(ascii: ","),
                maxSplits: StoredRange.scorers,
                omittingEmptySubsequences: false
            )
            let scorers = parts.compactMap { Int64(Substring($0)) }
            guard parts.count <= StoredRange.scorers, scorers.count == parts.count, Set(scorers).count == parts.count
            else {
                throw row.broken("scorer_ids", "what is no list of at most \(StoredRange.scorers) different numbers")
            }
            total += scorers.count
            guard total <= StoredRange.scorersOfSets else {
                throw StoreError.tooManyScorerSets(limit: StoredRange.scorersOfSets)
            }
            sets.append((row.number ?? 0, scorers))
        }
        return sets
    }

    /// How many scorers the sets have, each set counted.
    static func scorersOfSets(_ db: Database) throws -> Int {
        try sets(db, schema: "main").reduce(0) { $0 + $1.scorers.count }
    }
}

/// Gathers the scores of one pair from its packs.
struct ScoreCollector {
    /// All packs from a pair on.
    static let scan =
        "SELECT pair_id, scorer_set_id, bytes FROM score_pack WHERE pair_id >= ? ORDER BY pair_id, scorer_set_id"

    private struct Column {
        var name: String
        var id: Int64
        var isRead: Bool
    }

    private let columns: [Int64: [Column]]
    /// Names of which several versions exist.
    private let contested: Set<String>
    /// Of contested names the latest scorer that looked at this pair.
    private var latest: [String: Int64] = [:]
    private(set) var scores: [Score] = []

    init(_ known: KnownScorers, selection: ScoreSelection) {
        let count = Dictionary(known.scorers.values.map { ($0.name, 1) }, uniquingKeysWith: +)
        contested = Set(count.filter { $0.value > 1 }.keys)
        columns = known.sets.mapValues { set in
            set.map { id in
                guard let scorer = known.scorers[id] else { return Column(name: "", id: id, isRead: false) }
                return Column(name: scorer.name, id: id, isRead: selection.reads(scorer))
            }
        }
    }

    mutating func begin() {
        scores.removeAll(keepingCapacity: true)
        if !latest.isEmpty { latest = [:] }
    }

    /// Adds what one set of scorers gave: a row of the scan.
    mutating func add(_ row: Row, ofPair rowID: Int64) throws {
        let row = StoredRow(row, of: "score_pack", number: rowID)
        let set = try row.integer(1, "scorer_set_id")
        try row.withBytes(2) { try add(set: set, $0 ?? Data(), row) }
    }

    private mutating func add(set: Int64, _ bytes: Data, _ row: StoredRow) throws {
        var columns = columns[set] ?? []
        if !contested.isEmpty {
            // A later version speaks for the whole pair, also where it is not defined.
            for column in columns where column.isRead && contested.contains(column.name) {
                guard column.id > latest[column.name] ?? 0 else { continue }
                latest[column.name] = column.id
                scores.removeAll { $0.name == column.name }
            }
            for place in columns.indices where contested.contains(columns[place].name) {
                columns[place].isRead = columns[place].isRead && latest[columns[place].name] == columns[place].id
            }
        }
        var areScores = true
        let isWhole = ScorePack.forEach(in: bytes, scorerCount: columns.count) { place, leg, value in
            areScores = areScores && ScorePack.isScore(value, leg: leg)
            guard columns[place].isRead else { return }
            scores.append(Score(name: columns[place].name, subject: ScoreSubject(rowID: leg), value: value))
        }
        guard isWhole, areScores else {
            throw StoreError.corruptText(pairRowID: row.number ?? 0, reason: "its scores cannot be read")
        }
    }
}
