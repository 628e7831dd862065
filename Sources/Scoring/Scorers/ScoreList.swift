package import Vocabulary

/// What some scorers gave for one answer or one pair, in the scorers' order.
package struct ScoreList: Sendable, Equatable {
    package let scorers: [Scorer]
    /// nil where a scorer is not defined.
    package var values: [Double?]

    init(_ scorers: [Scorer]) {
        self.scorers = scorers
        values = Array(repeating: nil, count: scorers.count)
    }

    /// The score of a name; nil where it is not defined.
    package subscript(name: String) -> Double? {
        scorers.firstIndex { $0.name == name }.flatMap { values[$0] }
    }

    /// Those that are defined, by name.
    var byName: [String: Double] {
        var byName: [String: Double] = [:]
        for (scorer, value) in zip(scorers, values) {
            if let value { byName[scorer.name] = value }
        }
        return byName
    }
}
