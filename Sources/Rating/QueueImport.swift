package import Formats
import Foundation
package import PairStore

/// Takes ratings back into a store.
package enum QueueImport {
    /// What came of a file.
    package struct Result: Sendable, Equatable {
        package var format: RatingFile.Format
        package var counts: RatingCounts
        /// Tasks and rows that nobody answered.
        package var skipped: Int
    }

    /// Reads a file of ratings in whatever form, and keeps them all or none.
    ///
    /// - Parameters:
    ///   - bytes: the file.
    ///   - store: with the items or pairs that the ratings are about.
    ///   - policy: what of comments may be kept.
    ///   - keepingKnown: whether ratings of known items are kept where others are unknown.
    /// - Returns: what was read and kept; where `counts.unknown` is not empty and not `keepingKnown`, nothing was.
    /// - Throws: `LineError` for what cannot be read, and what the store says.
    package static func read(
        _ bytes: [UInt8],
        into store: Store,
        policy: TextPolicy,
        keepingKnown: Bool = false
    ) throws -> Result {
        let file = try RatingFile(parsing: bytes)
        let ratings = file.ratings.map(StoredRating.init)
        let counts = try store.ratings.save(ratings, policy: policy, keepingKnown: keepingKnown)
        return Result(format: file.format, counts: counts, skipped: file.skipped)
    }
}

extension StoredRating {
    /// A line as the store keeps it.
    init(_ line: RatingLine) {
        switch line.judgement {
        case .blind(let item, let choice, let harm):
            self.init(
                subject: .item(item),
                rater: line.rater,
                choice: choice,
                harm: harm,
                comment: line.comment,
                time: line.time
            )
        case .open(let pair, let preferred, let harm):
            self.init(
                subject: .pair(pair),
                rater: line.rater,
                choice: preferred,
                harm: harm,
                comment: line.comment,
                time: line.time
            )
        }
    }
}
