import GRDB
package import Vocabulary

/// The stored pairs of a class on a day.
package struct PairCount: Sendable, Equatable {
    package var intent: IntentClass
    /// UTC days since 1970.
    package var day: Int
    package var pairs: Int
    /// Distinct sessions among them; a pair without one is one of its own.
    package var sessions: Int

    package init(intent: IntentClass, day: Int, pairs: Int, sessions: Int) {
        self.intent = intent
        self.day = day
        self.pairs = pairs
        self.sessions = sessions
    }
}

extension PairTable {
    /// Whether there is no pair.
    package var isEmpty: Bool {
        get throws {
            try connection.read { db in try !(Bool.fetchOne(db, sql: "SELECT EXISTS (SELECT 1 FROM pair)") ?? false) }
        }
    }

    /// Pairs and sessions by class and UTC day; nil for all experiments together.
    package func counts(experiment: ExperimentID? = nil) throws -> [PairCount] {
        try connection.read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT i.name, p.day, p.pairs, p.sessions FROM (
                        SELECT intent_id, (received_at_us - (received_at_us % 86400000000 + 86400000000) % 86400000000)
                                / 86400000000 AS day,
                            count(*) AS pairs, count(DISTINCT session_id) + sum(session_id IS NULL) AS sessions
                        FROM pair WHERE ?1 IS NULL OR experiment_id = ?1 GROUP BY 1, 2
                    ) p LEFT JOIN intent_class i ON i.id = p.intent_id ORDER BY i.name, p.day
                    """,
                arguments: [experiment?.rawValue]
            ).map { row in
                let row = StoredRow(row, of: "pair")
                return PairCount(
                    intent: IntentClass(rawValue: try row.text(0, "intent_id")),
                    day: try row.count(1, "received_at_us", in: StoredRange.days),
                    pairs: try row.count(2, "id"),
                    sessions: try row.count(3, "session_id")
                )
            }
        }
    }
}
