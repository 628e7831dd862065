/// The rate table per UTC day and class, the traffic from which it is made, and what was drawn.

import GRDB
package import Vocabulary

/// The share of a class's sessions that is drawn on a day.
package struct SamplingRate: Sendable, Equatable {
    /// UTC days since 1970.
    package var day: Int
    package var intent: IntentClass
    /// 0…1.
    package var rate: Double

    package init(day: Int, intent: IntentClass, rate: Double) {
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

    package init(day: Int, intent: IntentClass, requests: Int, sessions: Int) {
        self.day = day
        self.intent = intent
        self.requests = requests
        self.sessions = sessions
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

extension PairStore {
    /// Keeps rates; a rate that is there for the same day and class is replaced.
    package func saveRates(_ rates: [SamplingRate], experiment: ExperimentID) throws {
        try write { db in
            for rate in rates {
                let intent = try PairInserter.intentID(rate.intent.rawValue, db)
                try db.execute(
                    sql: """
                        INSERT INTO sampling_rate (experiment_id, day, intent_id, rate) VALUES (?, ?, ?, ?)
                        ON CONFLICT (experiment_id, day, intent_id) DO UPDATE SET rate = excluded.rate
                        """,
                    arguments: [experiment.rawValue, rate.day, intent, rate.rate]
                )
            }
        }
    }

    /// The rates of a day; empty where none were set.
    package func rates(experiment: ExperimentID, day: Int) throws -> [IntentClass: Double] {
        try read { db in
            let rows = try Row.fetchAll(
                db,
                sql: """
                    SELECT i.name, r.rate FROM sampling_rate r JOIN intent_class i ON i.id = r.intent_id
                    WHERE r.experiment_id = ? AND r.day = ?
                    """,
                arguments: [experiment.rawValue, day]
            )
            return Dictionary(uniqueKeysWithValues: rows.map { (IntentClass(rawValue: $0[0]), $0[1]) })
        }
    }

    /// Adds to the traffic of days.
    package func addTraffic(_ traffic: [DayTraffic], experiment: ExperimentID) throws {
        try write { db in
            for day in traffic {
                let intent = try PairInserter.intentID(day.intent.rawValue, db)
                try db.execute(
                    sql: """
                        INSERT INTO day_traffic (experiment_id, day, intent_id, request_count, session_count)
                        VALUES (?, ?, ?, ?, ?)
                        ON CONFLICT (experiment_id, day, intent_id) DO UPDATE SET
                            request_count = request_count + excluded.request_count,
                            session_count = session_count + excluded.session_count
                        """,
                    arguments: [experiment.rawValue, day.day, intent, day.requests, day.sessions]
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
                    SELECT t.day, i.name, t.request_count, t.session_count
                    FROM day_traffic t JOIN intent_class i ON i.id = t.intent_id
                    WHERE t.experiment_id = ? AND t.day >= ? AND t.day < ? ORDER BY t.day, i.name
                    """,
                arguments: [experiment.rawValue, days.lowerBound, days.upperBound]
            ).map {
                DayTraffic(day: $0[0], intent: IntentClass(rawValue: $0[1]), requests: $0[2], sessions: $0[3])
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
                    ) p JOIN intent_class i ON i.id = p.intent_id ORDER BY i.name, p.day
                    """,
                arguments: [experiment?.rawValue]
            ).map {
                PairCount(intent: IntentClass(rawValue: $0[0]), day: $0[1], pairs: $0[2], sessions: $0[3])
            }
        }
    }
}
