import Configuration
import Crypto
import Evaluation
import Foundation
import Mirroring
import PairStore
import Redaction
import Vocabulary
import Wire

/// Pairs from elsewhere, file by file: all of a file or nothing of it.
struct PairImport {
    private let store: PairStore
    private let keyedHash: KeyedHash
    private let classifier: IntentClassifier
    private let policy: TextPolicy
    private let loaded: LoadedConfiguration?
    private let importedAt = Date()
    let skipsBadLines: Bool

    struct Result {
        var counts = ImportCounts()
        var skipped = 0
    }

    /// A line that stops an import.
    struct BadLine: Error {
        var line: Int
        var reason: String
    }

    init(storePath: String, loaded: LoadedConfiguration?, skipsBadLines: Bool) throws {
        store = try PairStore.open(path: storePath, access: .createOrOpen)
        let keyPath =
            loaded.flatMap { $0.origin(of: "key_file") == .builtIn ? nil : $0.configuration.keyFile }
            ?? PromptKey.defaultPath(forStore: storePath)
        keyedHash = KeyedHash(key: try StoreKey.loadOrCreate(path: keyPath, beside: store).bytes)
        classifier = try ConfigurationMapping.intents(loaded?.configuration.intents ?? [])
        policy =
            try loaded.map { try ConfigurationMapping.textPolicy($0.configuration.prompts) }
            ?? ConfigurationMapping.textPolicy(PromptsConfiguration())
        self.loaded = loaded
        self.skipsBadLines = skipsBadLines
    }

    /// Imports one file's bytes; `name` is what a bad line is told by.
    func read(_ bytes: [UInt8], name: String) throws -> Result {
        let lines = bytes.withUnsafeBytes(Self.ranges)
        var skipped = 0
        var next = lines.makeIterator()
        do {
            let experiment = try experimentID(firstOf: bytes, lines)
            let counts = try store.importPairs(into: experiment, policy: policy) {
                while let line = next.next() {
                    do {
                        return try imported(bytes[line.range])
                    } catch let error as LineError {
                        guard skipsBadLines else { throw BadLine(line: line.number, reason: error.description) }
                        skipped += 1
                    }
                }
                return nil
            }
            return Result(counts: counts, skipped: skipped)
        } catch let bad as BadLine {
            throw CommandFailure.badData("\(name):\(bad.line): \(bad.reason) Nothing of this file was kept.")
        }
    }

    /// The lines that hold anything, numbered from 1.
    private static func ranges(of bytes: UnsafeRawBufferPointer) -> [(number: Int, range: Range<Int>)] {
        var lines: [(number: Int, range: Range<Int>)] = []
        var start = bytes.starts(with: [0xef, 0xbb, 0xbf]) ? 3 : 0
        var number = 1
        while start < bytes.count {
            let end = bytes[start...].firstIndex(of: 0x0a) ?? bytes.count
            // The line's own bytes: CR LF at its end is no other line than LF, and has no other identity.
            let textEnd = end > start && bytes[end - 1] == 0x0d ? end - 1 : end
            if bytes[start..<textEnd].contains(where: { $0 != 0x20 && $0 != 0x09 && $0 != 0x0d }) {
                lines.append((number, start..<textEnd))
            }
            number += 1
            start = end + 1
        }
        return lines
    }

    private func imported(_ bytes: ArraySlice<UInt8>) throws -> ImportedPair {
        let line = try PairLine(parsing: bytes)
        let identity = line.id ?? "line-" + hexadecimal(SHA256.hash(data: Array(bytes)).prefix(16))
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
    private func experimentID(
        firstOf bytes: [UInt8],
        _ lines: [(number: Int, range: Range<Int>)]
    ) throws -> ExperimentID {
        if loaded?.declared.experimentName == nil, loaded?.declared.gates == nil,
            let known = try store.experiments().last
        {
            return known.id
        }
        let first = lines.lazy.compactMap { try? PairLine(parsing: bytes[$0.range]) }.first
        let declared = loaded?.declared
        var declaration = Declaration()
        if let declared { declaration = ConfigurationMapping.declaration(declared, over: declaration) }
        declaration.classes = (declared?.intentClasses ?? []).map(IntentClass.init).filter { $0 != .other }
        let experiment = Experiment(
            name: declared?.experimentName ?? "imported",
            horizon: declared?.horizon,
            stableVersion: declared?.stableVersion ?? first?.stable.version,
            shadowVersion: declared?.shadowVersion ?? first?.shadow.version
        )
        return try store.declare(
            ExperimentDeclaration(
                experiment: experiment,
                configuration: loaded?.configuration.declaration ?? "",
                gates: try declaration.json()
            ),
            by: "import",
            at: importedAt
        )
    }
}
