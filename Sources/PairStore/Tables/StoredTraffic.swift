import GRDB
package import Vocabulary

/// The rate table per UTC day and class, and the traffic from which it is made.
package struct TrafficTable {
    let connection: StoreConnection

    /// Keeps the table of a day; the one that is there is replaced as a whole.
    package func save(_ table: RateTable, experiment: ExperimentID) throws {
        try connection.write { db in
            try db.execute(
                sql: "DELETE FROM sampling_rate WHERE experiment_id = ? AND day = ?",
                arguments: [experiment.rawValue, table.day]
            )
            let rates = table.rates.map { ($0.key.rawValue, $0.value) } + [("", table.otherwise)]
            for (name, rate) in rates {
                try db.execute(
                    sql: "INSERT INTO sampling_rate (experiment_id, day, intent_id, rate) VALUES (?, ?, ?, ?)",
                    arguments: [experiment.rawValue, table.day, try PairInserter.intentID(name, db), rate]
                )
            }
        }
    }

    /// The table of a day; nil where none was kept.
    package func rates(experiment: ExperimentID, day: Int) throws -> RateTable? {
        try connection.read { db in
            let rows = try Row.fetchAll(
                db,
                sql: """
                    SELECT i.name, r.rate FROM sampling_rate r JOIN intent_class i ON i.id = r.intent_id
                    WHERE r.experiment_id = ? AND r.day = ?
                    """,
                arguments: [experiment.rawValue, day]
            )
            var rates: [IntentClass: Double] = [:]
            var otherwise: Double?
            for row in rows {
                let row = StoredRow(row, of: "sampling_rate")
                let intent = IntentClass(column: try row.text(0, "intent_id"))
                let rate = try row.number(1, "rate", in: StoredRange.shares)
                if let intent { rates[intent] = rate } else { otherwise = rate }
            }
            return otherwise.map { RateTable(day: day, rates: rates, otherwise: $0) }
        }
    }

    /// Adds to the traffic of days; of the parts that were observed the largest stands.
    package func add(_ traffic: [DayTraffic], experiment: ExperimentID) throws {
        try connection.write { db in
            for day in traffic {
                let intent = try PairInserter.intentID(day.intent.rawValue, db)
                try db.execute(
                    sql: """
                        INSERT INTO day_traffic (experiment_id, day, intent_id, request_count, session_count,
                            played_count, token_count, observed_share)
                        VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                        ON CONFLICT (experiment_id, day, intent_id) DO UPDATE SET
                            request_count = request_count + excluded.request_count,
                            session_count = session_count + excluded.session_count,
                            played_count = played_count + excluded.played_count,
                            token_count = token_count + excluded.token_count,
                            observed_share = max(observed_share, excluded.observed_share)
                        """,
                    arguments: [
                        experiment.rawValue, day.day, intent, day.requests, day.sessions, day.played, day.tokens,
                        day.observedShare,
                    ]
                )
            }
        }
    }

    /// The traffic of a range of UTC days, by day and class.
    package func days(experiment: ExperimentID, days: Range<Int>) throws -> [DayTraffic] {
        try connection.read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT t.day, i.name, t.request_count, t.session_count, t.played_count, t.token_count,
                        t.observed_share
                    FROM day_traffic t JOIN intent_class i ON i.id = t.intent_id
                    WHERE t.experiment_id = ? AND t.day >= ? AND t.day < ? ORDER BY t.day, i.name
                    """,
                arguments: [experiment.rawValue, days.lowerBound, days.upperBound]
            ).map { row in
                let row = StoredRow(row, of: "day_traffic")
                return DayTraffic(
                    day: try row.count(0, "day", in: StoredRange.days),
                    intent: IntentClass(rawValue: try row.text(1, "intent_id")),
                    requests: try row.count(2, "request_count"),
                    sessions: try row.count(3, "session_count"),
                    played: try row.count(4, "played_count"),
                    tokens: try row.count(5, "token_count"),
                    observedShare: try row.number(6, "observed_share", in: StoredRange.shares)
                )
            }
        }
    }
}
