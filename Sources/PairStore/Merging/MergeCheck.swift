// Whether stores belong together: one key, and one declaration for each experiment.

import GRDB

/// What a store says of itself before it is merged.
struct MergeParty: Sendable, Equatable {
    /// What has to agree for pairs of two stores to be pairs of one experiment.
    struct Declared: Sendable, Equatable {
        var horizonSeconds: Double?
        var stableModel: String?
        var stableVersion: String?
        var shadowModel: String?
        var shadowVersion: String?

        /// The names of the parts that differ.
        func differing(from other: Declared) -> [String] {
            [
                ("horizon", horizonSeconds == other.horizonSeconds),
                ("stable model", stableModel == other.stableModel),
                ("stable version", stableVersion == other.stableVersion),
                ("shadow model", shadowModel == other.shadowModel),
                ("shadow version", shadowVersion == other.shadowVersion),
            ].filter { !$0.1 }.map(\.0)
        }
    }

    var path: String
    /// The random id that the store was made with.
    var storeID: String
    /// Of the key with which prompts and sessions were hashed; nil where no key was ever used.
    var fingerprint: String?
    var hasPairs: Bool
    var experiments: [String: Declared]

    /// Reads the store of an open connection.
    ///
    /// - Parameters:
    ///   - path: the store's name in messages.
    ///   - db: the connection.
    ///   - schema: `main`, or the name under which the store is attached.
    /// - Throws: what SQLite says, and `StoreError.notAStore` for a store without an id.
    init(path: String, _ db: Database, schema: String) throws {
        self.path = path
        let settings = try Row.fetchAll(db, sql: "SELECT name, value FROM \(schema).store_setting")
        let values: [String: String] = try settings.reduce(into: [:]) { values, row in
            let row = StoredRow(row, of: "store_setting")
            values[try row.text(0, "name")] = try row.text(1, "value")
        }
        guard let storeID = values["store_id"] else { throw StoreError.notAStore(path: path) }
        self.storeID = storeID
        fingerprint = values["key_fingerprint"]
        hasPairs = try Bool.fetchOne(db, sql: "SELECT EXISTS (SELECT 1 FROM \(schema).pair)") ?? false
        let rows = try Row.fetchAll(
            db,
            sql: """
                SELECT name, horizon_seconds, stable_model, stable_version, shadow_model, shadow_version
                FROM \(schema).experiment
                """
        )
        experiments = try rows.reduce(into: [:]) { experiments, row in
            let row = StoredRow(row, of: "experiment")
            experiments[try row.text(0, "name")] = Declared(
                horizonSeconds: try row.optionalNumber(1, "horizon_seconds", in: StoredRange.horizons),
                stableModel: try row.optionalText(2, "stable_model"),
                stableVersion: try row.optionalText(3, "stable_version"),
                shadowModel: try row.optionalText(4, "shadow_model"),
                shadowVersion: try row.optionalText(5, "shadow_version")
            )
        }
    }
}

/// Admits the parties of a merge one after another and refuses the first that does not fit those before it.
struct MergeCheck {
    private var key: (fingerprint: String, path: String)?
    private var experiments: [String: (declared: MergeParty.Declared, path: String)] = [:]

    /// - Throws: `StoreError.mergeWithoutKey`, `mergeOtherKey` or `mergeOtherDeclaration`.
    mutating func admit(_ party: MergeParty) throws {
        if let fingerprint = party.fingerprint {
            let key = key ?? (fingerprint, party.path)
            guard key.fingerprint == fingerprint else {
                throw StoreError.mergeOtherKey(path: party.path, other: key.path)
            }
            self.key = key
        } else if party.hasPairs {
            // Under two keys one session would be two, and nothing would ever show it.
            throw StoreError.mergeWithoutKey(path: party.path)
        }
        for (name, declared) in party.experiments.sorted(by: { $0.key < $1.key }) {
            let known = experiments[name] ?? (declared, party.path)
            let differing = declared.differing(from: known.declared)
            guard differing.isEmpty else {
                throw StoreError.mergeOtherDeclaration(
                    path: party.path,
                    other: known.path,
                    experiment: name,
                    differing: differing
                )
            }
            experiments[name] = known
        }
    }
}

extension Store {
    /// Refuses a source with what no reader could read in the target, where it would stay.
    ///
    /// What is copied by statements over whole tables passes no reader on its way.
    ///
    /// - Throws: `StoreError.brokenRow` and `StoreError.mergeUnreadable` for the first that is found.
    func refuseUnreadable(_ db: Database) throws {
        for rule in RowRule.all {
            if let broken = try rule.broken(limit: 1, db).first { throw StoreError.brokenRow(broken) }
        }
        if let problem = try upkeep.unreadable(limit: 1, db).first {
            throw StoreError.mergeUnreadable(path: path, problem: problem)
        }
    }
}
