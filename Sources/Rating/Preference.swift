import PairStore
import Vocabulary

/// A rating with its blinding undone: what one rater said about one pair.
package struct OpenedRating: Sendable, Equatable {
    /// Whose answer is better; both good and both bad are ties.
    package enum Preference: Int, Sendable, CaseIterable {
        case stable = 0
        case tie = 1
        case shadow = 2

        /// 0 for stable, ½ for a tie, 1 for the shadow.
        var score: Double { Double(rawValue) / 2 }
    }

    package var pairRowID: Int64
    package var rater: String
    package var preference: Preference
    /// Whether the side shown first was chosen; nil for a tie or an open rating.
    package var choseFirst: Bool?
    /// Whether the item was a repeat with its sides swapped.
    package var isRepeat: Bool

    /// Undoes the blinding of a rating; nil where a rating by side has no item.
    init?(_ rated: RatedPair) {
        pairRowID = rated.pairRowID
        rater = rated.rating.rater
        isRepeat = rated.item?.swappedOf != nil
        switch rated.rating.choice {
        case .bothGood, .bothBad, .tie: preference = .tie
        case .stable: preference = .stable
        case .shadow: preference = .shadow
        case .sideA, .sideB:
            guard let item = rated.item else { return nil }
            let isFirst = rated.rating.choice == .sideA
            choseFirst = isFirst
            preference = (isFirst ? item.sideA : item.sideB) == .shadow ? .shadow : .stable
        }
    }
}
