import GRDB

/// Which stores have closed an experiment: a merged experiment is closed when all that ran it have closed it.
struct MergedRuns: Sendable, Equatable {
    /// When a store closed an experiment; nil while it runs there.
    private struct Run: Sendable, Equatable {
        var closedAt: Int64?
    }

    /// By experiment and store.
    private var runs: [String: [String: Run]] = [:]

    /// Reads what a store knows of its own runs and of those that were merged into it.
    ///
    /// The column of the experiment is the sum of all runs. Where it says something else, the store itself has been served
    /// since, or nothing was merged yet.
    init(_ db: Database, schema: String, store: String) throws {
        let remembered = try Row.fetchAll(
            db,
            sql: """
                SELECT e.name, o.store_id, m.closed_at_us FROM \(schema).merged_experiment m
                JOIN \(schema).merged_source o ON o.id = m.source_id
                JOIN \(schema).experiment e ON e.id = m.experiment_id
                """
        )
        for row in remembered {
            let row = StoredRow(row, of: "merged_experiment")
            runs[try row.text(0, "name"), default: [:]][try row.text(1, "store_id")] = Run(
                closedAt: try row.optionalInteger(2, "closed_at_us", in: StoredRange.times)
            )
        }
        // What was only imported never ran.
        let experiments = try Row.fetchAll(
            db,
            sql: "SELECT name, closed_at_us FROM \(schema).experiment WHERE started_at_us IS NOT NULL"
        )
        for row in experiments {
            let row = StoredRow(row, of: "experiment")
            let name = try row.text(0, "name")
            let closedAt = try row.optionalInteger(1, "closed_at_us", in: StoredRange.times)
            if runs[name] == nil || Self.closedAt(runs[name]) != closedAt {
                runs[name, default: [:]][store] = Run(closedAt: closedAt)
            }
        }
    }

    /// These runs and those of another store, of each the later state.
    func taking(_ other: MergedRuns, _ verdicts: [String: MergeCounters.Verdict]) -> MergedRuns {
        var result = self
        for (name, offered) in other.runs {
            for (store, run) in offered {
                switch (verdicts[store] ?? .same, result.runs[name]?[store]) {
                case (.behind, _): break
                case (.ahead, _), (.same, nil): result.runs[name, default: [:]][store] = run
                case (.same, .some(let known)):
                    // With the same counts the closed one is the later.
                    let closedAt = [known.closedAt, run.closedAt].compactMap(\.self).max()
                    result.runs[name, default: [:]][store] = Run(closedAt: closedAt)
                }
            }
        }
        return result
    }

    /// Keeps the runs, and closes or opens the experiments by them.
    func write(_ db: Database) throws {
        for (name, stores) in runs.sorted(by: { $0.key < $1.key }) {
            for (store, run) in stores.sorted(by: { $0.key < $1.key }) {
                try db.execute(
                    sql: "INSERT INTO main.merged_source (store_id) VALUES (?) ON CONFLICT DO NOTHING",
                    arguments: [store]
                )
                try db.execute(
                    sql: """
                        INSERT INTO main.merged_experiment (source_id, experiment_id, closed_at_us)
                        SELECT o.id, e.id, ? FROM main.merged_source o, main.experiment e
                        WHERE o.store_id = ? AND e.name = ?
                        ON CONFLICT (source_id, experiment_id) DO UPDATE SET closed_at_us = excluded.closed_at_us
                        WHERE closed_at_us IS NOT excluded.closed_at_us
                        """,
                    arguments: [run.closedAt, store, name]
                )
            }
            try db.execute(
                sql: "UPDATE main.experiment SET closed_at_us = ?1 WHERE name = ?2 AND closed_at_us IS NOT ?1",
                arguments: [Self.closedAt(stores), name]
            )
        }
    }

    /// When the last run ended; nil while one goes on.
    private static func closedAt(_ runs: [String: Run]?) -> Int64? {
        let times = (runs ?? [:]).values.map(\.closedAt)
        return times.contains(nil) ? nil : times.compactMap(\.self).max()
    }
}
