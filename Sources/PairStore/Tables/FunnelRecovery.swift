// Making the funnel whole after a process that ended without warning.
//
// Three things are known at the next start: what the store has of the funnel (`funnel`), up to where that goes
// (`funnel_tally`), and what the ended run counted (the file of its `FunnelMemory`). The difference of the last two is
// entered; then whatever is in flight is settled: as many as were stored and not counted as such (`stored_count`, which
// is written with the pairs) are stored, the rest is `failed: crash`. It is one transaction, so a start that is itself
// killed is done again from the beginning.

package import Foundation
import GRDB
package import Vocabulary

extension FunnelTable {
    /// Begins a run, of which nothing is in the funnel yet.
    ///
    /// - Parameter tally: names the run and the experiment; must be called before the run counts anything.
    /// - Throws: what SQLite says.
    package func beginRun(_ tally: FunnelTally) throws {
        try connection.write { db in try keep(tally, ExperimentID(rawValue: Int64(tally.experiment)), db) }
    }

    /// Enters what an ended run counted, and settles what it left in flight.
    ///
    /// Afterwards nothing is in flight. Only for the one process that serves, before it begins a run.
    ///
    /// - Parameters:
    ///   - experiment: whose funnel is made whole.
    ///   - left: what the run left behind; ignored where the store's funnel does not belong to that run.
    ///   - time: the minute of what is settled.
    /// - Returns: the change that was made.
    /// - Throws: what SQLite says; nothing is changed then.
    @discardableResult
    package func recover(
        of experiment: ExperimentID,
        left: FunnelTally? = nil,
        at time: Date
    ) throws -> Funnel {
        try connection.write { db in
            var minutes: [FunnelMinute] = []
            if let left, left.experiment == Int(experiment.rawValue) {
                minutes = try unentered(left, experiment, time, db)
                try add(minutes, experiment, db)
                try db.execute(
                    sql: "DELETE FROM funnel_tally WHERE experiment_id = ?",
                    arguments: [experiment.rawValue]
                )
            }
            let settled = try unsettled(experiment, time, db)
            try add(settled, experiment, db)
            return (minutes + settled).map(\.change).reduce(Funnel(), +)
        }
    }

    /// What a run counted after the store last heard of it.
    private func unentered(
        _ left: FunnelTally,
        _ experiment: ExperimentID,
        _ time: Date,
        _ db: Database
    ) throws -> [FunnelMinute] {
        guard let kept = try tally(of: experiment, db), kept.run == left.run else { return [] }
        let minute = left.minute > 0 ? left.minute : time.utcMinute
        var changes: [IntentClass?: Funnel] = [:]
        for (intent, funnel) in left.classes {
            // A loss of power can leave a page that is older than what the store has.
            let change = funnel - kept.classes[intent, default: Funnel()]
            if change.isGrowth { changes[intent] = change }
        }
        // Those who were not read can only be drawn by the rate that holds where nothing else is said.
        let rate =
            try Double.fetchOne(
                db,
                sql: "SELECT rate FROM sampling_rate WHERE experiment_id = ? AND day = ? AND intent_id = 0",
                arguments: [experiment.rawValue, minute / 1_440]
            ) ?? 1
        for (count, isLost) in [(left.undecided, true), (left.overflowed - kept.overflowed, false)] {
            // A page that a loss of power left may say anything; of what it says so many are believed.
            for _ in 0..<min(max(0, count), 1_000_000) {
                var change = Funnel()
                change.seen = 1
                if Double.random(in: 0..<1) >= rate {
                    change.notSampled = 1
                } else {
                    change.sampled = 1
                    if isLost { change.failed[.crash] = 1 } else { change.shed[.bufferFull] = 1 }
                }
                changes[nil, default: Funnel()] += change
            }
        }
        return changes.map { FunnelMinute(minute: minute, intent: $0, change: $1) }
    }

    private func unsettled(_ experiment: ExperimentID, _ time: Date, _ db: Database) throws -> [FunnelMinute] {
        let rows = try Row.fetchAll(
            db,
            sql: """
                SELECT i.name, sum(CASE stage WHEN 'in_flight' THEN f.count ELSE 0 END),
                    sum(CASE stage WHEN 'stored' THEN f.count ELSE 0 END), s.count
                FROM funnel f LEFT JOIN intent_class i ON i.id = f.intent_id
                LEFT JOIN stored_count s ON s.experiment_id = f.experiment_id AND s.intent_id = f.intent_id
                WHERE f.experiment_id = ? GROUP BY f.intent_id
                """,
            arguments: [experiment.rawValue]
        )
        return try rows.compactMap { row in
            let row = StoredRow(row, of: "funnel", number: experiment.rawValue)
            let inFlight = try row.count(1, "count", in: StoredRange.changes)
            let counted = try row.count(2, "count", in: StoredRange.changes)
            let stored = try row.optionalCount(3, "count", in: StoredRange.changes)
            let intent = try row.text(0, "intent_id")
            guard inFlight > 0 else { return nil }
            var change = Funnel()
            change.inFlight = -inFlight
            change.stored = min(max(0, (stored ?? 0) - counted), inFlight)
            change.failed[.crash] = inFlight - change.stored
            return FunnelMinute(minute: time.utcMinute, intent: IntentClass(column: intent), change: change)
        }
    }

    // MARK: - The tally

    func keep(_ tally: FunnelTally, _ experiment: ExperimentID, _ db: Database) throws {
        try db.cachedStatement(
            sql: """
                INSERT INTO funnel_tally (experiment_id, run, counts) VALUES (?, ?, ?)
                ON CONFLICT (experiment_id) DO UPDATE SET run = excluded.run, counts = excluded.counts
                """
        ).execute(arguments: [
            experiment.rawValue, tally.run,
            String(decoding: try JSONEncoder().encode(KeptTally(tally)), as: UTF8.self),
        ])
    }

    private func tally(of experiment: ExperimentID, _ db: Database) throws -> FunnelTally? {
        let row = try Row.fetchOne(
            db,
            sql: "SELECT run, counts FROM funnel_tally WHERE experiment_id = ?",
            arguments: [experiment.rawValue]
        )
        guard let row else { return nil }
        let stored = StoredRow(row, of: "funnel_tally", number: experiment.rawValue)
        let text = try stored.text(1, "counts")
        let run = try stored.integer(0, "run")
        guard let kept = try? JSONDecoder().decode(KeptTally.self, from: Data(text.utf8)),
            let tally = kept.tally(run: Int(run), experiment: Int(experiment.rawValue))
        else { throw stored.broken("counts", "what is no tally of a funnel") }
        return tally
    }
}

extension Funnel {
    /// Whether nothing but what is in flight went down.
    fileprivate var isGrowth: Bool {
        ([seen, notSampled, sampled, stored] + notEligible.values + shed.values + failed.values).allSatisfy { $0 >= 0 }
    }
}

/// A tally as the store's JSON: for each class, "" for none, its counters by stage and reason.
private struct KeptTally: Codable {
    struct Count: Codable {
        var stage: String
        var reason: String
        var count: Int
    }

    var overflowed: Int
    var classes: [String: [Count]]

    init(_ tally: FunnelTally) {
        overflowed = tally.overflowed
        classes = Dictionary(
            uniqueKeysWithValues: tally.classes.map { intent, funnel in
                (
                    intent?.rawValue ?? "",
                    funnel.rows.filter { $0.count != 0 }.map {
                        Count(stage: $0.stage, reason: $0.reason, count: $0.count)
                    }
                )
            }
        )
    }

    /// The tally; nil where a count is none.
    func tally(run: Int, experiment: Int) -> FunnelTally? {
        func isCount(_ count: Int) -> Bool { StoredRange.changes.contains(Int64(count)) }
        guard isCount(overflowed), classes.values.joined().allSatisfy({ isCount($0.count) }) else { return nil }
        var tally = FunnelTally(run: run, experiment: experiment)
        tally.overflowed = overflowed
        for (name, counts) in classes {
            var funnel = Funnel()
            for count in counts { funnel.add(stage: count.stage, reason: count.reason, count: count.count) }
            tally.classes[name.isEmpty ? nil : IntentClass(rawValue: name)] = funnel
        }
        return tally
    }
}
