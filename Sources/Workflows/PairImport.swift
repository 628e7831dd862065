package import Configuration
import Crypto
import Evaluation
package import Files
import Formats
import Foundation
import Mirroring
package import PairStore
import Redaction
import Vocabulary

/// Pairs from elsewhere, file by file: all of a file or nothing of it.
package struct PairImport {
    private let store: Store
    private let keyedHash: KeyedHash
    private let classifier: IntentClassifier
    private let policy: TextPolicy
    private let loaded: LoadedConfiguration?
    private let importedAt = Date()
    let skipsBadLines: Bool

    package struct Result {
        package var counts = ImportCounts()
        package var skipped = 0
    }

    /// A line that stops an import.
    struct BadLine: Error {
        var line: Int
        var reason: String
    }

    package init(storePath: String, loaded: LoadedConfiguration?, skipsBadLines: Bool) throws {
        store = try Store.open(path: storePath, access: .createOrOpen)
        let keyPath =
            loaded.flatMap { $0.origin(of: "key_file") == .builtIn ? nil : $0.configuration.keyFile }
            ?? KeyFile.path(besideStore: storePath)
        keyedHash = KeyedHash(key: try StoreKey.loadOrCreate(path: keyPath, beside: store).bytes)
        classifier = try IntentClassifier(loaded?.configuration.intents ?? [])
        policy =
            try loaded.map { try ConfigurationMapping.textPolicy($0.configuration.prompts) }
            ?? ConfigurationMapping.textPolicy(PromptsConfiguration())
        self.loaded = loaded
        self.skipsBadLines = skipsBadLines
    }

    /// Imports one file, of which no more than a line and what is read ahead is held.
    ///
    /// - Parameter file: its name is what a bad line is told by.
    /// - Returns: what was done.
    /// - Throws: `CommandFailure` for a bad line; then nothing of the file was kept.
    package func read(_ file: InputFile) throws -> Result {
        var lines = LineFeed { try file.next() }
        var names = try ScoreNames(in: store.scores)
        var skipped = 0
        func next() throws -> ImportedPair? {
            while true {
                do {
                    guard let line = try lines.next() else { return nil }
                    do {
                        let pair = try imported(line.bytes)
                        try names.admit(pair)
                        return pair
                    } catch let error as LineError {
                        throw BadLine(line: line.number, reason: error.description)
                    }
                } catch let bad as BadLine {
                    guard skipsBadLines else { throw bad }
                } catch let long as LineSplitter.LineTooLong {
                    guard skipsBadLines else { throw BadLine(line: long.line, reason: long.description) }
                }
                skipped += 1
            }
        }
        do {
            // It says which versions are compared.
            var first = try next()
            let counts = try store.transaction { transaction in
                let experiment = try experimentID(first: first?.pair, in: transaction.experiments)
                return try transaction.pairs.add(into: experiment, policy: policy) {
                    if let pair = first {
                        first = nil
                        return pair
                    }
                    return try next()
                }
            }
            return Result(counts: counts, skipped: skipped)
        } catch let bad as BadLine {
            throw CommandFailure.badData("\(file.path):\(bad.line): \(bad.reason) Nothing of this file was kept.")
        }
    }

    private func imported(_ bytes: [UInt8]) throws -> ImportedPair {
        let line = try PairLine(parsing: bytes)
        let identity = line.id ?? "line-" + hexadecimal(SHA256.hash(data: bytes).prefix(16))
        let classified =
            line.intent.map { ($0, IntentSource.imported) }
            ?? classifier.classify(text: line.lastUserText ?? "") { _ in nil }
        let hash = line.promptHash ?? line.canonicalBytes.map { keyedHash.prompt(canonicalRequest: $0) }
        guard let hash else {
            throw LineError("A pair needs one of the keys `prompt`, `messages` and `prompt_hash`.")
        }
        return ImportedPair(
            pair: line.pair(
                id: identity,
                time: line.time ?? importedAt,
                session: line.session.map { keyedHash.session($0) },
                intent: classified.0,
                intentSource: classified.1,
                promptHash: hash,
                prompt: line.promptText
            ),
            pairScores: line.pairScores
        )
    }

    /// The experiment into which this file goes: the one that the configuration names, else the store's, else a new one.
    private func experimentID(first: Pair?, in experiments: ExperimentTable) throws -> ExperimentID {
        if loaded?.declared.experimentName == nil, loaded?.declared.gates == nil,
            let known = try experiments.newest()
        {
            return known.id
        }
        let declared = loaded?.declared
        var declaration = Declaration()
        if let declared { declaration = ConfigurationMapping.declaration(declared, over: declaration) }
        declaration.classes = (declared?.intentClasses ?? []).filter { $0 != .other }
        let experiment = Experiment(
            name: declared?.experimentName ?? "imported",
            horizon: declared?.horizon,
            stableVersion: declared?.stableVersion ?? first?.stable.version,
            shadowVersion: declared?.shadowVersion ?? first?.shadow.version
        )
        return try experiments.declare(
            ExperimentDeclaration(
                experiment: experiment,
                configuration: loaded?.configuration.declaration ?? "",
                declaration: try declaration.json()
            ),
            by: "import",
            at: importedAt
        )
    }
}

/// The names of the scores that pairs bring, of which a store takes so many.
///
/// Each is a metric of every class: with a hundred thousand an evaluation would take hours and gigabytes.
struct ScoreNames {
    static let limit = 256

    private var known: Set<String>

    init(in scores: ScoreTable) throws {
        known = Set(try scores.scorers().lazy.filter { $0.version == Scorer.importedVersion }.map(\.name))
    }

    /// Takes a pair's names in.
    ///
    /// One that brings no new name is welcome whatever the store has, as an older version may have taken more.
    ///
    /// - Throws: `LineError` where there would be too many; then none was taken in.
    mutating func admit(_ imported: ImportedPair) throws {
        let pair = imported.pair
        let sides = [pair.stable, pair.shadow, pair.control].compactMap(\.self)
        guard !imported.pairScores.isEmpty || sides.contains(where: { !$0.scores.isEmpty }) else { return }
        let names = known.union(sides.flatMap { $0.scores.keys }).union(imported.pairScores.keys)
        guard names.count <= Self.limit || names.count == known.count else {
            throw LineError(
                "With the scores of this pair the store would have \(names.count) names of scores, of which it takes "
                    + "\(Self.limit); give fewer names."
            )
        }
        known = names
    }
}
