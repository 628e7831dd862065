/// Reading whole pairs, texts included, without holding more than a few of them.

package import Foundation
import GRDB
package import Vocabulary

/// A pair as it is stored.
package struct StoredPair: Sendable, Equatable {
    /// Ascending in the order of storing; never used twice.
    package var rowID: Int64
    package var experiment: ExperimentID
    /// With the scores of its sides joined.
    package var pair: Pair
    /// Scores of the pair as a whole, by name.
    package var pairScores: [String: Double]
    /// Whether its texts were deleted by retention; they then read as empty.
    package var isTextDeleted: Bool
}

extension PairStore {
    /// Hands over stored pairs, texts included, in the order of storing.
    ///
    /// They are read in small batches, each from a snapshot of its own, and the body is called outside of any transaction:
    /// it may take its time and may write to the store. Pairs that are stored meanwhile are seen, deleted ones are not.
    ///
    /// - Parameters:
    ///   - experiment: nil for all.
    ///   - afterRow: only pairs whose row is greater.
    ///   - until: only pairs received before this time.
    ///   - scores: which versions of scores are joined.
    ///   - batchCount: pairs held in memory at once.
    ///   - body: returns whether to go on.
    /// - Throws: what the body throws, and `StoreError.corruptText` for a text that cannot be read back.
    package func forEachPair(
        experiment: ExperimentID? = nil,
        afterRow: Int64 = 0,
        until: Date? = nil,
        scores: ScoreSelection = .latest,
        batchCount: Int = 128,
        _ body: (StoredPair) throws -> Bool
    ) throws {
        var last = afterRow
        while true {
            let batch = try read { db in
                try PairReader(db, dictionaries, scores: scores).pairs(
                    // The plus keeps the planner from the index on time, which has another order.
                    matching: """
                        p.id > ?1 AND (?2 IS NULL OR +p.experiment_id = ?2) AND (?3 IS NULL OR +p.received_at_us < ?3)
                        ORDER BY p.id LIMIT ?4
                        """,
                    [last, experiment?.rawValue, until?.microseconds, batchCount]
                )
            }
            for pair in batch {
                guard try body(pair) else { return }
                last = pair.rowID
            }
            if batch.count < batchCount { return }
        }
    }

    /// The pair of an id; nil where there is none.
    package func pair(uid: String, scores: ScoreSelection = .latest) throws -> StoredPair? {
        try read { db in try PairReader(db, dictionaries, scores: scores).pairs(matching: "p.uid = ?", [uid]).first }
    }

    /// The pairs of some rows, in their order; rows that are gone are left out.
    package func pairs(rowIDs: [Int64], scores: ScoreSelection = .latest) throws -> [StoredPair] {
        try read { db in
            let reader = try PairReader(db, dictionaries, scores: scores)
            return try rowIDs.flatMap { try reader.pairs(matching: "p.id = ?", [$0]) }
        }
    }
}

/// Words by number, each read from the store once.
struct WordReader {
    private var words: [Int64: String] = [:]

    mutating func word(_ id: Int64, _ db: Database) throws -> String {
        if let known = words[id] { return known }
        let find = try db.cachedStatement(sql: "SELECT text FROM word WHERE id = ?")
        let word = try String.fetchOne(find, arguments: [id]) ?? ""
        words[id] = word
        return word
    }
}

/// Reads whole pairs within one snapshot.
final class PairReader {
    private let db: Database
    private let texts: StoredTextReader
    private var collector: ScoreCollector
    private var words = WordReader()

    init(_ db: Database, _ dictionaries: DictionaryCache, scores: ScoreSelection) throws {
        self.db = db
        texts = try StoredTextReader(db, dictionaries)
        collector = ScoreCollector(try KnownScorers(db), selection: scores)
    }

    func pairs(matching condition: String, _ arguments: StatementArguments) throws -> [StoredPair] {
        let statement = try db.cachedStatement(
            sql: """
                SELECT p.id, p.uid, p.experiment_id, p.received_at_us, s.hash, i.name, p.intent_source_id,
                    p.sampling_probability, p.endpoint_id, p.prompt_hash, p.temperature, p.max_tokens, p.is_streamed,
                    t.bytes, t.size_bytes, t.dictionary_id, c.bytes, c.size_bytes, c.dictionary_id,
                    f.bytes, f.size_bytes, f.dictionary_id
                FROM pair p
                JOIN intent_class i ON i.id = p.intent_id
                LEFT JOIN session s ON s.id = p.session_id
                LEFT JOIN prompt t ON \(Schema.sameHash("t.hash", "p.prompt_hash"))
                LEFT JOIN content c ON c.pair_id = p.id
                LEFT JOIN request_format f ON f.id = p.request_format_id
                WHERE \(condition)
                """
        )
        return try Row.fetchAll(statement, arguments: arguments).map(pair)
    }

    /// The columns of `pairs(matching:_:)` by their places: to look for a name in each row costs as much as to read it.
    private enum Column {
        static let rowID = 0, uid = 1, experiment = 2, receivedAt = 3, session = 4, intent = 5, intentSource = 6
        static let probability = 7, endpoint = 8, promptHash = 9, temperature = 10, maximumTokens = 11, isStreamed = 12
        /// Each followed by its size and its dictionary.
        static let prompt = 13, content = 16, format = 19
    }

    private func pair(_ row: Row) throws -> StoredPair {
        let rowID: Int64 = row[Column.rowID]
        let texts = try text(row, Column.content, rowID, TextCodec.decodeLegs) ?? []
        var exchanges = try exchanges(rowID, texts: texts)
        let pairScores = try joinScores(rowID, to: &exchanges)
        guard let stable = exchanges[.stable], let shadow = exchanges[.shadow] else {
            throw StoreError.corruptText(pairRowID: rowID, reason: "an answer is missing")
        }
        let format = try text(row, Column.format, rowID, TextCodec.decodeFormat)
        let session: HashValue? = row[Column.session]
        let promptHash: HashValue = row[Column.promptHash]
        return StoredPair(
            rowID: rowID,
            experiment: ExperimentID(rawValue: row[Column.experiment]),
            pair: Pair(
                id: row[Column.uid],
                time: Date(microseconds: row[Column.receivedAt]),
                session: session.map { SessionHash(hex: $0.hex) },
                intent: IntentClass(rawValue: row[Column.intent]),
                intentSource: IntentSource(rowID: row[Column.intentSource]) ?? .imported,
                endpoint: try words.word(row[Column.endpoint], db),
                promptHash: PromptHash(hex: promptHash.hex),
                prompt: try text(row, Column.prompt, rowID) { String(decoding: $0, as: UTF8.self) },
                request: RequestParameters(
                    temperature: row[Column.temperature],
                    maximumTokens: row[Column.maximumTokens],
                    stream: row[Column.isStreamed],
                    responseFormat: format?.responseFormat,
                    tools: format?.tools
                ),
                samplingProbability: row[Column.probability],
                stable: stable,
                shadow: shadow,
                control: exchanges[.control]
            ),
            pairScores: pairScores,
            isTextDeleted: row.hasNull(atIndex: Column.content)
        )
    }

    /// A compressed column, read back; nil where there is none.
    private func text<Value>(
        _ row: Row,
        _ column: Int,
        _ rowID: Int64,
        _ decode: ([UInt8]) throws -> Value
    ) throws -> Value? {
        guard let bytes: Data = row[column] else { return nil }
        do {
            return try decode(texts.read(bytes, sizeBytes: row[column + 1], dictionary: row[column + 2]))
        } catch {
            throw StoreError.corruptText(pairRowID: rowID, reason: "\(error)")
        }
    }

    private func exchanges(_ rowID: Int64, texts: [LegText]) throws -> [Leg: Exchange] {
        let statement = try db.cachedStatement(
            sql: "SELECT \(LegFigures.columns) FROM exchange WHERE pair_id = ? ORDER BY leg_id"
        )
        var exchanges: [Leg: Exchange] = [:]
        for row in try Row.fetchAll(statement, arguments: [rowID]) {
            guard let leg = Leg(rowID: row[1]) else { continue }
            let figures = try LegFigures(row, &words, db)
            let text = texts.first { $0.leg == leg }
            exchanges[leg] = Exchange(
                version: figures.version,
                reportedModel: figures.reportedModel,
                outcome: figures.outcome,
                status: figures.status,
                finishReason: figures.finishReason,
                text: text?.text ?? "",
                otherChoices: text?.otherChoices ?? [],
                toolCalls: text?.toolCalls ?? [],
                usage: figures.usage,
                timings: figures.timings,
                byteCount: figures.byteCount
            )
        }
        return exchanges
    }

    private func joinScores(_ rowID: Int64, to exchanges: inout [Leg: Exchange]) throws -> [String: Double] {
        let statement = try db.cachedStatement(
            sql: "SELECT scorer_set_id, bytes FROM score_pack WHERE pair_id = ? ORDER BY scorer_set_id"
        )
        collector.begin()
        let rows = try Row.fetchCursor(statement, arguments: [rowID])
        while let row = try rows.next() { try collector.add(set: row[0], row[1], ofPair: rowID) }
        var pairScores: [String: Double] = [:]
        for score in collector.scores {
            switch score.subject {
            case .leg(let leg): exchanges[leg]?.scores[score.name] = score.value
            case .pair: pairScores[score.name] = score.value
            }
        }
        return pairScores
    }
}
