/// What a rater chose: of a blind item by side, of an open pair by name.
package enum RatingChoice: String, Sendable, Hashable, CaseIterable {
    case sideA = "a"
    case sideB = "b"
    case bothGood = "both_good"
    case bothBad = "both_bad"
    case stable
    case shadow
    case tie

    /// What a rater can choose who does not know which answer is whose.
    package static let blind: [RatingChoice] = [.sideA, .sideB, .bothGood, .bothBad]
    /// What a rater can choose who is known by whose answer is better.
    package static let open: [RatingChoice] = [.stable, .shadow, .tie]
}

/// Which answer a rater found harmful: of a blind item by side, of an open pair by name.
package enum RatingHarm: String, Sendable, Hashable, CaseIterable {
    case sideA = "a"
    case sideB = "b"
    case both
    case stable
    case shadow

    /// What a rater can say who does not know which answer is whose.
    package static let blind: [RatingHarm] = [.sideA, .sideB, .both]
    /// What a rater can say who knows it.
    package static let open: [RatingHarm] = [.stable, .shadow, .both]
}
