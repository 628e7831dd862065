package import Vocabulary

/// What gave a score: its name, which is the score's name, and its version.
package struct Scorer: Sendable, Hashable {
    package var name: String
    package var version: String

    /// The version of every score that came with an imported pair.
    package static let importedVersion = "imported"

    package init(name: String, version: String) {
        self.name = name
        self.version = version
    }
}

/// Which versions of a score are read where a pair has several.
package struct ScoreSelection: Sendable, Equatable {
    /// Of every name the version that was added to the store last.
    package static let latest = ScoreSelection(preferring: [])

    private var versions: [String: String]

    /// - Parameter scorers: of their names only these versions are read; of all others the latest.
    package init(preferring scorers: [Scorer]) {
        versions = Dictionary(scorers.map { ($0.name, $0.version) }, uniquingKeysWith: { $1 })
    }

    func reads(_ scorer: Scorer) -> Bool {
        versions[scorer.name].map { $0 == scorer.version } ?? true
    }
}

/// Whose score it is: an answer's, or the pair's as a whole.
package enum ScoreSubject: Sendable, Hashable {
    case leg(Leg)
    case pair

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

/// One score of a pair or of one of its answers.
package struct Score: Sendable, Equatable {
    package var name: String
    package var subject: ScoreSubject
    package var value: Double
}

/// Gathers the scores of one pair from its rows, which come in the order of their scorers' numbers.
struct ScoreCollector {
    private struct Known {
        var scorer: Scorer
        var isRead: Bool
        /// Whether another version of the name exists.
        var hasOthers: Bool
    }

    private let known: [Int64: Known]
    private var lastScorer: Int64 = -1
    private(set) var scores: [Score] = []

    init(scorers: [Int64: Scorer], selection: ScoreSelection) {
        let count = Dictionary(scorers.values.map { ($0.name, 1) }, uniquingKeysWith: +)
        known = scorers.mapValues {
            Known(scorer: $0, isRead: selection.reads($0), hasOthers: count[$0.name, default: 0] > 1)
        }
    }

    mutating func begin() {
        scores.removeAll(keepingCapacity: true)
        lastScorer = -1
    }

    mutating func add(scorer id: Int64, leg: Int, value: Double?) {
        guard let scorer = known[id], scorer.isRead else { return }
        if id != lastScorer, scorer.hasOthers {
            // A later version speaks for the whole pair, also where it is not defined.
            scores.removeAll { $0.name == scorer.scorer.name }
        }
        lastScorer = id
        guard let value else { return }
        scores.append(Score(name: scorer.scorer.name, subject: ScoreSubject(rowID: leg), value: value))
    }
}
