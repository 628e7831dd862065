import Foundation
import GRDB
import Vocabulary

/// Writes prepared pairs into an open transaction.
///
/// The numbers of sessions, words, classes and request formats are remembered (`DigestCache`, in a few megabytes), so that
/// a pair costs one insert for each of its own rows. What is remembered is only true while the transactions that made it
/// stand: after a rollback, or where another process deleted rows, `forget` and try again.
///
/// Words that a server chooses must not fill the store either: it takes so many, and counts any further
/// one as `ForeignWord.other`.
final class PairInserter {
    private let maximumWords: Int
    private var intents = DigestCache<Int64>(maximumBytes: 256 << 10)
    private var words = DigestCache<Int64>(maximumBytes: 2 << 20)
    private var scorers = DigestCache<Int64>(maximumBytes: 256 << 10)
    private var scorerSets = DigestCache<Int64>(maximumBytes: 256 << 10)
    /// The last set and its number: one pair is scored as the one before.
    private var lastScorerSet: (scorers: [Scorer], id: Int64)?
    /// Of all sets; nil before one is made, after which nobody else makes any.
    private var scorersOfSets: Int?
    private var sessions = DigestCache<Int64>(maximumBytes: 8 << 20)
    private var formats = DigestCache<Int64>(maximumBytes: 256 << 10)
    /// Rows of `word`; nil before they were counted.
    private var wordCount: Int?

    /// - Parameter maximumWords: how many different words the store may hold before those that servers choose are counted
    ///   as one; more than the default come from no honest server. Versions and endpoints are taken beyond them.
    init(maximumWords: Int = 4_096) {
        self.maximumWords = maximumWords
    }

    func forget() {
        intents.forgetAll()
        words.forgetAll()
        scorers.forgetAll()
        scorerSets.forgetAll()
        lastScorerSet = nil
        scorersOfSets = nil
        sessions.forgetAll()
        formats.forgetAll()
        wordCount = nil
    }

    /// About the bytes that are remembered.
    var rememberedByteCount: Int {
        intents.byteCount + words.byteCount + scorers.byteCount + scorerSets.byteCount + sessions.byteCount
            + formats.byteCount
    }

    /// Inserts a pair with all its rows.
    ///
    /// - Returns: the pair's row, or nil where a pair of this id is already there; then nothing of it was changed.
    func insert(_ pair: PreparedPair, experiment: ExperimentID, _ db: Database) throws -> Int64? {
        // Each looked up before the statement is touched: they share the connection's statements.
        let session = try pair.session.map { try sessionID($0, db) }
        let intent = try intentID(pair.intent, db)
        let endpoint = try wordID(pair.endpoint, isForeign: false, db)
        let format = try pair.format.map { try formatID($0, db) }
        try db.cachedStatement(
            sql: """
                INSERT INTO pair (uid, experiment_id, received_at_us, session_id, intent_id, intent_source_id,
                    sampling_probability, endpoint_id, prompt_hash, request_format_id, temperature, max_tokens,
                    is_streamed)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (uid) DO NOTHING
                """
        ).execute(arguments: [
            pair.uid, experiment.rawValue, pair.receivedAtMicroseconds, session, intent, pair.intentSourceRowID,
            pair.samplingProbability, endpoint, pair.promptHash, format, pair.temperature, pair.maximumTokens,
            pair.isStreamed,
        ])
        guard db.changesCount == 1 else { return nil }
        let rowID = db.lastInsertedRowID
        for answer in pair.answers { try insert(answer, pairRowID: rowID, db) }
        try db.cachedStatement(
            sql: "INSERT INTO content (pair_id, dictionary_id, size_bytes, bytes) VALUES (?, ?, ?, ?)"
        )
        .execute(arguments: [rowID, pair.content.dictionary, pair.content.sizeBytes, pair.content.bytes])
        if let prompt = pair.prompt { try insert(prompt, of: pair, db) }
        // Those that came with the pair, and those that were made here.
        try insert(pair.importedScores, ofPair: rowID, db)
        try insert(pair.computedScores, ofPair: rowID, db)
        return rowID
    }

    /// Counts pairs of these classes as stored, whatever becomes of them later.
    func countStored(_ stored: [String], experiment: ExperimentID, _ db: Database) throws {
        for (name, count) in stored.reduce(into: [String: Int](), { $0[$1, default: 0] += 1 }) {
            let intent = try intentID(name, db)
            try db.cachedStatement(
                sql: """
                    INSERT INTO stored_count (experiment_id, intent_id, count) VALUES (?, ?, ?)
                    ON CONFLICT (experiment_id, intent_id) DO UPDATE SET count = count + excluded.count
                    """
            ).execute(arguments: [experiment.rawValue, intent, count])
        }
    }

    /// Keeps what some scorers gave for a pair on which none of them has been.
    func insert(_ values: [ScorerValues], ofPair rowID: Int64, _ db: Database) throws {
        guard !values.isEmpty else { return }
        let set = try scorerSetID(of: values, db)
        let bytes = ScorePack.encode(values.map { ($0.stable, $0.shadow, $0.control, $0.pair) })
        try db.cachedStatement(sql: "INSERT INTO score_pack (pair_id, scorer_set_id, bytes) VALUES (?, ?, ?)")
            .execute(arguments: [rowID, set, Data(bytes)])
    }

    private func insert(_ answer: PreparedAnswer, pairRowID: Int64, _ db: Database) throws {
        let version = try wordID(answer.version, isForeign: false, db)
        let model = try answer.reportedModel.map { try wordID($0, isForeign: true, db) }
        let reason = try answer.finishReason.map { try wordID($0, isForeign: true, db) }
        let timings = answer.timings
        try db.cachedStatement(
            sql: """
                INSERT INTO exchange (pair_id, leg_id, version_id, reported_model_id, outcome_id, status,
                    finish_reason_id, input_tokens, output_tokens, first_byte_us, first_token_us, total_us,
                    inter_token_p50_us, inter_token_max_us, size_bytes, text_size_bytes, tool_call_count)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            pairRowID, answer.leg.rowID, version, model, answer.outcome.rowID, answer.status, reason,
            answer.usage.inputTokens, answer.usage.outputTokens, timings.firstByte?.wholeMicroseconds,
            timings.firstToken?.wholeMicroseconds, timings.total?.wholeMicroseconds,
            timings.interTokenMedian?.wholeMicroseconds, timings.interTokenMaximum?.wholeMicroseconds,
            answer.sizeBytes, answer.textSizeBytes, answer.toolCallCount,
        ])
    }

    /// A prompt that is asked again stays as long as its newest pair; an hour more or less does not matter.
    private func insert(_ prompt: CompressedText, of pair: PreparedPair, _ db: Database) throws {
        // A question of its own: an INSERT that reads its own table would copy the text through a temporary one.
        let find = try db.cachedStatement(
            sql: "SELECT id, received_at_us FROM prompt WHERE \(Schema.sameHash("hash", "?1"))"
        )
        guard let present = try Row.fetchOne(find, arguments: [pair.promptHash]) else {
            return try db.cachedStatement(
                sql:
                    "INSERT INTO prompt (hash, received_at_us, dictionary_id, size_bytes, bytes) VALUES (?, ?, ?, ?, ?)"
            ).execute(arguments: [
                pair.promptHash, pair.receivedAtMicroseconds, prompt.dictionary, prompt.sizeBytes, prompt.bytes,
            ])
        }
        let row = try StoredRow(numbered: present, of: "prompt")
        let last = try row.integer(1, "received_at_us", in: StoredRange.times)
        guard pair.receivedAtMicroseconds > last + 3_600_000_000 else { return }
        try db.cachedStatement(sql: "UPDATE prompt SET received_at_us = ? WHERE id = ?")
            .execute(arguments: [pair.receivedAtMicroseconds, row.number])
    }

    // MARK: - Dictionaries

    private func intentID(_ name: String, _ db: Database) throws -> Int64 {
        let key = TextDigest(name)
        if let known = intents.value(of: key) { return known }
        let id = try Self.intentID(name, db)
        intents.remember(id, of: key)
        return id
    }

    /// The number of a word; one that a server chose may be counted as `ForeignWord.other`.
    private func wordID(_ text: String, isForeign: Bool, _ db: Database) throws -> Int64 {
        let key = TextDigest(text)
        if let known = words.value(of: key) { return known }
        let present = try Self.presentID(table: "word", column: "text", text, db)
        let id: Int64
        if let present {
            id = present
        } else {
            let count = try wordCount ?? Int.fetchOne(db, sql: "SELECT count(*) FROM word") ?? 0
            wordCount = count
            guard !isForeign || count < maximumWords || text == ForeignWord.other else {
                // Not remembered: of such words there is no end.
                return try wordID(ForeignWord.other, isForeign: true, db)
            }
            id = try Self.insertedID(table: "word", column: "text", text, db)
            wordCount = count + 1
        }
        words.remember(id, of: key)
        return id
    }

    private func sessionID(_ hash: HashValue, _ db: Database) throws -> Int64 {
        let key = hash.digest
        if let known = sessions.value(of: key) { return known }
        let id = try Self.dictionaryID(table: "session", column: "hash", hash, db)
        sessions.remember(id, of: key)
        return id
    }

    func scorerID(_ scorer: Scorer, _ db: Database) throws -> Int64 {
        let key = TextDigest(scorer.name + "\0" + scorer.version)
        if let known = scorers.value(of: key) { return known }
        let find = try db.cachedStatement(sql: "SELECT id FROM scorer WHERE name = ? AND version = ?")
        let present = try Int64.fetchOne(find, arguments: [scorer.name, scorer.version])
        if present == nil {
            try db.execute(
                sql: "INSERT INTO scorer (name, version) VALUES (?, ?)",
                arguments: [scorer.name, scorer.version]
            )
        }
        let id = present ?? db.lastInsertedRowID
        scorers.remember(id, of: key)
        return id
    }

    /// The last set's number, where some values are those of its scorers in their order; else nil.
    func lastScorerSetID(of values: [ScorerValues]) -> Int64? {
        guard let last = lastScorerSet, last.scorers.count == values.count else { return nil }
        return zip(last.scorers, values).allSatisfy { $0 == $1.scorer } ? last.id : nil
    }

    private func scorerSetID(of values: [ScorerValues], _ db: Database) throws -> Int64 {
        if let known = lastScorerSetID(of: values) { return known }
        let set = values.map(\.scorer)
        let id = try scorerSetID(set, db)
        lastScorerSet = (set, id)
        return id
    }

    private func scorerSetID(_ set: [Scorer], _ db: Database) throws -> Int64 {
        let numbers = try set.map { String(try scorerID($0, db)) }.joined(separator: ",")
        let key = TextDigest(numbers)
        if let known = scorerSets.value(of: key) { return known }
        let present = try Self.presentID(table: "scorer_set", column: "scorer_ids", numbers, db)
        let id = try present ?? insertedScorerSetID(numbers, count: set.count, db)
        scorerSets.remember(id, of: key)
        return id
    }

    /// Every reader holds all sets, so there are no more than it takes.
    private func insertedScorerSetID(_ numbers: String, count: Int, _ db: Database) throws -> Int64 {
        let before = try scorersOfSets ?? KnownScorers.scorersOfSets(db)
        guard before + count <= StoredRange.scorersOfSets else {
            throw StoreError.tooManyScorerSets(limit: StoredRange.scorersOfSets)
        }
        scorersOfSets = before + count
        return try Self.insertedID(table: "scorer_set", column: "scorer_ids", numbers, db)
    }

    private func formatID(_ format: PreparedFormat, _ db: Database) throws -> Int64 {
        if let known = formats.value(of: format.digest) { return known }
        let id = try findFormat(format, db) ?? insertFormat(format, db)
        formats.remember(id, of: format.digest)
        return id
    }

    private func findFormat(_ format: PreparedFormat, _ db: Database) throws -> Int64? {
        // The same level of the same library gives the same frame; another version's only costs a second row.
        try Int64.fetchOne(
            db.cachedStatement(
                sql: """
                    SELECT id FROM request_format
                    WHERE fingerprint = ? AND size_bytes = ? AND bytes = ? AND dictionary_id IS NULL
                    """
            ),
            arguments: [format.fingerprint, format.text.sizeBytes, format.text.bytes]
        )
    }

    private func insertFormat(_ format: PreparedFormat, _ db: Database) throws -> Int64 {
        try db.cachedStatement(
            sql: """
                INSERT INTO request_format (fingerprint, has_response_format, has_tools, size_bytes, bytes)
                VALUES (?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            format.fingerprint, format.hasResponseFormat, format.hasTools, format.text.sizeBytes, format.text.bytes,
        ])
        return db.lastInsertedRowID
    }

    /// The number of a class, which is made where it is new.
    static func intentID(_ name: String, _ db: Database) throws -> Int64 {
        try dictionaryID(table: "intent_class", column: "name", name, db)
    }

    private static func dictionaryID(
        table: String,
        column: String,
        _ value: any DatabaseValueConvertible,
        _ db: Database
    ) throws -> Int64 {
        try presentID(table: table, column: column, value, db) ?? insertedID(table: table, column: column, value, db)
    }

    private static func presentID(
        table: String,
        column: String,
        _ value: any DatabaseValueConvertible,
        _ db: Database
    ) throws -> Int64? {
        try Int64.fetchOne(
            db.cachedStatement(sql: "SELECT id FROM \(table) WHERE \(column) = ?"),
            arguments: [value]
        )
    }

    private static func insertedID(
        table: String,
        column: String,
        _ value: any DatabaseValueConvertible,
        _ db: Database
    ) throws -> Int64 {
        try db.cachedStatement(sql: "INSERT INTO \(table) (\(column)) VALUES (?)").execute(arguments: [value])
        return db.lastInsertedRowID
    }
}

extension HashValue {
    /// What tells this hash from others, its kind included.
    fileprivate var digest: TextDigest {
        switch self {
        case .bytes(let data): TextDigest([0] + data)
        case .text(let text): TextDigest([1] + Array(text.utf8))
        }
    }
}
