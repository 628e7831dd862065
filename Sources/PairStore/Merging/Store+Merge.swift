// Merging the stores of replicas into one.
//
// Why. Replicas of a gateway keep a store each. To rate, to export or to keep them they are brought together, and as
// they go on running, brought together again the next day: what is there already must not count twice.
//
// Design. A source is attached to the target's writing connection and read from one snapshot, so that a `serve` may go
// on writing to it. Everything is done by statements over whole tables (INSERT … SELECT), with temporary tables that
// map the source's numbers to the target's; they hold no texts and no hashes, as temporary files are not the store's.
// Pairs are known by their uid, prompts and sessions by their keyed hash, classes, words, scorers, rounds by their
// names. Counters have no names; for them the target remembers which part came from whom (`MergeCounters`).
//
// One transaction for each source. A reader of the target sees a source's pairs and counters together or not at all,
// and a merge that is cut short leaves whole sources behind it; running it again completes it. The price is that the
// `-wal` grows to the size of what a source adds, and that no one else writes to the target meanwhile; in smaller
// steps readers would see pairs whose counters are still to come. A million pairs of 2 kB take two to three minutes of a
// quiet machine and 100 MB of memory, most of it SQLite's cache. What can be refused is looked at for all sources
// before the first is touched, and once more within the transaction.
//
// Limits. The target must not be served meanwhile, which the serving lock sees to. Serving a merged store later on is
// possible, but settles as crashed what a source had in flight when it was merged. What a source deletes stays in the
// target. A person who was forgotten in the target comes back with the next merge unless forgotten in the sources as
// well, and so does a text that the target's retention deleted and a source's did not, until the target's next
// pruning.

import Foundation
import GRDB

/// What merging one store did.
package struct MergeSummary: Sendable, Equatable, CustomStringConvertible {
    /// The path of the store that was merged.
    package var source: String
    package var pairsAdded = 0
    /// Pairs that the target had already.
    package var pairsPresent = 0
    /// Texts of answers that pairs in the target had lost or never had.
    package var textsFilled = 0
    package var promptsAdded = 0
    /// Packs of scores that were added to pairs which the target had already.
    package var scoresFilled = 0
    /// Ratings that are new, or a rater's later word.
    package var ratingsAdded = 0
    /// Requests by which the funnel's `seen` grew.
    package var requestsCounted = 0

    package var description: String {
        "\(source): \(pairsAdded) pairs added, \(pairsPresent) already there; \(promptsAdded) prompts and "
            + "\(ratingsAdded) ratings added, \(textsFilled) texts and \(scoresFilled) sets of scores filled in, "
            + "\(requestsCounted) requests counted"
    }
}

extension Store {
    /// Merges stores into one, which is made where there is none; without duplicates, however often it is done.
    ///
    /// - Parameters:
    ///   - sources: paths of the stores to be merged; they are read only, but brought to the present schema.
    ///   - path: the target. No key file is made for it: it goes on with the sources' key.
    ///   - busyTimeout: how long another process's write is waited for.
    ///   - each: called after each source's transaction.
    /// - Returns: what was done, for each source.
    /// - Throws: `StoreError` where the stores do not belong together or cannot be opened, what `each` throws, and what
    ///   SQLite says; the sources before are then merged, the one at hand is not at all.
    @discardableResult
    package static func merge(
        _ sources: [String],
        into path: String,
        busyTimeout: Duration = .seconds(10),
        each: (MergeSummary) throws -> Void = { _ in }
    ) throws -> [MergeSummary] {
        try refuseSameFiles(sources, target: path)
        var check = MergeCheck()
        var target: Store?
        var lock: ServingLock?
        if ![.absent, .empty].contains(try StoreFile.kind(of: path)) {
            let store = try open(path: path, access: .createOrOpen, busyTimeout: busyTimeout)
            target = store
            lock = try mergeLock(path)
            try check.admit(store.read { db in try MergeParty(path: path, db, schema: "main") })
        }
        for source in sources {
            let store = try openForMerge(source, busyTimeout)
            try check.admit(
                store.read { db in
                    try store.refuseUnreadable(db)
                    return try MergeParty(path: source, db, schema: "main")
                }
            )
            try store.close()
        }
        let store = try target ?? open(path: path, access: .createOrOpen, busyTimeout: busyTimeout)
        if lock == nil { lock = try mergeLock(path) }
        defer { withExtendedLifetime(lock) {} }
        var summaries: [MergeSummary] = []
        for source in sources {
            let summary = try store.takeIn(source)
            summaries.append(summary)
            try each(summary)
        }
        try store.pool.writeWithoutTransaction { db in
            // Others may have the store open, so that closing it would not empty the log; a busy answer is none that matters.
            _ = try Row.fetchAll(db, sql: "PRAGMA main.wal_checkpoint(TRUNCATE)")
        }
        try store.close()
        return summaries
    }

    /// Merges one store in one transaction.
    private func takeIn(_ source: String) throws -> MergeSummary {
        // Absolute, as SQLite may take a name that begins with "file:" for a URI.
        let absolute = URL(fileURLWithPath: source).path
        return try pool.writeWithoutTransaction { db in
            let cacheSize = try Int.fetchOne(db, sql: "PRAGMA main.cache_size") ?? -2_000
            // Room for the indexes on hashes and uids, into which rows go in no order.
            try db.execute(sql: "PRAGMA main.cache_size = -65536")
            try db.execute(sql: "ATTACH DATABASE ? AS source", arguments: [absolute])
            defer {
                // Neither can fail but with the connection, which is then closed.
                try? db.execute(sql: "DETACH DATABASE source")
                try? db.execute(sql: "PRAGMA main.cache_size = \(cacheSize)")
            }
            var summary = MergeSummary(source: source)
            // Deferred: BEGIN IMMEDIATE would take the source's write lock too.
            try db.inTransaction(.deferred) {
                // Takes the target's write lock before anything is read, and changes nothing.
                try db.execute(sql: "DELETE FROM main.merged_source WHERE id IS NULL")
                summary = try Self.merge(source, into: path, db)
                return .commit
            }
            return summary
        }
    }

    /// All that one source brings, in the order in which rows refer to each other.
    private static func merge(_ source: String, into path: String, _ db: Database) throws -> MergeSummary {
        let target = try MergeParty(path: path, db, schema: "main")
        let party = try MergeParty(path: source, db, schema: "source")
        var check = MergeCheck()
        try check.admit(target)
        try check.admit(party)
        var summary = MergeSummary(source: source)
        let rows = MergeRows(db: db)
        let counters = MergeCounters(db: db, target: target.storeID, source: party.storeID)
        // Before the source's experiments are there, which are not the target's own runs.
        let runs = try MergedRuns(db, schema: "main", store: target.storeID)
        try rows.begin()
        try rows.mapNames()
        try rows.mapTexts()
        try rows.mapExperiments()
        try rows.mapPairs(&summary, path: source)
        try rows.addPairs()
        try rows.addTexts(&summary)
        try MergeScores(db: db).add(&summary)
        try rows.addRatings(&summary, path: source)
        try rows.addRecords()
        let verdicts = try counters.compare(path: source)
        try counters.add(&summary)
        try runs.taking(MergedRuns(db, schema: "source", store: party.storeID), verdicts).write(db)
        try rows.end()
        return summary
    }

    /// Opens a source: for reading, or where it has an older schema once for writing.
    private static func openForMerge(_ path: String, _ busyTimeout: Duration) throws -> Store {
        do {
            return try open(path: path, access: .readOnly, busyTimeout: busyTimeout)
        } catch StoreError.olderSchema {
            return try open(path: path, access: .readWrite, busyTimeout: busyTimeout)
        }
    }

    private static func mergeLock(_ path: String) throws -> ServingLock {
        do {
            return try ServingLock(store: path)
        } catch StoreError.served {
            throw StoreError.mergeIntoServed(path: path)
        }
    }

    /// Refuses the target among the sources and a source that is named twice, by whatever name.
    private static func refuseSameFiles(_ sources: [String], target: String) throws {
        let targetFile = StoreFile.identity(of: target)
        var seen: Set<StoreFile.Identity> = []
        for source in sources {
            // One that is absent is named when it is opened.
            guard let file = StoreFile.identity(of: source) else { continue }
            guard file != targetFile else { throw StoreError.mergeIntoItself(path: source) }
            guard seen.insert(file).inserted else { throw StoreError.mergeTwice(path: source) }
        }
    }
}
