import Foundation
import GRDB
import Vocabulary

/// Words by number, each read from the store once.
struct WordReader {
    private var words: [Int64: String] = [:]
    private(set) var rememberedBytes = 0

    /// The word whose number stands in a column.
    mutating func word(of row: StoredRow, _ index: Int, _ column: StaticString, _ db: Database) throws -> String {
        let id = try row.integer(index, column)
        if let known = words[id] { return known }
        let find = try db.cachedStatement(sql: "SELECT text FROM word WHERE id = ?")
        guard let word = try Row.fetchOne(find, arguments: [id]) else {
            throw row.broken(column, "the number of a word that is not there")
        }
        let text = try StoredRow(word, of: "word", number: id).text(0, "text")
        let bytes = Self.entryBytes + text.utf8.count
        guard bytes <= Self.maximumBytes / 4 else { return text }
        // A server that made up a word for each answer, and a store whose words are books, must not make this grow.
        if rememberedBytes + bytes > Self.maximumBytes { (words, rememberedBytes) = ([:], 0) }
        words[id] = text
        rememberedBytes += bytes
        return text
    }

    /// What is remembered at most, and what of it a word takes beside its text.
    static let maximumBytes = 8 << 20
    private static let entryBytes = 64
}

/// Reads whole pairs within one snapshot.
final class PairReader {
    private let db: Database
    private let texts: StoredTextReader
    /// nil where no scores are wanted.
    private var collector: ScoreCollector?
    private var words = WordReader()
    /// The last `response_format` and `tools`; the same ones come with thousands of requests.
    private var format: (rowID: Int64, value: (responseFormat: String?, tools: String?)?)?

    init(_ db: Database, _ dictionaries: DictionaryCache, scores: ScoreSelection) throws {
        self.db = db
        texts = try StoredTextReader(db, dictionaries)
        collector = scores == .none ? nil : ScoreCollector(try KnownScorers(db), selection: scores)
    }

    /// The pairs that a condition on `p` lets through; where these are several, it ends with the order of their rows.
    func pairs(matching condition: String, _ arguments: StatementArguments) throws -> [StoredPair] {
        let statement = try db.cachedStatement(
            sql: """
                SELECT p.id, p.uid, p.experiment_id, p.received_at_us, s.hash, i.name, p.intent_source_id,
                    p.sampling_probability, p.endpoint_id, p.prompt_hash, p.temperature, p.max_tokens, p.is_streamed,
                    t.bytes, t.size_bytes, t.dictionary_id, c.bytes, c.size_bytes, c.dictionary_id,
                    f.bytes, f.size_bytes, f.dictionary_id, f.id
                FROM pair p
                LEFT JOIN intent_class i ON i.id = p.intent_id
                LEFT JOIN session s ON s.id = p.session_id
                LEFT JOIN prompt t ON \(Schema.sameHash("t.hash", "p.prompt_hash"))
                LEFT JOIN content c ON c.pair_id = p.id
                LEFT JOIN request_format f ON f.id = p.request_format_id
                WHERE \(condition)
                """
        )
        var pairs: [StoredPair] = []
        var sides: Sides?
        let rows = try Row.fetchCursor(statement, arguments: arguments)
        while let next = try rows.next() {
            let row = try StoredRow(numbered: next, of: "pair")
            let present = try sides ?? Sides(db, from: row.number ?? 0, withScores: collector != nil)
            pairs.append(try pair(row, present))
            sides = present
        }
        return pairs
    }

    /// The scans that run beside that of the pairs.
    private struct Sides {
        let exchanges: MergedRows
        let packs: MergedRows?

        init(_ db: Database, from first: Int64, withScores: Bool) throws {
            exchanges = try MergedRows(db, LegFigures.scan, from: first)
            packs = withScores ? try MergedRows(db, ScoreCollector.scan, from: first) : nil
        }
    }

    /// The columns of `pairs(matching:_:)` by their places: to look for a name in each row costs as much as to read it.
    private enum Column {
        static let uid = 1, experiment = 2, receivedAt = 3, session = 4, intent = 5, intentSource = 6
        static let probability = 7, endpoint = 8, promptHash = 9, temperature = 10, maximumTokens = 11, isStreamed = 12
        /// Each followed by its size and its dictionary.
        static let prompt = 13, content = 16, format = 19
        static let formatID = 22
    }

    private func pair(_ row: StoredRow, _ sides: Sides) throws -> StoredPair {
        let rowID = row.number ?? 0
        let texts = try text(row, Column.content, rowID, TextCodec.decodeLegs) ?? []
        var legs = try legs(rowID, sides.exchanges, texts: texts)
        let pairScores = try joinScores(rowID, sides.packs, to: &legs)
        guard let stable = legs.stable, let shadow = legs.shadow else {
            throw StoreError.corruptText(pairRowID: rowID, reason: "in exchange an answer is missing")
        }
        let format = try format(row, rowID)
        let session = try row.optionalHash(Column.session, "session_id")
        let promptHash = try row.hash(Column.promptHash, "prompt_hash")
        guard let intent = try row.optionalText(Column.intent, "intent_id") else {
            throw row.broken("intent_id", "the number of a class that is not there")
        }
        return StoredPair(
            rowID: rowID,
            experiment: ExperimentID(rawValue: try row.integer(Column.experiment, "experiment_id")),
            pair: Pair(
                id: try row.text(Column.uid, "uid"),
                time: try row.time(Column.receivedAt, "received_at_us"),
                session: session.map { SessionHash(hex: $0.hex) },
                intent: IntentClass(rawValue: intent),
                intentSource: try row.word(Column.intentSource, "intent_source_id", IntentSource.init(rowID:)),
                endpoint: try words.word(of: row, Column.endpoint, "endpoint_id", db),
                promptHash: PromptHash(hex: promptHash.hex),
                prompt: try text(row, Column.prompt, rowID) { String(decoding: $0, as: UTF8.self) },
                request: RequestParameters(
                    temperature: try row.optionalNumber(Column.temperature, "temperature", in: StoredRange.finite),
                    maximumTokens: try row.optionalInteger(Column.maximumTokens, "max_tokens").map { Int($0) },
                    stream: try row.flag(Column.isStreamed, "is_streamed"),
                    responseFormat: format?.responseFormat,
                    tools: format?.tools
                ),
                samplingProbability: try row.number(
                    Column.probability,
                    "sampling_probability",
                    in: StoredRange.probabilities
                ),
                stable: stable,
                shadow: shadow,
                control: legs.control
            ),
            pairScores: pairScores,
            isTextDeleted: row.isNull(Column.content)
        )
    }

    /// What structure the request asked for; nil where none.
    private func format(_ row: StoredRow, _ rowID: Int64) throws -> (responseFormat: String?, tools: String?)? {
        guard let id = try row.optionalInteger(Column.formatID, "request_format_id") else { return nil }
        if let format, format.rowID == id { return format.value }
        let value = try text(row, Column.format, rowID, TextCodec.decodeFormat)
        format = (id, value)
        return value
    }

    /// A compressed column, read back; nil where there is none.
    private func text<Value>(
        _ row: StoredRow,
        _ column: Int,
        _ rowID: Int64,
        _ decode: ([UInt8]) throws -> Value
    ) throws -> Value? {
        do {
            return try row.withBytes(column) { bytes in
                try bytes.map { bytes in try decode(texts.read(bytes, row, sizeAt: column + 1)) }
            }
        } catch let error as StoreError {
            throw error
        } catch {
            let table = column == Column.content ? "content" : column == Column.prompt ? "prompt" : "request_format"
            throw StoreError.corruptText(pairRowID: rowID, reason: "bytes of \(table), \(error)")
        }
    }

    /// The exchanges of a pair as they are found.
    private struct Legs {
        var stable: LegAnswer?
        var shadow: LegAnswer?
        var control: LegAnswer?

        subscript(leg: Leg) -> LegAnswer? {
            get {
                switch leg {
                case .stable: stable
                case .shadow: shadow
                case .control: control
                }
            }
            set {
                switch leg {
                case .stable: stable = newValue
                case .shadow: shadow = newValue
                case .control: control = newValue
                }
            }
        }
    }

    private func legs(_ rowID: Int64, _ rows: MergedRows, texts: [LegText]) throws -> Legs {
        var legs = Legs()
        try rows.forEach(of: rowID) { row in
            let row = StoredRow(row, of: "exchange", number: rowID)
            let leg = try row.word(1, "leg_id", Leg.init(rowID:))
            let figures = try LegFigures(row, &words, db)
            let text = texts.first { $0.leg == leg }
            legs[leg] = LegAnswer(
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
        return legs
    }

    private func joinScores(_ rowID: Int64, _ packs: MergedRows?, to legs: inout Legs) throws -> [String: Double] {
        guard let packs, var collector else { return [:] }
        self.collector = nil
        defer { self.collector = collector }
        collector.begin()
        try packs.forEach(of: rowID) { row in
            try collector.add(row, ofPair: rowID)
        }
        var pairScores: [String: Double] = [:]
        for score in collector.scores {
            switch score.subject {
            case .leg(let leg): legs[leg]?.scores[score.name] = score.value
            case .pair: pairScores[score.name] = score.value
            }
        }
        return pairScores
    }
}
