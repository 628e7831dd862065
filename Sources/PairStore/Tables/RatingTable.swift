import Foundation
import GRDB
import Vocabulary

/// Rating items as they were exported, and the ratings that came back.
///
/// Which side was which is known only here: an exported item names neither model.
package struct RatingTable {
    let connection: StoreConnection

    /// Keeps a round with its items, all or nothing, once.
    ///
    /// - Returns: false where a round of this name is there; then nothing is changed.
    package func saveRound(_ round: RatingRound, items: [RatingItem]) throws -> Bool {
        try connection.write { db in
            try db.execute(
                sql: """
                    INSERT INTO rating_round (name, seed, exported_at_us) VALUES (?, ?, ?)
                    ON CONFLICT (name) DO NOTHING
                    """,
                arguments: [round.name, Int64(bitPattern: round.seed), round.exportedAt.microseconds]
            )
            guard db.changesCount == 1 else { return false }
            let roundID = db.lastInsertedRowID
            for item in items {
                try db.cachedStatement(
                    sql: """
                        INSERT INTO rating_item (uid, round_id, pair_id, side_a_leg_id, side_b_leg_id,
                            inclusion_probability, reason, swapped_of)
                        VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                        """
                ).execute(arguments: [
                    item.id, roundID, item.pairRowID, item.sideA.rowID, item.sideB.rowID, item.inclusionProbability,
                    item.reason, item.swappedOf,
                ])
            }
            return true
        }
    }

    /// The items of a round in the order in which they were saved.
    package func items(round name: String) throws -> [RatingItem] {
        try connection.read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT \(Self.itemColumns) FROM rating_item t JOIN rating_round r ON r.id = t.round_id
                    WHERE r.name = ? ORDER BY t.id
                    """,
                arguments: [name]
            ).map { try Self.item(StoredRow($0, of: "rating_item")) }
        }
    }

    /// Keeps ratings in one transaction; the same rater's second word on the same item replaces the first.
    ///
    /// - Parameters:
    ///   - ratings: in any order; of two by one rater on one subject the later in the list stays.
    ///   - policy: what of their comments is kept.
    ///   - keepingKnown: whether the others are kept where some are about unknown items; otherwise nothing is changed.
    /// - Returns: what was done, and the subjects that are unknown.
    /// - Throws: what SQLite says.
    package func save(
        _ ratings: [StoredRating],
        policy: TextPolicy,
        keepingKnown: Bool = false
    ) throws -> RatingCounts {
        try connection.write { db in
            var counts = RatingCounts()
            let rated = try ratings.map { try rows(of: $0.subject, db) }
            counts.unknown = zip(ratings, rated).filter { $1 == nil }.map(\.0.subject)
            guard keepingKnown || counts.unknown.isEmpty else { return counts }
            for case (let rating, let rows?) in zip(ratings, rated) { try save(rating, of: rows, policy, &counts, db) }
            return counts
        }
    }

    /// Every rating with its pair, in the order in which they came.
    ///
    /// - Parameter experiment: nil for all.
    /// - Returns: open ratings without an item.
    /// - Throws: what SQLite says.
    package func ratedPairs(experiment: ExperimentID? = nil) throws -> [RatedPair] {
        try connection.read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT \(Self.itemColumns), g.rater, g.choice, g.harm, g.comment, g.rated_at_us,
                        p.id, p.uid, i.name, s.hash, p.sampling_probability, g.id
                    FROM rating g
                    JOIN pair p ON p.id = g.pair_id
                    LEFT JOIN intent_class i ON i.id = p.intent_id
                    LEFT JOIN session s ON s.id = p.session_id
                    LEFT JOIN rating_item t ON t.id = g.item_id
                    WHERE ?1 IS NULL OR p.experiment_id = ?1 ORDER BY g.id
                    """,
                arguments: [experiment?.rawValue]
            ).map(Self.ratedPair)
        }
    }

    /// Every round and how far it has come, the oldest first.
    package func status() throws -> [RatingRoundStatus] {
        try connection.read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT r.name, r.seed, r.exported_at_us, count(DISTINCT t.id), count(DISTINCT g.item_id),
                        count(DISTINCT g.id), count(DISTINCT g.rater)
                    FROM rating_round r
                    LEFT JOIN rating_item t ON t.round_id = r.id LEFT JOIN rating g ON g.item_id = t.id
                    GROUP BY r.id ORDER BY r.id
                    """
            ).map { row in
                let row = StoredRow(row, of: "rating_round")
                return RatingRoundStatus(
                    round: RatingRound(
                        name: try row.text(0, "name"),
                        seed: UInt64(bitPattern: try row.integer(1, "seed")),
                        exportedAt: try row.time(2, "exported_at_us")
                    ),
                    items: try row.count(3, "id"),
                    ratedItems: try row.count(4, "id"),
                    ratings: try row.count(5, "id"),
                    raters: try row.count(6, "id")
                )
            }
        }
    }

    // MARK: - Rows

    private static let itemColumns =
        "t.uid, t.pair_id, t.side_a_leg_id, t.side_b_leg_id, t.inclusion_probability, t.reason, t.swapped_of"

    /// The item whose columns come first in a row.
    private static func item(_ row: StoredRow) throws -> RatingItem {
        RatingItem(
            id: try row.text(0, "uid"),
            pairRowID: try row.integer(1, "pair_id", in: StoredRange.rowIDs),
            sideA: try row.word(2, "side_a_leg_id", Leg.init(rowID:)),
            sideB: try row.word(3, "side_b_leg_id", Leg.init(rowID:)),
            inclusionProbability: try row.optionalNumber(
                4,
                "inclusion_probability",
                in: StoredRange.probabilities
            ),
            reason: try row.text(5, "reason"),
            swappedOf: try row.optionalText(6, "swapped_of")
        )
    }

    private static func ratedPair(_ row: Row) throws -> RatedPair {
        let unnumbered = StoredRow(row, of: "rating")
        let pairRowID = try unnumbered.integer(12, "pair_id", in: StoredRange.rowIDs)
        let row = StoredRow(row, of: "rating", number: try unnumbered.integer(17, "id"))
        let item = try row.isNull(0) ? nil : item(row)
        let pairID = try row.text(13, "pair_id")
        let session = try row.optionalHash(15, "session_id")
        return RatedPair(
            rating: StoredRating(
                subject: item.map { .item($0.id) } ?? .pair(pairID),
                rater: try row.text(7, "rater"),
                choice: try row.choice(8, "choice"),
                harm: try row.optionalChoice(9, "harm"),
                comment: try row.optionalText(10, "comment"),
                time: try row.optionalTime(11, "rated_at_us")
            ),
            item: item,
            pairRowID: pairRowID,
            pairID: pairID,
            intent: IntentClass(rawValue: try row.text(14, "intent_id")),
            session: session.map { SessionKey(SessionHash(hex: $0.hex)) } ?? SessionKey(pairWithoutSession: pairID),
            samplingProbability: try row.number(16, "sampling_probability", in: StoredRange.probabilities)
        )
    }

    /// The rows that a rating is about.
    private struct Rated {
        /// nil for an open rating.
        var item: Int64?
        var pair: Int64
    }

    /// nil for what the store does not have.
    private func rows(of subject: RatingSubject, _ db: Database) throws -> Rated? {
        let row =
            switch subject {
            case .item(let id):
                try Row.fetchOne(db, sql: "SELECT id, pair_id FROM rating_item WHERE uid = ?", arguments: [id])
            case .pair(let id):
                try Row.fetchOne(db, sql: "SELECT NULL, id FROM pair WHERE uid = ?", arguments: [id])
            }
        guard let row else { return nil }
        let known = StoredRow(row, of: "rating_item")
        return Rated(item: try known.optionalInteger(0, "id"), pair: try known.integer(1, "pair_id"))
    }

    private func save(
        _ rating: StoredRating,
        of rated: Rated,
        _ policy: TextPolicy,
        _ counts: inout RatingCounts,
        _ db: Database
    ) throws {
        let comment = rating.comment.map { policy.scope().redact($0) }
        let present = try Row.fetchOne(
            db,
            sql: """
                SELECT id, choice, harm, comment, rated_at_us FROM rating
                WHERE rater = ?1 AND (item_id = ?2 OR (?2 IS NULL AND item_id IS NULL AND pair_id = ?3))
                """,
            arguments: [rating.rater, rated.item, rated.pair]
        )
        guard let present else {
            try db.execute(
                sql: """
                    INSERT INTO rating (item_id, pair_id, rater, choice, harm, comment, rated_at_us)
                    VALUES (?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    rated.item, rated.pair, rating.rater, rating.choice.rawValue, rating.harm?.rawValue, comment,
                    rating.time?.microseconds,
                ]
            )
            counts.added += 1
            return
        }
        let stored = StoredRow(present, of: "rating")
        let presentID = try stored.integer(0, "id")
        let words = (
            try stored.text(1, "choice"), try stored.optionalText(2, "harm"), try stored.optionalText(3, "comment")
        )
        let isSame = words == (rating.choice.rawValue, rating.harm?.rawValue, comment)
        let time = try stored.optionalInteger(4, "rated_at_us")
        guard !isSame || time != rating.time?.microseconds else {
            counts.unchanged += 1
            return
        }
        try db.execute(
            sql: "UPDATE rating SET choice = ?, harm = ?, comment = ?, rated_at_us = ? WHERE id = ?",
            arguments: [
                rating.choice.rawValue, rating.harm?.rawValue, comment, rating.time?.microseconds,
                presentID,
            ]
        )
        counts.replaced += 1
    }
}
