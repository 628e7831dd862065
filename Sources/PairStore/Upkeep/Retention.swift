// What keeps a store small: texts go when they are old, or oldest first when the store is larger than it may be.
//
// What was computed from a text outlives it: scores and figures stay until they are old themselves. Everything that
// deletes does so in small transactions, so that a serving process's batches get their turn, and pages that become free
// are given back to the file system in small steps.

package import Foundation
import GRDB
import Vocabulary

/// How long what is kept; nil keeps it.
package struct Retention: Sendable, Equatable {
    /// After the newest pair with the prompt.
    package var prompts: Duration?
    /// The answers' texts; figures and scores stay.
    package var texts: Duration?
    /// Whole pairs: figures, scores and ratings, and their texts with them.
    package var figures: Duration?

    package init(prompts: Duration? = nil, texts: Duration? = nil, figures: Duration? = nil) {
        self.prompts = prompts
        self.texts = texts
        self.figures = figures
    }
}

/// What retention deleted.
package struct PruneCounts: Sendable, Equatable {
    package var prompts = 0
    package var texts = 0
    package var pairs = 0

    package init(prompts: Int = 0, texts: Int = 0, pairs: Int = 0) {
        self.prompts = prompts
        self.texts = texts
        self.pairs = pairs
    }
}

extension StoreUpkeep {
    private static let stepCount = 500

    /// Bytes in use within the file, without its free pages.
    package func usedBytes() throws -> Int {
        try store.read { db in
            let pages = try Int.fetchOne(db, sql: "PRAGMA page_count") ?? 0
            let free = try Int.fetchOne(db, sql: "PRAGMA freelist_count") ?? 0
            return (pages - free) * (try Int.fetchOne(db, sql: "PRAGMA page_size") ?? 0)
        }
    }

    /// Deletes what has been kept long enough: prompts, texts, whole pairs.
    package func prune(_ retention: Retention, now: Date) throws -> PruneCounts {
        var counts = PruneCounts()
        if let age = retention.prompts {
            counts.prompts = try deleteInSteps(
                "DELETE FROM prompt WHERE id IN (SELECT id FROM prompt WHERE received_at_us < ? LIMIT ?)",
                now.microseconds - age.wholeMicroseconds
            )
        }
        if let age = retention.texts {
            counts.texts = try deleteInSteps(
                """
                DELETE FROM content WHERE pair_id IN (
                    SELECT p.id FROM content c JOIN pair p ON p.id = c.pair_id WHERE p.received_at_us < ? LIMIT ?)
                """,
                now.microseconds - age.wholeMicroseconds
            )
        }
        if let age = retention.figures {
            counts.pairs = try deleteInSteps(
                "DELETE FROM pair WHERE id IN (SELECT id FROM pair WHERE received_at_us < ? LIMIT ?)",
                now.microseconds - age.wholeMicroseconds
            )
        }
        if counts != PruneCounts() { try giveBackPages() }
        return counts
    }

    /// Deletes the oldest texts until no more bytes are in use than these; figures stay.
    ///
    /// - Parameter bytes: what may be in use.
    /// - Returns: how many texts and prompts were deleted; with none left to delete the store may still be larger.
    /// - Throws: what SQLite says; what was deleted until then stays deleted.
    package func pruneOldestTexts(toFit bytes: Int) throws -> PruneCounts {
        var counts = PruneCounts()
        while try usedBytes() > bytes {
            let step = try store.write { db in try Self.deleteOldestTexts(db) }
            guard step != PruneCounts() else { break }
            counts.texts += step.texts
            counts.prompts += step.prompts
        }
        if counts != PruneCounts() { try giveBackPages() }
        return counts
    }

    /// Some of the oldest pairs' texts, and the prompts that nobody asked since.
    private static func deleteOldestTexts(_ db: Database) throws -> PruneCounts {
        // In the order of storing, which is that of time but for imports.
        let oldest = try Int64.fetchAll(
            db,
            sql: """
                SELECT pair_id FROM content ORDER BY pair_id LIMIT ?
                """,
            arguments: [stepCount]
        )
        var counts = PruneCounts()
        if let first = oldest.first, let last = oldest.last {
            let rows: StatementArguments = [first, last]
            try db.execute(sql: "DELETE FROM content WHERE pair_id BETWEEN ? AND ?", arguments: rows)
            counts.texts = db.changesCount
            // A prompt that was asked again later stays for its newer pair.
            try db.execute(
                sql: """
                    DELETE FROM prompt WHERE id IN (
                            SELECT t.id FROM pair p JOIN prompt t ON \(Schema.sameHash("t.hash", "p.prompt_hash"))
                            WHERE p.id BETWEEN ?1 AND ?2)
                        AND received_at_us <= (SELECT max(received_at_us) FROM pair WHERE id BETWEEN ?1 AND ?2)
                    """,
                arguments: rows
            )
        } else {
            try db.execute(
                sql: "DELETE FROM prompt WHERE id IN (SELECT id FROM prompt ORDER BY received_at_us LIMIT ?)",
                arguments: [stepCount]
            )
        }
        counts.prompts = db.changesCount
        return counts
    }

    private func deleteInSteps(_ sql: String, _ before: Int64) throws -> Int {
        var total = 0
        while true {
            let count = try store.write { db in
                try db.execute(sql: sql, arguments: [before, Self.stepCount])
                return db.changesCount
            }
            total += count
            if count < Self.stepCount { return total }
        }
    }
}
