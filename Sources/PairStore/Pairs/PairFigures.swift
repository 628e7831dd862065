// Everything of a pair but its words: what the evaluator folds, millions at a time.
//
// Three scans in the order of the pairs' rows (pairs, exchanges, scores) run side by side in one snapshot and are
// merged here: no join, no sorting, no text, and nothing is held but the present pair.

package import Foundation
import GRDB
package import Vocabulary

/// The figures of one answer.
package struct LegFigures: Sendable, Equatable {
    package var version: String
    package var reportedModel: String?
    package var outcome: Outcome
    package var status: Int?
    package var finishReason: String?
    package var usage: TokenUsage
    package var timings: Timings
    /// Payload bytes of the answer as they came.
    package var byteCount: Int
    /// Bytes of UTF-8 of the first choice's text before redaction; stays when the text is deleted.
    package var textByteCount: Int
    package var toolCallCount: Int

    static let columns = """
        pair_id, leg_id, version_id, reported_model_id, outcome_id, status, finish_reason_id, input_tokens, \
        output_tokens, first_byte_us, first_token_us, total_us, inter_token_p50_us, inter_token_max_us, size_bytes, \
        text_size_bytes, tool_call_count
        """

    /// All from a pair on.
    static let scan = "SELECT \(columns) FROM exchange WHERE pair_id >= ? ORDER BY pair_id, leg_id"

    init(_ row: StoredRow, _ words: inout WordReader, _ db: Database) throws {
        version = try words.word(of: row, 2, "version_id", db)
        reportedModel = try row.isNull(3) ? nil : words.word(of: row, 3, "reported_model_id", db)
        outcome = try row.word(4, "outcome_id", Outcome.init(rowID:))
        status = try row.optionalCount(5, "status", in: StoredRange.statuses)
        finishReason = try row.isNull(6) ? nil : words.word(of: row, 6, "finish_reason_id", db)
        usage = TokenUsage(
            inputTokens: try row.optionalCount(7, "input_tokens"),
            outputTokens: try row.optionalCount(8, "output_tokens")
        )
        timings = Timings(
            firstByte: try row.optionalDuration(9, "first_byte_us"),
            firstToken: try row.optionalDuration(10, "first_token_us"),
            total: try row.optionalDuration(11, "total_us"),
            interTokenMedian: try row.optionalDuration(12, "inter_token_p50_us"),
            interTokenMaximum: try row.optionalDuration(13, "inter_token_max_us")
        )
        byteCount = try row.count(14, "size_bytes")
        textByteCount = try row.count(15, "text_size_bytes")
        toolCallCount = try row.count(16, "tool_call_count")
    }
}

/// The figures of one pair.
package struct PairFigures: Sendable, Equatable {
    package var rowID: Int64
    /// The same for the same pair in several stores.
    package var key: PairKey
    /// When the request was complete, in microseconds since 1970.
    package var receivedAtMicroseconds: Int64
    package var session: SessionKey
    package var intent: IntentClass
    /// Above 0 and at most 1.
    package var samplingProbability: Double
    package var isStreamed: Bool
    /// Whether the request asked for a structured answer.
    package var hasResponseFormat: Bool
    /// Whether the request offered tools.
    package var hasTools: Bool
    package var stable: LegFigures
    package var shadow: LegFigures
    package var control: LegFigures?
    /// Scores of the answers and of the pair; a score that is not defined here is absent.
    package var scores: [Score]

    /// When the request was complete.
    package var time: Date { Date(microseconds: receivedAtMicroseconds) }

    /// The score of a name; nil where it is absent.
    package func score(_ name: String, _ subject: ScoreSubject) -> Double? {
        scores.first { $0.subject == subject && $0.name == name }?.value
    }
}

extension PairTable {
    /// Hands over the figures of stored pairs in the order of storing, all from one snapshot.
    ///
    /// The body is called within a read transaction: it must not use this store, and while it runs the `-wal` file cannot
    /// be reused.
    ///
    /// - Parameters:
    ///   - experiment: nil for all.
    ///   - until: only pairs received before this time.
    ///   - scores: which versions of scores are joined.
    ///   - body: called for each pair.
    /// - Throws: what the body throws, which ends the scan, and `StoreError.corruptText` where an answer is missing.
    package func forEachFigures(
        experiment: ExperimentID? = nil,
        until: Date? = nil,
        scores: ScoreSelection = .latest,
        _ body: (PairFigures) throws -> Void
    ) throws {
        try connection.read { db in
            let scan = try FigureScan(
                db,
                experiment: experiment,
                until: until,
                scores: scores
            )
            while let figures = try scan.next() { try body(figures) }
        }
    }
}

private final class FigureScan {
    private let db: Database
    private let pairs: RowCursor
    private let exchanges: MergedRows
    private let packs: MergedRows
    private var collector: ScoreCollector
    private var words = WordReader()
    private let intents: [Int64: IntentClass]

    init(
        _ db: Database,
        experiment: ExperimentID?,
        until: Date?,
        scores: ScoreSelection
    ) throws {
        self.db = db
        collector = ScoreCollector(try KnownScorers(db), selection: scores)
        intents = try Row.fetchAll(db, sql: "SELECT id, name FROM intent_class").reduce(into: [:]) { intents, row in
            let row = StoredRow(row, of: "intent_class")
            intents[try row.integer(0, "id")] = IntentClass(rawValue: try row.text(1, "name"))
        }
        // The pluses keep the planner on the rows' own order.
        pairs = try Row.fetchCursor(
            db,
            sql: """
                SELECT p.id, p.received_at_us, s.hash, p.intent_id, p.sampling_probability, p.is_streamed,
                    f.has_response_format, f.has_tools, p.uid
                FROM pair p
                LEFT JOIN session s ON s.id = p.session_id
                LEFT JOIN request_format f ON f.id = p.request_format_id
                WHERE (?1 IS NULL OR +p.experiment_id = ?1) AND (?2 IS NULL OR +p.received_at_us < ?2)
                ORDER BY p.id
                """,
            arguments: [experiment?.rawValue, until?.microseconds]
        )
        exchanges = try MergedRows(db, LegFigures.scan)
        packs = try MergedRows(db, ScoreCollector.scan)
    }

    func next() throws -> PairFigures? {
        guard let next = try pairs.next() else { return nil }
        let row = try StoredRow(numbered: next, of: "pair")
        let rowID = row.number ?? 0
        var legs: (stable: LegFigures?, shadow: LegFigures?, control: LegFigures?)
        try exchanges.forEach(of: rowID) { row in
            let row = StoredRow(row, of: "exchange", number: rowID)
            let figures = try LegFigures(row, &words, db)
            switch try row.word(1, "leg_id", Leg.init(rowID:)) {
            case .stable: legs.stable = figures
            case .shadow: legs.shadow = figures
            case .control: legs.control = figures
            }
        }
        collector.begin()
        try packs.forEach(of: rowID) { row in try collector.add(row, ofPair: rowID) }
        guard let stable = legs.stable, let shadow = legs.shadow else {
            throw StoreError.corruptText(pairRowID: rowID, reason: "in exchange an answer is missing")
        }
        let key = try row.withBytes(8) { PairKey(column: $0 ?? Data()) }
        let session = try row.withBytes(2) { data in
            data.map(SessionKey.init(column:)) ?? SessionKey(pairWithoutSession: key)
        }
        return PairFigures(
            rowID: rowID,
            key: key,
            receivedAtMicroseconds: try row.integer(1, "received_at_us", in: StoredRange.times),
            session: session,
            intent: try intent(row),
            samplingProbability: try row.number(4, "sampling_probability", in: StoredRange.probabilities),
            isStreamed: try row.flag(5, "is_streamed"),
            hasResponseFormat: try !row.isNull(6) && row.flag(6, "has_response_format"),
            hasTools: try !row.isNull(7) && row.flag(7, "has_tools"),
            stable: stable,
            shadow: shadow,
            control: legs.control,
            scores: collector.scores
        )
    }

    private func intent(_ row: StoredRow) throws -> IntentClass {
        guard let intent = intents[try row.integer(3, "intent_id")] else {
            throw row.broken("intent_id", "the number of a class that is not there")
        }
        return intent
    }
}
