import Foundation
import GRDB
import Statistics
import TestSupport
import Threads
import Vocabulary

@testable import PairStore

/// A new store with an experiment.
func withStore<Value>(_ body: (Store, ExperimentID) async throws -> Value) async throws -> Value {
    try await withTemporaryFolder { folder in
        let store = try Store.open(path: folder + "/pairs.sqlite", access: .createOrOpen)
        let experiment = try store.experiments.declare(.example(), by: "a test", at: .example)
        let value = try await body(store, experiment)
        try store.close()
        return value
    }
}

extension Date {
    /// Noon of a day in UTC.
    static let example = Date(
        timeIntervalSince1970: 1_700_000_000 - 1_700_000_000.truncatingRemainder(dividingBy: 86_400)
    )
    .addingTimeInterval(43_200)
}

extension ExperimentDeclaration {
    static func example(name: String = "week") -> ExperimentDeclaration {
        ExperimentDeclaration(
            experiment: Experiment(
                name: name,
                startedAt: .example,
                horizon: .seconds(604_800),
                stableModel: "llama",
                stableVersion: "v1.1.0",
                shadowModel: "llama",
                shadowVersion: "v1.2.0"
            ),
            configuration: "{}",
            declaration: "[]",
            seed: .max - 5
        )
    }
}

extension LegAnswer {
    static func example(_ text: String = "an answer", version: String = "v1.1.0") -> LegAnswer {
        LegAnswer(version: version, outcome: .ok, status: 200, finishReason: "stop", text: text)
    }
}

extension Pair {
    static func example(
        _ id: String,
        time: Date = .example,
        session: String? = nil,
        intent: String = "payment",
        prompt: String? = "a question",
        hash: String? = nil
    ) -> Pair {
        Pair(
            id: id,
            time: time,
            session: session.map(SessionHash.init(hex:)),
            intent: IntentClass(rawValue: intent),
            intentSource: .rule,
            endpoint: "/v1/chat/completions",
            promptHash: PromptHash(hex: hash ?? hexadecimal(Array(id.utf8))),
            prompt: prompt,
            request: RequestParameters(),
            samplingProbability: 0.5,
            stable: .example(),
            shadow: .example("another answer", version: "v1.2.0"),
            control: nil
        )
    }
}

// MARK: - Random pairs

extension SplitMix64 {
    mutating func flip() -> Bool { Bool.random(using: &self) }

    mutating func maybe<Value>(_ make: (inout SplitMix64) -> Value) -> Value? {
        flip() ? make(&self) : nil
    }

    mutating func text(upTo count: Int = 60) -> String {
        let alphabet = Array("abc xyz 0189 \"\\{}[],:\n\t<>€äß漢字🎭\u{0}\u{301}")
        return String(
            (0..<Int.random(in: 0...count, using: &self)).map { _ in alphabet.randomElement(using: &self) ?? "a" }
        )
    }

    mutating func hex(bytes: Int) -> String {
        hexadecimal((0..<bytes).map { _ in UInt8.random(in: 0...255, using: &self) })
    }

    mutating func duration() -> Duration { .microseconds(Int64.random(in: 0...90_000_000, using: &self)) }

    mutating func answer() -> LegAnswer {
        LegAnswer(
            version: "v1.\(Int.random(in: 0...3, using: &self)).0",
            reportedModel: maybe { "model-\(Int.random(in: 0...3, using: &$0))" },
            outcome: Outcome.allCases.randomElement(using: &self) ?? .ok,
            status: maybe { Int.random(in: 100...599, using: &$0) },
            finishReason: maybe { ["stop", "length", "tool_calls"].randomElement(using: &$0) ?? "stop" },
            text: text(upTo: 400),
            otherChoices: (0..<Int.random(in: 0...2, using: &self)).map { _ in text() },
            toolCalls: (0..<Int.random(in: 0...2, using: &self)).map { _ in
                ToolCall(id: maybe { $0.text() }, name: text(upTo: 10), arguments: text())
            },
            usage: TokenUsage(
                inputTokens: maybe { Int.random(in: 0...9_000, using: &$0) },
                outputTokens: maybe { Int.random(in: 0...9_000, using: &$0) }
            ),
            timings: Timings(
                firstByte: maybe { $0.duration() },
                firstToken: maybe { $0.duration() },
                total: maybe { $0.duration() },
                interTokenMedian: maybe { $0.duration() },
                interTokenMaximum: maybe { $0.duration() }
            ),
            byteCount: Int.random(in: 0...100_000, using: &self),
            scores: flip() ? [:] : ["judge": Double.random(in: 0...1, using: &self), "refusal": flip() ? 1 : 0]
        )
    }

    mutating func pair(id: String) -> Pair {
        Pair(
            id: id,
            time: Date(timeIntervalSince1970: Double(Int.random(in: 0...2_000_000_000, using: &self)) + 0.25),
            session: maybe { SessionHash(hex: $0.flip() ? $0.hex(bytes: 16) : "S-odd-\($0.flip())") },
            intent: IntentClass(rawValue: ["payment", "math", "other"].randomElement(using: &self) ?? "other"),
            intentSource: [.header, .body, .rule, .fallback, .imported].randomElement(using: &self) ?? .rule,
            endpoint: flip() ? "/v1/chat/completions" : "/v1/messages",
            promptHash: PromptHash(hex: flip() ? hex(bytes: 32) : "ABC\(id)"),
            prompt: maybe { $0.text(upTo: 900) },
            request: RequestParameters(
                temperature: maybe { Double.random(in: 0...2, using: &$0) },
                maximumTokens: maybe { Int.random(in: 1...4_096, using: &$0) },
                stream: flip(),
                responseFormat: maybe { _ in #"{"type":"json_object"}"# },
                tools: maybe { _ in #"[{"name":"look"}]"# }
            ),
            samplingProbability: Double.random(in: 0.001...1, using: &self),
            stable: answer(),
            shadow: answer(),
            control: maybe { $0.answer() }
        )
    }
}

// MARK: - Waiting for completions

/// Outages as they are told, for a test to wait for.
final class Outages: Sendable {
    private let told = Awaited<[StoreOutage?]>([])

    @Sendable func add(_ outage: StoreOutage?) { told.change { $0.append(outage) } }

    var all: [StoreOutage?] { told.now }

    func wait(until isEnough: @escaping @Sendable ([StoreOutage?]) -> Bool) async { await told.wait(until: isEnough) }
}

/// Collects what completions say, and lets a test wait until there are enough.
final class Results: Sendable {
    private let results = Locked<[PairWriter.Result]>([])

    func add(_ result: PairWriter.Result) {
        results.withLock { $0.append(result) }
    }

    var all: [PairWriter.Result] { results.withLock { $0 } }

    var storedCount: Int {
        all.count { if case .stored = $0 { true } else { false } }
    }
}

// MARK: - Everything that a store says

/// Every value of every table, compressed ones also as what they hold.
func everyValue(of store: Store) throws -> [[UInt8]] {
    try store.read { db in
        let texts = try StoredTextReader(db, store.dictionaries)
        var values: [[UInt8]] = []
        for table in try String.fetchAll(db, sql: "SELECT name FROM sqlite_schema WHERE type = 'table'") {
            for row in try Row.fetchAll(db, sql: "SELECT * FROM \"\(table)\"") {
                for (column, value) in row {
                    switch value.storage {
                    case .string(let text): values.append(Array(text.utf8))
                    case .blob(let data):
                        values.append(Array(data))
                        if column == "bytes", let size: Int = row["size_bytes"] {
                            values.append(try texts.read(data, sizeBytes: size, dictionary: row["dictionary_id"]))
                        }
                    default: break
                    }
                }
            }
        }
        return values
    }
}

/// The store's files as they are on disk.
func files(of store: Store) throws -> [[UInt8]] {
    try ["", "-wal", "-shm"].map { store.path + $0 }
        .filter { FileManager.default.fileExists(atPath: $0) }
        .map { Array(try Data(contentsOf: URL(fileURLWithPath: $0))) }
}

extension [[UInt8]] {
    func contains(text: String) -> Bool {
        let needle = Data(text.utf8)
        return contains { Data($0).range(of: needle) != nil }
    }
}

extension PairScores {
    init(
        pairRowID: Int64,
        scorer: Scorer,
        stable: Double? = nil,
        shadow: Double? = nil,
        control: Double? = nil,
        pair: Double? = nil
    ) {
        self.init(
            pairRowID: pairRowID,
            values: ScorerValues(scorer: scorer, stable: stable, shadow: shadow, control: control, pair: pair)
        )
    }
}
