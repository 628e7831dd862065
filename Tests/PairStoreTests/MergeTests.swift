import Foundation
import GRDB
import Statistics
import TestSupport
import Testing
import Vocabulary

@testable import PairStore

struct MergeTests {
    private let minute = Date.example.utcMinute
    private let quality = Scorer(name: "quality", version: "1")
    private let newerQuality = Scorer(name: "quality", version: "2")
    private let refusal = Scorer(name: "refusal", version: "1")

    // MARK: - Stores to be merged

    /// A replica's store with a row in every table.
    private func makeReplica(_ folder: String, _ name: String, seed: UInt64, pairs: Int = 12) throws -> Store {
        let store = try Store.open(path: folder + "/\(name).sqlite", access: .createOrOpen)
        try store.bindKey(fingerprint: "one key")
        let experiment = try store.experiments.declare(.example(), by: name, at: .example)
        var random = SplitMix64(seed: seed)
        try add((0..<pairs).map { random.pair(id: "\(name)-\($0)") }, to: store)
        let rows = try self.rows(store)
        try store.scores.save(
            rows.map { PairScores(pairRowID: $0, scorer: quality, stable: 0.5, shadow: 0.25, pair: Double($0)) }
        )
        try count(store, seen: pairs + 5, stored: pairs, minutes: [0, 1])
        try store.traffic.save(RateTable(day: 7, rates: [:], otherwise: 0.5), experiment: experiment)
        try store.experiments.record(
            ChangeRecord(kind: .sampling, time: .example, actor: name, text: "rate 0.5"),
            experiment: experiment
        )
        _ = try store.experiments.record(
            Rejection(metric: "refusal", intent: nil, time: .example + Double(seed), eValue: 21, text: "by \(name)"),
            experiment: experiment
        )
        try rate(store, name: name, row: try #require(rows.first))
        try store.write { db in
            try db.execute(
                sql: """
                    INSERT INTO dictionary (made_at_us, bytes) VALUES (5, ?), (6, x'00ff');
                    UPDATE content SET dictionary_id = 1 WHERE pair_id % 3 = 1;
                    UPDATE content SET dictionary_id = 2 WHERE pair_id % 3 = 2;
                    UPDATE prompt SET dictionary_id = 2 WHERE id % 2 = 0;
                    UPDATE request_format SET dictionary_id = 1;
                    INSERT INTO stored_count SELECT experiment_id, intent_id, count(*) FROM pair GROUP BY 1, 2;
                    INSERT INTO funnel_tally VALUES (1, 1, '{}');
                    """,
                arguments: [Data(name.utf8)]
            )
        }
        return store
    }

    private func add(_ pairs: [Pair], to store: Store) throws {
        let experiment = try #require(try store.experiments.all().first?.id)
        _ = try store.pairs.add(pairs.map { ImportedPair(pair: $0) }, into: experiment, policy: .full)
    }

    /// Counts requests of some minutes, each time so many, of which one is still in flight.
    private func count(_ store: Store, seen: Int, stored: Int, minutes: [Int]) throws {
        let experiment = try #require(try store.experiments.all().first?.id)
        var change = Funnel()
        (change.seen, change.sampled, change.stored, change.inFlight) = (seen, stored + 3, stored, 1)
        change.notSampled = seen - change.sampled
        change.shed[.queueFull] = 2
        let payment = IntentClass(rawValue: "payment")
        try store.funnel.add(
            minutes.map { FunnelMinute(minute: minute + $0, intent: $0 == 0 ? nil : payment, change: change) },
            experiment: experiment
        )
        try store.traffic.add(
            [
                DayTraffic(
                    day: 7,
                    intent: payment,
                    requests: seen,
                    sessions: 3,
                    played: 2,
                    tokens: 9,
                    observedShare: 0.4
                )
            ],
            experiment: experiment
        )
    }

    private func rate(_ store: Store, name: String, row: Int64) throws {
        let item = RatingItem(
            id: "item-\(name)",
            pairRowID: row,
            sideA: .shadow,
            sideB: .stable,
            inclusionProbability: 0.25,
            reason: "sample"
        )
        #expect(
            try store.ratings.saveRound(
                RatingRound(name: "round \(name)", seed: 3, exportedAt: .example),
                items: [item]
            )
        )
        let ratings = [
            StoredRating(subject: .item(item.id), rater: "r1", choice: .sideA, comment: "hm", time: .example),
            StoredRating(subject: .pair("\(name)-1"), rater: "r1", choice: .tie),
        ]
        #expect(try store.ratings.save(ratings, policy: .full).added == 2)
    }

    private func rows(_ store: Store) throws -> [Int64] {
        try store.read { try Int64.fetchAll($0, sql: "SELECT id FROM pair ORDER BY id") }
    }

    private func withReplicas(_ body: (_ folder: String, Store, Store) throws -> Void) async throws {
        try withTemporaryFolder { folder in
            let first = try makeReplica(folder, "a", seed: 1)
            let second = try makeReplica(folder, "b", seed: 2)
            try body(folder, first, second)
            try first.close()
            try second.close()
        }
    }

    // MARK: - What stores say

    private func reading<Value>(_ path: String, _ body: (Store) throws -> Value) throws -> Value {
        let store = try Store.open(path: path, access: .readWrite)
        let value = try body(store)
        try store.close()
        return value
    }

    /// Every pair with texts and scores by its id, without the numbers of its store.
    private func pairs(_ stores: Store...) throws -> [String: StoredPair] {
        var pairs: [String: StoredPair] = [:]
        for store in stores {
            try store.pairs.forEachPair { pair in
                var pair = pair
                pair.rowID = 0
                pairs[pair.pair.id] = pair
                return true
            }
        }
        return pairs
    }

    private func figures(_ stores: Store...) throws -> [PairKey: PairFigures] {
        var all: [PairKey: PairFigures] = [:]
        for store in stores {
            try store.pairs.forEachFigures { figures in
                var figures = figures
                figures.rowID = 0
                figures.scores.sort { "\($0)" < "\($1)" }
                all[figures.key] = figures
            }
        }
        return all
    }

    private func funnel(_ store: Store) throws -> Funnel {
        try store.experiments.all().map { try store.funnel.sum(experiment: $0.id) }.reduce(Funnel(), +)
    }

    private func traffic(_ store: Store) throws -> [DayTraffic] {
        try store.traffic.days(experiment: ExperimentID(rawValue: 1), days: 0..<99)
    }

    private func tables(_ store: Store) throws -> [String] {
        try store.read { db in
            try String.fetchAll(
                db,
                sql: """
                    SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'
                        AND name <> 'grdb_migrations' ORDER BY name
                    """
            )
        }
    }

    private func contents(_ store: Store, _ tables: [String]) throws -> [String: [Row]] {
        try store.read { db in
            let rows = try tables.map { ($0, try Row.fetchAll(db, sql: "SELECT * FROM \"\($0)\"")) }
            return Dictionary(uniqueKeysWithValues: rows)
        }
    }

    /// Every row of every table, numbers given included.
    private func everything(_ path: String) throws -> [String: [Row]] {
        try reading(path) { store in try contents(store, try tables(store) + ["sqlite_sequence"]) }
    }

    private func expectSound(_ store: Store) throws {
        #expect(try store.upkeep.check(texts: true).isEmpty)
        #expect(try funnel(store).addsUp)
    }

    // MARK: - Whole stores

    @Test func `two replicas read as one`() async throws {
        try await withReplicas { folder, first, second in
            // Numbers that differ in the two stores.
            let session = try #require(try pairs(first).values.compactMap(\.pair.session).first)
            _ = try first.upkeep.forget(session: session)
            let target = folder + "/all.sqlite"
            let summaries = try Store.merge([first.path, second.path], into: target)
            #expect(!FileManager.default.fileExists(atPath: folder + "/all.key"))
            #expect(summaries.map(\.pairsAdded) == [try rows(first).count, 12])
            #expect(summaries.map(\.pairsPresent) == [0, 0])
            #expect(summaries.map(\.ratingsAdded) == [try first.ratings.ratedPairs().count, 2])
            #expect(summaries.map(\.requestsCounted) == [34, 34])
            try reading(target) { store in
                try expectSound(store)
                #expect(try pairs(store) == pairs(first, second))
                #expect(try figures(store) == figures(first, second))
                #expect(try funnel(store) == funnel(first) + funnel(second))
                let day = try #require(try traffic(store).first)
                let counts: [Int] = [day.requests, day.sessions, day.played, day.tokens]
                #expect(counts == [34, 6, 4, 18])
                #expect(day.observedShare == 0.4)
                let experiment = try #require(try store.experiments.all().first)
                #expect(experiment.declaration == .example())
                #expect(try store.experiments.changes(experiment: experiment.id).map(\.actor) == ["a", "b"])
                #expect(try store.experiments.rejections(experiment: experiment.id).map(\.text) == ["by a"])
                #expect(
                    try store.traffic.rates(experiment: experiment.id, day: 7)
                        == RateTable(day: 7, rates: [:], otherwise: 0.5)
                )
                #expect(
                    try store.ratings.ratedPairs().map(\.rating) == first.ratings.ratedPairs().map(\.rating)
                        + second.ratings.ratedPairs().map(\.rating)
                )
                try store.bindKey(fingerprint: "one key")
                #expect(throws: StoreError.self) { try store.bindKey(fingerprint: "another") }
            }
        }
    }

    @Test func `every table is known to the merge and comes over whole`() async throws {
        try withTemporaryFolder { folder in
            let source = try makeReplica(folder, "a", seed: 5)
            let tables = try tables(source)
            let known = MergeRows.carried.union(MergeRows.summed).union(MergeRows.left)
            #expect(Set(tables) == known)
            #expect(MergeRows.carried.count + MergeRows.summed.count + MergeRows.left.count == known.count)

            let target = folder + "/all.sqlite"
            try Store.merge([source.path], into: target)
            // Of one source the numbers stay as well, so that a column that is left out shows.
            let compared = tables.filter { !$0.hasPrefix("merged_") && $0 != "store_setting" && $0 != "funnel_tally" }
            let (before, after) = (
                try contents(source, compared), try reading(target) { try contents($0, compared) }
            )
            for table in compared {
                #expect(before[table]?.isEmpty == false, "\(table)")
                #expect(before[table] == after[table], "\(table)")
            }
            let tally = try reading(target) { try contents($0, ["funnel_tally"]) }
            #expect(tally["funnel_tally"]?.isEmpty == true)
            try source.close()
        }
    }

    @Test func `merging again changes nothing`() async throws {
        try await withReplicas { folder, first, second in
            let target = folder + "/all.sqlite"
            try Store.merge([first.path, second.path], into: target)
            let before = try everything(target)
            let again = try Store.merge([second.path, first.path], into: target)
            #expect(again.map(\.pairsAdded) == [0, 0])
            #expect(again.map(\.pairsPresent) == [12, 12])
            #expect(again.allSatisfy { $0.textsFilled + $0.promptsAdded + $0.scoresFilled + $0.ratingsAdded == 0 })
            #expect(again.map(\.requestsCounted) == [0, 0])
            #expect(try everything(target) == before)
        }
    }

    @Test func `of a source that has grown the difference is added`() async throws {
        try await withReplicas { folder, first, second in
            let target = folder + "/all.sqlite"
            try Store.merge([first.path, second.path], into: target)
            var random = SplitMix64(seed: 9)
            try add((0..<5).map { random.pair(id: "later-\($0)") }, to: first)
            // What was in flight is stored, in a minute that was there and in a new one.
            let experiment = try #require(try first.experiments.all().first?.id)
            var change = Funnel()
            (change.stored, change.inFlight) = (1, -1)
            try first.funnel.add([FunnelMinute(minute: minute, intent: nil, change: change)], experiment: experiment)
            try count(first, seen: 8, stored: 5, minutes: [0, 3])
            let summary = try #require(try Store.merge([first.path], into: target).first)
            #expect(summary.pairsAdded == 5)
            #expect(summary.requestsCounted == 16)
            try reading(target) { store in
                try expectSound(store)
                #expect(try pairs(store) == pairs(first, second))
                #expect(try funnel(store) == funnel(first) + funnel(second))
                #expect(try traffic(store).map(\.requests) == [17 + 8 + 17])
                #expect(try traffic(store).map(\.tokens) == [27])
            }
        }
    }

    @Test func `stores that were merged by several ways count once`() async throws {
        try await withReplicas { folder, first, second in
            let third = try makeReplica(folder, "c", seed: 3)
            let (left, right, all) = (folder + "/left.sqlite", folder + "/right.sqlite", folder + "/all.sqlite")
            try Store.merge([first.path, second.path], into: left)
            try count(first, seen: 4, stored: 1, minutes: [2])
            // Knows more of the first than `left` does.
            try Store.merge([third.path, first.path], into: right)
            try Store.merge([right, left, second.path, first.path], into: all)
            let sum = try funnel(first) + funnel(second) + funnel(third)
            try reading(all) { store in
                try expectSound(store)
                #expect(try funnel(store) == sum)
                #expect(try pairs(store) == pairs(first, second, third))
            }
            // Back into a replica, which has its own counts already, and on from there.
            try Store.merge([all], into: third.path)
            #expect(try funnel(third) == sum)
            try count(third, seen: 4, stored: 1, minutes: [5])
            try Store.merge([third.path], into: all)
            #expect(try reading(all) { try funnel($0) } == funnel(third))
            try third.close()
        }
    }

    @Test func `in whatever order stores are merged each request and pair counts once`() async throws {
        for seed in UInt64(0)..<4 {
            try withTemporaryFolder { folder in
                var random = SplitMix64(seed: seed)
                var seen = 0
                var ids: Set<String> = []
                let stores = try (0..<5).map { number in
                    let store = try Store.open(path: folder + "/\(number).sqlite", access: .createOrOpen)
                    _ = try store.experiments.declare(.example(), by: "a test", at: .example)
                    try store.bindKey(fingerprint: "one key")
                    return store
                }
                for step in 0..<12 {
                    let place = Int.random(in: 0..<5, using: &random)
                    if random.flip() {
                        // The last two only take others in.
                        let replica = stores[place % 3]
                        let more = Int.random(in: 4...9, using: &random)
                        try count(replica, seen: more, stored: 1, minutes: [Int.random(in: 0...2, using: &random)])
                        try add([.example("pair-\(step)")], to: replica)
                        ids.insert("pair-\(step)")
                        seen += more
                    } else {
                        let source = (place + Int.random(in: 1...4, using: &random)) % 5
                        try Store.merge([stores[source].path], into: stores[place].path)
                    }
                }
                let sources = stores[0...2].shuffled(using: &random).map(\.path)
                try Store.merge(sources + [stores[3].path], into: stores[4].path)
                #expect(try funnel(stores[4]).seen == seen, "seed \(seed)")
                #expect(try traffic(stores[4]).map(\.requests).reduce(0, +) == seen, "seed \(seed)")
                #expect(try Set(pairs(stores[4]).keys) == ids, "seed \(seed)")
                try expectSound(stores[4])
                for store in stores { try store.close() }
            }
        }
    }

    @Test func `an older copy of a source brings back texts and no counts`() async throws {
        try await withReplicas { folder, first, second in
            let copy = folder + "/copy.sqlite"
            try first.pool.writeWithoutTransaction { try $0.execute(sql: "VACUUM INTO ?", arguments: [copy]) }
            let text = try #require(try pairs(first)["a-3"])
            #expect(!text.isTextDeleted)
            try first.write { try $0.execute(sql: "DELETE FROM content WHERE pair_id IN (4, 5)") }
            try count(first, seen: 4, stored: 1, minutes: [5])
            let target = folder + "/all.sqlite"
            try Store.merge([first.path], into: target)
            let summary = try #require(try Store.merge([copy], into: target).first)
            #expect(summary.pairsPresent == 12)
            #expect(summary.textsFilled == 2)
            #expect(summary.requestsCounted == 0)
            #expect(try reading(target) { try funnel($0) } == funnel(first))
            #expect(try reading(target) { try pairs($0)["a-3"] } == text)
            // A copy that was served on its own has counts that the original lacks, and the other way round.
            try reading(copy) { try count($0, seen: 6, stored: 1, minutes: [9]) }
            let before = try everything(target)
            #expect(throws: StoreError.mergeDiverged(path: copy)) { try Store.merge([copy], into: target) }
            #expect(try everything(target) == before)
        }
    }

    // MARK: - Pairs that both have

    @Test func `a pair that is there gets what it lacks`() async throws {
        try await withReplicas { folder, first, second in
            let shared = Pair.example("shared", session: "aa")
            let other = Pair.example("other", time: .example + 90, hash: shared.promptHash.hex)
            try add([shared], to: first)
            try add([shared, other], to: second)
            let (firstRow, secondRow) = (try rows(first).max() ?? 0, (try rows(second).max() ?? 0) - 1)
            try first.scores.save([PairScores(pairRowID: firstRow, scorer: refusal, shadow: 1)])
            // Together, so that the first store has one half of the second's pack.
            try second.scores.save([
                PairScores(pairRowID: secondRow, scorer: refusal, shadow: 0),
                PairScores(pairRowID: secondRow, scorer: quality, stable: 0.75, pair: -2),
            ])
            try first.write { db in
                try db.execute(sql: "DELETE FROM content WHERE pair_id = ?", arguments: [firstRow])
                try db.execute(
                    sql: "DELETE FROM prompt WHERE received_at_us = ?",
                    arguments: [Date.example.microseconds]
                )
            }
            #expect(try pairs(first)["shared"]?.isTextDeleted == true)
            try Store.merge([second.path], into: first.path)
            let merged = try #require(try pairs(first)["shared"])
            var expected = shared
            expected.stable.scores = ["quality": 0.75]
            expected.shadow.scores = ["refusal": 1]
            #expect(merged.pair == expected)
            #expect(merged.pairScores == ["quality": -2])
            #expect(!merged.isTextDeleted)
            try expectSound(first)
            let summary = try #require(try Store.merge([second.path], into: first.path).first)
            #expect(summary.scoresFilled + summary.textsFilled + summary.promptsAdded == 0)
            #expect(summary.pairsPresent == 14)

            // A prompt is kept as long as its newest pair.
            let hash = HashValue(hex: shared.promptHash.hex)
            let received = try first.read { db in
                try Int64.fetchOne(db, sql: "SELECT received_at_us FROM prompt WHERE hash = ?", arguments: [hash])
            }
            let inSecond = try second.read { db in
                try Int64.fetchOne(db, sql: "SELECT received_at_us FROM prompt WHERE hash = ?", arguments: [hash])
            }
            #expect(received == inSecond)
        }
    }

    @Test func `another pair of the same id is refused`() async throws {
        try await withReplicas { folder, first, second in
            try add([.example("7", hash: "aa")], to: first)
            try add([.example("7", hash: "bb")], to: second)
            let before = try everything(first.path)
            #expect(throws: StoreError.mergeOtherSubject(path: second.path, kind: "pair", id: "7")) {
                try Store.merge([second.path], into: first.path)
            }
            #expect(try everything(first.path) == before)
        }
    }

    @Test func `what a scorer has not looked at is looked at later`() async throws {
        try await withReplicas { folder, first, second in
            #expect(try first.scores.lacking(of: [quality], limit: 9).isEmpty)
            try add([.example("unscored")], to: second)
            try Store.merge([second.path], into: first.path)
            let lacking = try first.scores.lacking(of: [quality], limit: 99)
            #expect(try first.pairs.load(rowIDs: lacking.map(\.rowID)).map(\.pair.id) == ["unscored"])
        }
    }

    @Test func `the latest version of a scorer stays the latest`() async throws {
        try await withReplicas { folder, first, second in
            // The second replica has seen both versions, the third only the later.
            let row = try #require(try rows(second).first)
            try second.scores.save([PairScores(pairRowID: row, scorer: newerQuality, stable: 0.9)])
            let third = try makeReplica(folder, "c", seed: 3)
            let thirdRow = try #require(try rows(third).first)
            try third.write {
                try $0.execute(sql: "DELETE FROM score_pack; DELETE FROM scorer_set; DELETE FROM scorer")
            }
            try third.scores.save([PairScores(pairRowID: thirdRow, scorer: newerQuality, stable: 0.8)])
            let expected = try pairs(second, third)
            try Store.merge([second.path], into: third.path)
            #expect(try pairs(third) == expected)
            #expect(try third.scores.scorers().filter { $0.name == "quality" } == [quality, newerQuality])
            try expectSound(third)
            try third.close()
        }
    }

    @Test(arguments: [
        ([], ["1", "2"], ["1", "2"]), (["2"], ["1", "2"], ["1", "2"]), (["1"], ["1", "2"], ["1", "2"]),
        (["1", "3"], ["2", "3", "4"], ["1", "2", "3", "4"]), (["2", "1"], ["1", "2"], ["2", "1"]),
    ])
    func `versions keep the order in which they came`(present: [String], offered: [String], merged: [String]) {
        func scorers(_ versions: [String]) -> [Scorer] { versions.map { Scorer(name: "quality", version: $0) } }
        #expect(MergeScores.merged(scorers(present), scorers(offered)) == scorers(merged))
    }

    @Test func `dictionaries of equal bytes are kept once and texts name theirs`() async throws {
        try await withReplicas { folder, first, second in
            let target = folder + "/all.sqlite"
            try Store.merge([first.path, second.path], into: target)
            func named(_ store: Store) throws -> [String: Data] {
                try store.read { db in
                    let rows = try Row.fetchAll(
                        db,
                        sql: """
                            SELECT p.uid, d.bytes FROM pair p JOIN content c ON c.pair_id = p.id
                            JOIN dictionary d ON d.id = c.dictionary_id
                            """
                    )
                    return Dictionary(uniqueKeysWithValues: rows.map { ($0[0], $0[1]) })
                }
            }
            try reading(target) { store in
                let bytes = try store.read { try Data.fetchAll($0, sql: "SELECT bytes FROM dictionary ORDER BY id") }
                #expect(bytes == [Data("a".utf8), Data([0, 0xFF]), Data("b".utf8)])
                #expect(try named(store) == named(first).merging(named(second)) { $1 })
                #expect(try pairs(store) == pairs(first, second))
            }
        }
    }

    @Test func `a rater's later word stands`() async throws {
        try await withReplicas { folder, first, second in
            let target = folder + "/all.sqlite"
            try Store.merge([first.path, second.path], into: target)
            let later = StoredRating(
                subject: .item("item-a"),
                rater: "r1",
                choice: .sideB,
                harm: .both,
                time: .example + 60
            )
            _ = try first.ratings.save([later], policy: .full)
            #expect(try Store.merge([first.path], into: target).map(\.ratingsAdded) == [1])
            try reading(target) { store in
                let rating = try store.ratings.ratedPairs().first { $0.item?.id == "item-a" }
                #expect(rating?.rating == later)
                #expect(rating?.pairID == "a-0")
                #expect(try store.ratings.ratedPairs().count == 4)
                let status = try store.ratings.status()
                #expect(status.map(\.round.name) == ["round a", "round b"])
                #expect(status.map(\.ratings) == [1, 1])
            }
        }
    }

    @Test func `an experiment is closed when every replica has closed it`() async throws {
        try await withReplicas { folder, first, second in
            let target = folder + "/all.sqlite"
            func closedAt() throws -> Date? { try reading(target) { try $0.experiments.all().first?.closedAt } }
            try first.experiments.close(ExperimentID(rawValue: 1), at: .example + 20)
            try Store.merge([first.path], into: target)
            #expect(try closedAt() == .example + 20)
            try Store.merge([second.path], into: target)
            #expect(try closedAt() == nil)
            try second.experiments.close(ExperimentID(rawValue: 1), at: .example + 10)
            try Store.merge([second.path], into: target)
            #expect(try closedAt() == .example + 20)
            // It goes on.
            _ = try second.experiments.declare(.example(), by: "serve", at: .example + 30)
            try count(second, seen: 4, stored: 1, minutes: [7])
            try Store.merge([second.path], into: target)
            #expect(try closedAt() == nil)
        }
    }

    // MARK: - What is refused

    private func expectRefused(
        _ expected: StoreError,
        _ sources: [String],
        into target: String,
        _ comment: Comment? = nil
    ) throws {
        let isThere = FileManager.default.fileExists(atPath: target)
        let before = isThere ? try everything(target) : [:]
        let error = #expect(throws: StoreError.self, comment) { try Store.merge(sources, into: target) }
        #expect(error == expected, comment)
        #expect(error.map { "\($0)".hasSuffix(".") } == true, comment)
        #expect(FileManager.default.fileExists(atPath: target) == isThere, comment)
        if isThere { #expect(try everything(target) == before, comment) }
    }

    @Test func `another key is refused before anything is merged`() async throws {
        try await withReplicas { folder, first, second in
            try second.write {
                try $0.execute(sql: "UPDATE store_setting SET value = 'x' WHERE name = 'key_fingerprint'")
            }
            let target = folder + "/all.sqlite"
            let third = try makeReplica(folder, "c", seed: 3)
            try expectRefused(.mergeOtherKey(path: second.path, other: first.path), [second.path], into: first.path)
            try expectRefused(
                .mergeOtherKey(path: second.path, other: first.path),
                [third.path, second.path],
                into: first.path
            )
            try expectRefused(
                .mergeOtherKey(path: second.path, other: first.path),
                [first.path, second.path],
                into: target
            )
            // Pairs of a key that nobody knows.
            try second.write { try $0.execute(sql: "DELETE FROM store_setting WHERE name = 'key_fingerprint'") }
            try expectRefused(.mergeWithoutKey(path: second.path), [second.path], into: first.path)
            try expectRefused(.mergeWithoutKey(path: second.path), [first.path], into: second.path)
            try third.close()
        }
    }

    @Test(arguments: ["horizon", "stable model", "stable version", "shadow model", "shadow version"])
    func `an experiment that was declared otherwise is refused`(part: String) async throws {
        try await withReplicas { folder, first, second in
            var declaration = ExperimentDeclaration.example()
            switch part {
            case "horizon": declaration.experiment.horizon = .seconds(60)
            case "stable model": declaration.experiment.stableModel = nil
            case "stable version": declaration.experiment.stableVersion = "v9"
            case "shadow model": declaration.experiment.shadowModel = "other"
            default: declaration.experiment.shadowVersion = "v9"
            }
            _ = try second.experiments.declare(declaration, by: "a test", at: .example)
            let refusal = StoreError.mergeOtherDeclaration(
                path: second.path,
                other: first.path,
                experiment: "week",
                differing: [part]
            )
            try expectRefused(refusal, [second.path], into: first.path)
            // An experiment of another name is another one.
            try second.write { try $0.execute(sql: "UPDATE experiment SET name = 'month'") }
            try Store.merge([second.path], into: first.path)
            #expect(try first.experiments.all().map(\.declaration.experiment.name) == ["week", "month"])
        }
    }

    @Test func `the target among the sources and a source given twice are refused`() async throws {
        try await withReplicas { folder, first, second in
            let link = folder + "/link.sqlite"
            try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: first.path)
            try expectRefused(.mergeIntoItself(path: first.path), [second.path, first.path], into: first.path)
            try expectRefused(.mergeIntoItself(path: link), [link], into: first.path)
            try expectRefused(.mergeIntoItself(path: first.path), [first.path], into: link)
            try expectRefused(.mergeTwice(path: link), [first.path, link], into: second.path)
            try expectRefused(.mergeTwice(path: first.path), [first.path, first.path], into: folder + "/all.sqlite")
            try expectRefused(.missing(path: folder + "/none"), [first.path, folder + "/none"], into: second.path)
        }
    }

    @Test func `a target that is served is refused`() async throws {
        try await withReplicas { _, first, second in
            let lock = try ServingLock(store: first.path)
            try expectRefused(.mergeIntoServed(path: first.path), [second.path], into: first.path)
            withExtendedLifetime(lock) {}
        }
    }

    // MARK: - Side by side with others, and cut short

    @Test func `a source that is being written to is merged as it was`() async throws {
        try await withReplicas { folder, first, second in
            let lock = try ServingLock(store: first.path)
            let target = folder + "/all.sqlite"
            let before = try pairs(first)
            try first.pool.writeWithoutTransaction { db in
                try db.inTransaction(.immediate) {
                    try db.execute(sql: "DELETE FROM content; DELETE FROM funnel")
                    try Store.merge([first.path], into: target, busyTimeout: .milliseconds(1))
                    return .rollback
                }
            }
            #expect(try reading(target) { try pairs($0) } == before)
            withExtendedLifetime(lock) {}
        }
    }

    @Test func `a merge that is cut short leaves whole sources and is completed by the next`() async throws {
        try await withReplicas { folder, first, second in
            let (target, whole) = (folder + "/all.sqlite", folder + "/whole.sqlite")
            try Store.merge([first.path], into: target)
            let afterFirst = try everything(target)
            try FileManager.default.removeItem(atPath: target)
            // A stage that there is not: the last but one thing that is written of the second source is refused.
            try second.pool.writeWithoutTransaction { db in
                try db.execute(
                    sql: """
                        PRAGMA ignore_check_constraints = ON;
                        INSERT INTO funnel (experiment_id, minute, intent_id, stage, count) VALUES (1, 1, 0, 'halfway', 1);
                        PRAGMA ignore_check_constraints = OFF;
                        """
                )
            }
            let error = #expect(throws: DatabaseError.self) {
                try Store.merge([first.path, second.path], into: target)
            }
            #expect(error?.resultCode == .SQLITE_CONSTRAINT)
            let tables = MergeRows.carried.subtracting(["store_setting"])
            #expect(
                try everything(target).filter { tables.contains($0.key) }
                    == afterFirst.filter { tables.contains($0.key) }
            )
            try reading(target) { store in
                try #expect(funnel(store) == funnel(first))
            }
            try second.write { try $0.execute(sql: "DELETE FROM funnel WHERE stage = 'halfway'") }
            let summaries = try Store.merge([first.path, second.path], into: target)
            #expect(summaries.map(\.pairsAdded) == [0, 12])
            try Store.merge([first.path, second.path], into: whole)
            let (completed, expected) = (try everything(target), try everything(whole))
            for table in MergeRows.carried.union(MergeRows.summed).subtracting(["store_setting"]) {
                #expect(completed[table] == expected[table], "\(table)")
            }
        }
    }

    private func reading(_ path: String, creating: Bool, _ body: (Store) throws -> Void) throws {
        let store = try Store.open(path: path, access: .createOrOpen)
        try body(store)
        try store.close()
    }

    // MARK: - Older stores

    @Test func `a store of the third schema is brought up to date and merged`() async throws {
        try await withTemporaryFolder { folder in
            let (path, target) = (folder + "/old.sqlite", folder + "/all.sqlite")
            let queue = try DatabaseQueue(path: path)
            try await queue.writeWithoutTransaction { db in
                try db.execute(sql: "PRAGMA application_id = \(StoreFile.applicationID)")
            }
            try Schema.migrator.migrate(queue, upTo: "3")
            try await queue.write { db in
                try db.execute(
                    sql: """
                        INSERT INTO experiment (name, seed, configuration, gates) VALUES ('old', 1, '{}', '[]');
                        INSERT INTO funnel VALUES (1, 5, 0, 'seen', '', 4), (1, 5, 0, 'not_sampled', '', 4);
                        """
                )
            }
            try queue.close()
            try Store.merge([path], into: target)
            let ids = try [path, target].map { path in
                try reading(path) { store in
                    #expect(try funnel(store).seen == 4)
                    #expect(try store.upkeep.info().schemaVersion == Schema.version)
                    return try store.read {
                        try String.fetchOne($0, sql: "SELECT value FROM store_setting WHERE name = 'store_id'")
                    }
                }
            }
            #expect(ids.allSatisfy { $0?.count == 32 })
            #expect(ids[0] != ids[1])
        }
    }
}
