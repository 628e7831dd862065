// The reader of stores that come from elsewhere: a store's rows may hold anything.
//
// Each input is a list of changes to the values of a small, whole store, made past all of SQLite's checks, as somebody who
// edits the file would make them; then everything that reads a store reads it, and it is merged into a new one. What is proven:
// each of them ends with values or with an error, and every pair can be read in a store into which it was merged. Pages that are
// broken are SQLite's own to find; its authors fuzz it for that.

import Evaluation
import Foundation
import GRDB
import PairStore
import Redaction
import Scoring
import Vocabulary
import Wire
import Workflows

/// The store that every input begins with; made once.
private let template: (path: String, columns: [Column]) = {
    let folder = NSTemporaryDirectory() + "understudy-fuzz-\(getpid())"
    do {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let path = folder + "/template.sqlite"
        try fill(try Store.open(path: path, access: .createOrOpen))
        return (path, try columns(of: path))
    } catch {
        fatalError("No store can be made to begin with: \(error)")
    }
}()

/// A column of a table, and the first one, by whose numbers rows are chosen: many tables have no `rowid`.
private struct Column {
    var table: String
    var name: String
    var first: String
}

/// A row at least in every table that has a reader.
private func fill(_ store: Store) throws {
    try store.bindKey(fingerprint: "fuzz")
    let declaration = ExperimentDeclaration(
        experiment: Experiment(name: "fuzz", startedAt: Date(timeIntervalSince1970: 0), horizon: .seconds(86_400)),
        declaration: try Declaration().json()
    )
    let experiment = try store.experiments.declare(declaration, by: "fuzz", at: Date(timeIntervalSince1970: 0))
    var scorers = Scorers()
    var number = 0
    _ = try store.pairs.add(into: experiment, policy: .full) {
        guard number < 6 else { return nil }
        number += 1
        let (pair, scores) = samplePair(number).scored(by: &scorers)
        return ImportedPair(pair: pair, pairScores: scores)
    }
    try count(store, experiment)
    try rate(store)
    try store.close()
}

/// Counters, rates, and a verdict that was reported.
private func count(_ store: Store, _ experiment: ExperimentID) throws {
    let payment = IntentClass(rawValue: "payment")
    var change = Funnel()
    (change.seen, change.sampled, change.stored, change.inFlight) = (20, 9, 6, 1)
    change.notSampled = 11
    change.shed[.queueFull] = 2
    try store.funnel.add(
        (0..<3).map { FunnelMinute(minute: $0, intent: $0 == 0 ? nil : payment, change: change) },
        experiment: experiment
    )
    try store.traffic.add(
        (0..<3).map { DayTraffic(day: $0, intent: payment, requests: 20, sessions: 3, played: 2, tokens: 9) },
        experiment: experiment
    )
    for day in 0..<3 {
        try store.traffic.save(RateTable(day: day, rates: [:], otherwise: 0.5), experiment: experiment)
    }
    let start = Date(timeIntervalSince1970: 0)
    try store.experiments.record(
        ChangeRecord(kind: .sampling, time: start, actor: "fuzz", text: "0.5"),
        experiment: experiment
    )
    _ = try store.experiments.record(
        Rejection(metric: MetricName.refusal, intent: payment, time: start, eValue: 21, text: "it refuses"),
        experiment: experiment
    )
}

/// A round of ratings, one on an item of it and one on a pair.
private func rate(_ store: Store) throws {
    let start = Date(timeIntervalSince1970: 0)
    let item = RatingItem(
        id: "item",
        pairRowID: 1,
        sideA: .shadow,
        sideB: .stable,
        inclusionProbability: 0.25,
        reason: "sample"
    )
    _ = try store.ratings.saveRound(RatingRound(name: "round", seed: 3, exportedAt: start), items: [item])
    let ratings = [
        StoredRating(subject: .item(item.id), rater: "r", choice: .sideA, comment: "hm", time: start),
        StoredRating(subject: .pair("pair-2"), rater: "r", choice: .tie),
    ]
    _ = try store.ratings.save(ratings, policy: .full)
}

private func samplePair(_ number: Int) -> Pair {
    func answer(_ version: String) -> LegAnswer {
        LegAnswer(
            version: version,
            reportedModel: "m",
            outcome: number == 5 ? .truncated : .ok,
            status: 200,
            finishReason: "stop",
            text: String(repeating: "An answer of \(version) to question \(number). ", count: number * number),
            otherChoices: number == 3 ? ["another"] : [],
            toolCalls: number == 4 ? [ToolCall(id: "c", name: "f", arguments: "{\"a\":1}")] : [],
            usage: TokenUsage(inputTokens: 3, outputTokens: 4),
            timings: Timings(firstByte: .milliseconds(3), firstToken: .milliseconds(4), total: .milliseconds(9)),
            byteCount: 100
        )
    }
    return Pair(
        id: "pair-\(number)",
        time: Date(timeIntervalSince1970: Double(number) * 60),
        session: SessionHash(bytes: [UInt8(number), 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]),
        intent: IntentClass(rawValue: number < 3 ? "payment" : "how_to"),
        intentSource: .imported,
        endpoint: APIShape.chatCompletions.endpoint.rawValue,
        promptHash: PromptHash(bytes: Array(repeating: UInt8(number), count: 32)),
        prompt: "Question \(number)?",
        request: RequestParameters(
            temperature: 0.5,
            maximumTokens: 10,
            responseFormat: number == 2 ? "{\"type\":\"json_object\"}" : nil,
            tools: number == 4 ? "[]" : nil
        ),
        samplingProbability: 0.5,
        stable: answer("v1"),
        shadow: answer("v2"),
        control: number == 1 ? answer("v1") : nil
    )
}

private func columns(of path: String) throws -> [Column] {
    try DatabaseQueue(path: path).read { db in
        try String.fetchAll(
            db,
            sql: "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY 1"
        )
        .flatMap { table in
            let names = try String.fetchAll(db, sql: "SELECT name FROM pragma_table_info(?)", arguments: [table])
            return names.map { Column(table: table, name: $0, first: names[0]) }
        }
    }
}

/// Makes a change, unless it breaks a rule that SQLite itself keeps.
///
/// NOT NULL, UNIQUE, the types of a STRICT table: what they refuse is no input of ours. Any other error is a mistake of this file.
private func change(_ sql: String, _ arguments: StatementArguments, _ db: Database) throws {
    do {
        try db.execute(sql: sql, arguments: arguments)
    } catch let error as DatabaseError
        where [.SQLITE_CONSTRAINT, .SQLITE_MISMATCH].contains(error.resultCode)
    {}
}

@Sendable func fuzzStore(_ bytes: ArraySlice<UInt8>, seed: UInt8) {
    let (whole, columns) = template
    let path = (whole as NSString).deletingLastPathComponent + "/changed.sqlite"
    let files = FileManager.default
    for ending in ["", "-wal", "-shm"] { try? files.removeItem(atPath: path + ending) }
    guard (try? files.copyItem(atPath: whole, toPath: path)) != nil else { fatalError("The store cannot be copied.") }
    var input = Input(bytes)
    do {
        let queue = try DatabaseQueue(path: path)
        try queue.writeWithoutTransaction { db in
            try db.execute(
                sql: "PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON; PRAGMA synchronous = OFF"
            )
            for _ in 0..<8 where !input.isEmpty {
                let column = columns[input.number(below: columns.count)]
                let row = "CAST(\"\(column.first)\" AS INTEGER)"
                try change(
                    "UPDATE \"\(column.table)\" SET \"\(column.name)\" = ? WHERE \(row) % 7 = ? OR ?",
                    [input.value(), input.number(below: 7), input.number(below: 4) == 0],
                    db
                )
                if input.number(below: 16) == 0 {
                    try change("DELETE FROM \"\(column.table)\" WHERE \(row) % 3 = ?", [input.number(below: 3)], db)
                }
            }
        }
        try queue.close()
    } catch {
        fatalError("The store cannot be changed: \(error)")
    }
    // Before it is scored, which mends nothing but adds rows.
    merge(path)
    read(path, access: seed % 2 == 0 ? .readOnly : .readWrite)
}

/// Merges the store into a new one, in which then every pair has to be readable.
private func merge(_ path: String) {
    let target = (path as NSString).deletingLastPathComponent + "/merged.sqlite"
    for ending in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: target + ending) }
    guard (try? Store.merge([path], into: target)) != nil else { return }
    do {
        let store = try Store.open(path: target, access: .readOnly)
        try store.pairs.forEachPair { _ in true }
        try store.pairs.forEachFigures { _ in }
        try store.close()
    } catch {
        fatalError("The merge took what cannot be read: \(error)")
    }
}

/// Everything that reads a store; an error is an answer.
private func read(_ path: String, access: Store.Access) {
    guard let store = try? Store.open(path: path, access: access) else { return }
    defer { try? store.close() }
    _ = try? store.upkeep.check(texts: true)
    _ = try? store.upkeep.info()
    try? store.pairs.forEachPair { pair in
        _ = "\(pair)".utf8.count
        return true
    }
    try? store.pairs.forEachFigures { _ = "\($0)".utf8.count }
    guard let experiments = try? store.experiments.all() else { return }
    for experiment in experiments {
        _ = try? store.experiments.changes(experiment: experiment.id)
        _ = try? store.experiments.rejections(experiment: experiment.id)
        _ = try? store.funnel.byIntent(experiment: experiment.id)
        _ = try? store.traffic.rates(experiment: experiment.id, day: 0)
        _ = try? store.traffic.days(experiment: experiment.id, days: 0..<3)
    }
    if access != .readOnly { _ = try? ScoringPass(store: store, workers: 1).run() }
    _ = try? StoredEvaluation(stores: [store]).look(now: Date(timeIntervalSince1970: 90_000))
    _ = try? store.ratings.ratedPairs()
    _ = try? store.ratings.status()
    _ = try? store.scores.scorers()
    _ = try? store.pairs.counts()
}

/// Numbers and values out of the fuzzer's bytes.
private struct Input {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

    var isEmpty: Bool { rest.isEmpty }

    mutating func byte() -> UInt8 { rest.popFirst() ?? 0 }

    mutating func number(below limit: Int) -> Int { (Int(byte()) << 8 | Int(byte())) % limit }

    mutating func bits() -> UInt64 { (0..<8).reduce(0) { sum, _ in sum << 8 | UInt64(byte()) } }

    mutating func value() -> DatabaseValue {
        switch byte() % 8 {
        case 0: return .null
        case 1: return Int64(bitPattern: bits()).databaseValue
        case 2: return Int64(Int8(bitPattern: byte())).databaseValue
        case 3:
            let edges: [Int64] = [.min, .min + 1, .max, .max - 1, 1 << 31, 1 << 32, -1, 0, 1 << 62, 2_000_000_000]
            return edges[number(below: edges.count)].databaseValue
        case 4: return Double(bitPattern: bits()).databaseValue
        case 5: return Data(take(Int(byte()))).databaseValue
        case 6: return Data(take(Int(byte()) * 8)).databaseValue
        default: return String(decoding: take(Int(byte())), as: UTF8.self).databaseValue
        }
    }

    private mutating func take(_ count: Int) -> ArraySlice<UInt8> {
        let taken = rest.prefix(count)
        rest = rest.dropFirst(count)
        return taken
    }
}
