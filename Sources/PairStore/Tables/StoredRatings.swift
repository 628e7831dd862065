package import Foundation
package import Vocabulary

/// One pair shown to raters in one order of its sides.
package struct RatingItem: Sendable, Equatable {
    /// Unique in a store; it tells nothing about the sides.
    package var id: String
    package var pairRowID: Int64
    package var sideA: Leg
    package var sideB: Leg
    /// With which the pair was drawn into the probability sample of its class; nil for a targeted item.
    package var inclusionProbability: Double?
    /// Why it was chosen, in the rating module's own word.
    package var reason: String
    /// The id of the item that this one repeats with its sides swapped.
    package var swappedOf: String?

    package init(
        id: String,
        pairRowID: Int64,
        sideA: Leg,
        sideB: Leg,
        inclusionProbability: Double?,
        reason: String,
        swappedOf: String? = nil
    ) {
        self.id = id
        self.pairRowID = pairRowID
        self.sideA = sideA
        self.sideB = sideB
        self.inclusionProbability = inclusionProbability
        self.reason = reason
        self.swappedOf = swappedOf
    }
}

/// One export of items.
package struct RatingRound: Sendable, Equatable {
    package var name: String
    package var seed: UInt64
    package var exportedAt: Date

    package init(name: String, seed: UInt64, exportedAt: Date) {
        self.name = name
        self.seed = seed
        self.exportedAt = exportedAt
    }
}

/// What a rating is about.
package enum RatingSubject: Sendable, Hashable {
    /// An exported item, by its id.
    case item(String)
    /// A pair, by its id.
    case pair(String)
}

/// One rater's word on one item or pair.
package struct StoredRating: Sendable, Equatable {
    package var subject: RatingSubject
    package var rater: String
    package var choice: RatingChoice
    package var harm: RatingHarm?
    package var comment: String?
    package var time: Date?

    package init(
        subject: RatingSubject,
        rater: String,
        choice: RatingChoice,
        harm: RatingHarm? = nil,
        comment: String? = nil,
        time: Date? = nil
    ) {
        self.subject = subject
        self.rater = rater
        self.choice = choice
        self.harm = harm
        self.comment = comment
        self.time = time
    }
}

/// A rating with what is needed to weigh it and to tell its sides apart.
package struct RatedPair: Sendable, Equatable {
    package var rating: StoredRating
    /// nil for an open rating.
    package var item: RatingItem?
    package var pairRowID: Int64
    package var pairID: String
    package var intent: IntentClass
    package var session: SessionKey
    package var samplingProbability: Double
}

/// What saving ratings did.
package struct RatingCounts: Sendable, Equatable {
    package var added = 0
    /// The same rater had rated the same item differently.
    package var replaced = 0
    package var unchanged = 0
    /// Items or pairs that the store does not have.
    package var unknown: [RatingSubject] = []

    package init() {}
}

/// How far the rating of a round has come.
package struct RatingRoundStatus: Sendable, Equatable {
    package var round: RatingRound
    package var items: Int
    /// Items with at least one rating.
    package var ratedItems: Int
    package var ratings: Int
    package var raters: Int
}
