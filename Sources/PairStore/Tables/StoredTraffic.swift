/// The rate table per UTC day and class, the traffic from which it is made, and what was drawn.

import GRDB
package import Vocabulary

/// The share of a class's sessions that is drawn on a day.
package struct SamplingRate: Sendable, Equatable {
    /// UTC days since 1970.
    package var day: Int
    /// nil for every class that has no rate of its own.
    package var intent: IntentClass?
    /// 0…1.
    package var rate: Double

    package init(day: Int, intent: IntentClass?, rate: Double) {
        self.day = day
        self.intent = intent
        self.rate = rate
    }
}

/// What came of a class on a day, drawn or not.
package struct DayTraffic: Sendable, Equatable {
    /// UTC days since 1970.
    package var day: Int
    package var intent: IntentClass
    package var requests: Int
    /// Distinct sessions, or an estimate of their number.
    package var sessions: Int
    /// Requests whose shadow reported its tokens.
    package var played: Int
    /// Tokens of these, input and output.
    package var tokens: Int
    /// The part of the day that was observed, 0…1.
    package var observedShare: Double

    package init(
        day: Int,
        intent: IntentClass,
        requests: Int,
        sessions: Int,
        played: Int = 0,
        tokens: Int = 0,
        observedShare: Double = 1
    ) {
        self.day = day
        self.intent = intent
        self.requests = requests
        self.sessions = sessions
        self.played = played
        self.tokens = tokens
        self.observedShare = observedShare
    }
}

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

extension Store {
    /// Keeps the tables of some days; the table that is there for such a day is replaced as a whole.
    package func saveRates(_ rates: [SamplingRate], experiment: ExperimentID) throws {
        try write { db in
            for day in Set(rates.map(\.day)) {
                try db.execute(
                    sql: "DELETE FROM sampling_rate WHERE experiment_id = ? AND day = ?",
                    arguments: [experiment.rawValue, day]
                )
            }
            for rate in rates {
                let intent = try PairInserter.intentID(rate.intent?.rawValue ?? "", db)
                try db.execute(
                    sql: "INSERT INTO sampling_rate (experiment_id, day, intent_id, rate) VALUES (?, ?, ?, ?)",
                    arguments: [experiment.rawValue, rate.day, intent, rate.rate]
                )
            }
        }
    }

    /// The table of a day, under nil the rate of every other class; empty where none was kept.
    package func rates(experiment: ExperimentID, day: Int) throws -> [IntentClass?: Double] {
        try read { db in
            let rows = try Row.fetchAll(
                db,
                sql: """
                    SELECT i.name, r.rate FROM sampling_rate r JOIN intent_class i ON i.id = r.intent_id
                    WHERE r.experiment_id = ? AND r.day = ?
                    """,
                arguments: [experiment.rawValue, day]
            )
            return try rows.reduce(into: [:]) { rates, row in
                let row = StoredRow(row, of: "sampling_rate")
                rates[Self.classified(try row.text(0, "intent_id"))] = try row.number(1, "rate", in: StoredRange.shares)
            }
        }
    }

    /// Adds to the traffic of days; of the parts that were observed the largest stands.
    package func addTraffic(_ traffic: [DayTraffic], experiment: ExperimentID) throws {
        try write { db in
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
    package func traffic(experiment: ExperimentID, days: Range<Int>) throws -> [DayTraffic] {
        try read { db in
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

    /// Pairs and sessions by class and UTC day; nil for all experiments together.
    package func pairCounts(experiment: ExperimentID? = nil) throws -> [PairCount] {
        try read { db in
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
