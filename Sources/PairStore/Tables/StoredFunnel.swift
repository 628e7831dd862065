import Foundation
import GRDB
package import Vocabulary

/// Funnel counters per UTC minute and class.
///
/// What is stored are changes: a request that is in flight adds 1 to `in_flight`, and when it is stored adds 1 to
/// `stored` and −1 to `in_flight`. Both laws of the funnel are linear, so they hold for any sum of changes for which they
/// hold one by one.
package struct FunnelTable {
    let connection: StoreConnection

    /// Adds changes to the counters, all in one transaction.
    ///
    /// - Parameters:
    ///   - minutes: the changes.
    ///   - tally: what they lead up to; nil where nobody keeps one.
    ///   - experiment: whose funnel.
    /// - Throws: what SQLite says.
    package func add(
        _ minutes: [FunnelMinute],
        upTo tally: FunnelTally? = nil,
        experiment: ExperimentID
    ) throws {
        try connection.write { db in
            try add(minutes, experiment, db)
            if let tally { try keep(tally, experiment, db) }
        }
    }

    /// The sum over all classes.
    ///
    /// - Parameters:
    ///   - experiment: whose funnel.
    ///   - minutes: UTC minutes since 1970 to which the sum is bound; nil for all.
    /// - Returns: a funnel that adds up where every change did.
    /// - Throws: what SQLite says.
    package func sum(experiment: ExperimentID, minutes: Range<Int>? = nil) throws -> Funnel {
        try byIntent(experiment: experiment, minutes: minutes).values.reduce(Funnel(), +)
    }

    /// The sum for each class; under nil what was never classified.
    package func byIntent(
        experiment: ExperimentID,
        minutes: Range<Int>? = nil
    ) throws -> [IntentClass?: Funnel] {
        try connection.read { db in
            var funnels: [IntentClass?: Funnel] = [:]
            let rows = try Row.fetchCursor(
                db,
                sql: """
                    SELECT i.name, f.stage, f.reason, sum(f.count)
                    FROM funnel f LEFT JOIN intent_class i ON i.id = f.intent_id
                    WHERE f.experiment_id = ? AND f.minute >= ? AND f.minute < ?
                    GROUP BY f.intent_id, f.stage, f.reason
                    """,
                arguments: [experiment.rawValue, minutes?.lowerBound ?? .min, minutes?.upperBound ?? .max]
            )
            while let row = try rows.next() {
                let row = StoredRow(row, of: "funnel")
                funnels[IntentClass(column: try row.text(0, "intent_id")), default: Funnel()].add(
                    stage: try row.text(1, "stage"),
                    reason: try row.text(2, "reason"),
                    count: try row.count(3, "count", in: StoredRange.changes)
                )
            }
            return funnels.filter { $0.value != Funnel() }
        }
    }

    func add(_ minutes: [FunnelMinute], _ experiment: ExperimentID, _ db: Database) throws {
        for minute in minutes {
            let intent = try PairInserter.intentID(minute.intent?.rawValue ?? "", db)
            for (stage, reason, count) in minute.change.rows where count != 0 {
                try db.cachedStatement(
                    sql: """
                        INSERT INTO funnel (experiment_id, minute, intent_id, stage, reason, count)
                        VALUES (?, ?, ?, ?, ?, ?)
                        ON CONFLICT (experiment_id, minute, intent_id, stage, reason)
                        DO UPDATE SET count = count + excluded.count
                        """
                ).execute(arguments: [experiment.rawValue, minute.minute, intent, stage, reason, count])
            }
        }
    }
}

extension Funnel {
    /// The counters as rows of the table `funnel`.
    var rows: [(stage: String, reason: String, count: Int)] {
        var rows = [
            ("seen", "", seen), ("not_sampled", "", notSampled), ("sampled", "", sampled),
            ("in_flight", "", inFlight), ("stored", "", stored),
        ]
        rows += notEligible.map { ("not_eligible", $0.rawValue, $1) }
        rows += shed.map { ("shed", $0.rawValue, $1) }
        rows += failed.map { ("failed", $0.rawValue, $1) }
        return rows
    }

    mutating func add(stage: String, reason: String, count: Int) {
        guard count != 0 else { return }
        switch stage {
        case "seen": seen += count
        case "not_sampled": notSampled += count
        case "sampled": sampled += count
        case "in_flight": inFlight += count
        case "stored": stored += count
        case "not_eligible": if let reason = NotEligibleReason(rawValue: reason) { notEligible[reason] = count }
        case "shed": if let reason = ShedReason(rawValue: reason) { shed[reason] = count }
        case "failed": if let reason = FailureReason(rawValue: reason) { failed[reason] = count }
        default: break
        }
    }
}
