package import Foundation
import GRDB
package import Vocabulary

/// Experiments as they were declared, what was changed in them afterwards, and what was rejected.
package struct ExperimentTable {
    let connection: StoreConnection

    /// Declares an experiment, or goes on with the one of that name.
    ///
    /// The start and the seed of the first declaration stay. What else differs replaces what was declared and is recorded
    /// as a change, with what stood there before.
    ///
    /// - Parameters:
    ///   - declaration: what is declared.
    ///   - actor: who declares it.
    ///   - time: now.
    /// - Returns: the experiment's number, the same for the same name.
    /// - Throws: what SQLite says.
    package func declare(
        _ declaration: ExperimentDeclaration,
        by actor: String,
        at time: Date
    ) throws -> ExperimentID {
        try connection.write { db in
            let name = declaration.experiment.name
            let sql = "\(Self.experimentColumns) WHERE name = ?"
            guard let row = try Row.fetchOne(db, sql: sql, arguments: [name]) else {
                return try insert(declaration, db)
            }
            let stored = try Self.experiment(row)
            let changes = Self.changes(from: stored, to: declaration)
            if !changes.isEmpty {
                try update(stored.id, to: declaration, db)
                let record = ChangeRecord(
                    kind: .declaration,
                    time: time,
                    actor: actor,
                    text: changes.joined(separator: "; "),
                    replaced: Self.replacedConfiguration(of: stored, by: declaration)
                )
                try insert(record, stored.id, db)
            }
            return stored.id
        }
    }

    /// All experiments, the oldest first.
    package func all() throws -> [StoredExperiment] {
        try connection.read { db in
            try Row.fetchAll(db, sql: "\(Self.experimentColumns) ORDER BY id").map(Self.experiment)
        }
    }

    /// The experiment that was declared last; nil before there is one.
    package func newest() throws -> StoredExperiment? { try all().last }

    /// The experiment of a name; nil where there is none.
    package func named(_ name: String) throws -> StoredExperiment? {
        try all().last { $0.declaration.experiment.name == name }
    }

    /// The experiment of a number; nil where there is none.
    package func numbered(_ id: ExperimentID) throws -> StoredExperiment? { try all().last { $0.id == id } }

    /// Marks an experiment as ended; its sessions need not idle any longer.
    package func close(_ id: ExperimentID, at time: Date) throws {
        try connection.write { db in
            try db.execute(
                sql: "UPDATE experiment SET closed_at_us = ? WHERE id = ?",
                arguments: [time.microseconds, id.rawValue]
            )
            guard db.changesCount == 1 else { throw StoreError.unknownExperiment(id: id.rawValue) }
        }
    }

    /// Records a change.
    package func record(_ change: ChangeRecord, experiment: ExperimentID) throws {
        try connection.write { db in try insert(change, experiment, db) }
    }

    /// Every recorded change of an experiment, the oldest first.
    package func changes(experiment: ExperimentID) throws -> [ChangeRecord] {
        try connection.read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT kind, changed_at_us, actor, text, replaced FROM change_record
                    WHERE experiment_id = ? ORDER BY changed_at_us, id
                    """,
                arguments: [experiment.rawValue]
            ).map { row in
                let row = StoredRow(row, of: "change_record")
                return ChangeRecord(
                    kind: try row.choice(0, "kind"),
                    time: try row.time(1, "changed_at_us"),
                    actor: try row.text(2, "actor"),
                    text: try row.text(3, "text"),
                    replaced: try row.optionalText(4, "replaced")
                )
            }
        }
    }

    /// Records that a gate rejected in a class; the first record of a gate and class stays.
    ///
    /// - Returns: whether it was new.
    @discardableResult
    package func record(_ rejection: Rejection, experiment: ExperimentID) throws -> Bool {
        try connection.write { db in
            try db.execute(
                sql: """
                    INSERT INTO rejection (experiment_id, metric, intent_id, rejected_at_us, e_value, text)
                    VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (experiment_id, metric, intent_id) DO NOTHING
                    """,
                arguments: [
                    experiment.rawValue, rejection.metric,
                    try PairInserter.intentID(rejection.intent?.rawValue ?? "", db),
                    rejection.time.microseconds, rejection.eValue, rejection.text,
                ]
            )
            return db.changesCount == 1
        }
    }

    /// What was rejected, the oldest first.
    package func rejections(experiment: ExperimentID) throws -> [Rejection] {
        try connection.read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT r.metric, i.name, r.rejected_at_us, r.e_value, r.text
                    FROM rejection r JOIN intent_class i ON i.id = r.intent_id
                    WHERE r.experiment_id = ? ORDER BY r.rejected_at_us, r.id
                    """,
                arguments: [experiment.rawValue]
            ).map { row in
                let row = StoredRow(row, of: "rejection")
                return Rejection(
                    metric: try row.text(0, "metric"),
                    intent: IntentClass(column: try row.text(1, "intent_id")),
                    time: try row.time(2, "rejected_at_us"),
                    eValue: try row.optionalNumber(3, "e_value", in: -Double.infinity...Double.infinity),
                    text: try row.text(4, "text")
                )
            }
        }
    }

    // MARK: - Rows

    private static let experimentColumns = """
        SELECT id, name, started_at_us, closed_at_us, horizon_seconds, stable_model, stable_version, shadow_model,
            shadow_version, seed, configuration, gates FROM experiment
        """

    /// A row of `experimentColumns`.
    private static func experiment(_ row: Row) throws -> StoredExperiment {
        let row = try StoredRow(numbered: row, of: "experiment")
        let horizonSeconds = try row.optionalNumber(4, "horizon_seconds", in: StoredRange.horizons)
        return StoredExperiment(
            id: ExperimentID(rawValue: row.number ?? 0),
            declaration: ExperimentDeclaration(
                experiment: Experiment(
                    name: try row.text(1, "name"),
                    startedAt: try row.optionalTime(2, "started_at_us"),
                    horizon: horizonSeconds.map { .fractionalMilliseconds($0 * 1_000) },
                    stableModel: try row.optionalText(5, "stable_model"),
                    stableVersion: try row.optionalText(6, "stable_version"),
                    shadowModel: try row.optionalText(7, "shadow_model"),
                    shadowVersion: try row.optionalText(8, "shadow_version")
                ),
                configuration: try row.text(10, "configuration"),
                declaration: try row.text(11, "gates"),
                seed: UInt64(bitPattern: try row.integer(9, "seed"))
            ),
            closedAt: try row.optionalTime(3, "closed_at_us")
        )
    }

    private func insert(_ declaration: ExperimentDeclaration, _ db: Database) throws -> ExperimentID {
        let experiment = declaration.experiment
        try db.execute(
            sql: """
                INSERT INTO experiment (name, started_at_us, horizon_seconds, stable_model, stable_version,
                    shadow_model, shadow_version, seed, configuration, gates)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                experiment.name, experiment.startedAt?.microseconds,
                experiment.horizon.map { $0.milliseconds / 1_000 },
                experiment.stableModel, experiment.stableVersion, experiment.shadowModel, experiment.shadowVersion,
                Int64(bitPattern: declaration.seed), declaration.configuration, declaration.declaration,
            ]
        )
        return ExperimentID(rawValue: db.lastInsertedRowID)
    }

    private func update(_ id: ExperimentID, to declaration: ExperimentDeclaration, _ db: Database) throws {
        let experiment = declaration.experiment
        try db.execute(
            sql: """
                UPDATE experiment SET closed_at_us = NULL, horizon_seconds = ?, stable_model = ?, stable_version = ?,
                    shadow_model = ?, shadow_version = ?, configuration = ?, gates = ?
                WHERE id = ?
                """,
            arguments: [
                experiment.horizon.map { $0.milliseconds / 1_000 }, experiment.stableModel,
                experiment.stableVersion, experiment.shadowModel, experiment.shadowVersion,
                declaration.configuration, declaration.declaration, id.rawValue,
            ]
        )
    }

    private func insert(_ change: ChangeRecord, _ id: ExperimentID, _ db: Database) throws {
        try db.execute(
            sql: """
                INSERT INTO change_record (experiment_id, kind, changed_at_us, actor, text, replaced)
                VALUES (?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                id.rawValue, change.kind.rawValue, change.time.microseconds, change.actor, change.text, change.replaced,
            ]
        )
    }

    /// A phrase for each part that differs, with what stood there before.
    private static func changes(from stored: StoredExperiment, to new: ExperimentDeclaration) -> [String] {
        let old = stored.declaration
        func horizon(_ experiment: Experiment) -> String? {
            experiment.horizon.map { "\($0.milliseconds / 1_000) s" }
        }
        let parts: [(String, String?, String?)] = [
            ("closed", stored.closedAt.map { "\($0)" }, nil),
            ("horizon", horizon(old.experiment), horizon(new.experiment)),
            ("stable model", old.experiment.stableModel, new.experiment.stableModel),
            ("stable version", old.experiment.stableVersion, new.experiment.stableVersion),
            ("shadow model", old.experiment.shadowModel, new.experiment.shadowModel),
            ("shadow version", old.experiment.shadowVersion, new.experiment.shadowVersion),
            ("gates", old.declaration, new.declaration),
        ]
        let changes = parts.filter { $0.1 != $0.2 }.map { name, before, after in
            "\(name): \(before ?? "none") -> \(after ?? "none")"
        }
        return changes + (old.configuration == new.configuration ? [] : ["other keys of the configuration"])
    }

    private static func replacedConfiguration(
        of stored: StoredExperiment,
        by new: ExperimentDeclaration
    ) -> String? {
        let old = stored.declaration.configuration
        return old == new.configuration ? nil : old
    }
}
