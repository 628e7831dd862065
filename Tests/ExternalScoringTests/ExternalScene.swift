import Foundation
import PairStore
import TestSupport
import Threads
import Vocabulary

@testable import ExternalScoring

/// A store with pairs and a folder for the programs that score them, gone after the test.
final class ExternalScene: Sendable {
    private let temporary: TestFolder
    var folder: URL { temporary.url }
    let store: Store

    /// - Parameters:
    ///   - count: pairs, called `p-0`, `p-1` and so on.
    ///   - words: of each answer.
    /// - Throws: what the file system or the store says.
    init(pairs count: Int, words: Int = 5) throws {
        temporary = try TestFolder()
        store = try Store.open(path: temporary.path + "/pairs.sqlite", access: .createOrOpen)
        try add(count, to: "first", words: words)
    }

    deinit {
        try? store.close()
    }

    /// Adds pairs to an experiment, which is declared where it is new.
    func add(_ count: Int, to experiment: String, prefix: String = "p", words: Int = 5) throws {
        let declaration = ExperimentDeclaration(experiment: Experiment(name: experiment))
        let id = try store.experiments.declare(declaration, by: "test", at: Sample.start)
        let pairs = (0..<count).map { number in
            let text = Array(repeating: "word\(number)", count: words).joined(separator: " ")
            var pair = Sample.pair(
                id: "\(prefix)-\(number)",
                prompt: "Where is order \(number)?",
                stable: Sample.answer(text),
                shadow: Sample.answer(text + ".")
            )
            pair.time = Sample.start.addingTimeInterval(Double(number))
            return ImportedPair(pair: pair)
        }
        _ = try store.pairs.add(pairs, into: id, policy: .full)
    }

    /// A shell script that reads pairs line by line; `body` has the pair's id in `$id` and its place from 1 in `$n`.
    func reading(_ body: String, then end: String = "") throws -> String {
        try script(
            """
            n=0
            while IFS= read -r line; do
              n=$((n+1)); id=${line#*\\"id\\":\\"}; id=${id%%\\"*}
              \(body)
            done
            \(end)
            exit 0
            """
        )
    }

    /// A shell script; the answer is the command that runs it.
    func script(_ text: String) throws -> String {
        let file = folder.appendingPathComponent("\(UUID().uuidString).sh")
        try Data((text + "\n").utf8).write(to: file)
        return "exec /bin/sh '\(file.path)'"
    }

    /// What a run came to, with the lines that did not count.
    struct Run {
        var result: ExternalScoringResult
        var faults: [ExternalFault]

        var problem: String {
            switch result.problem {
            case .badData(let sentence), .inputOutput(let sentence): sentence
            case nil: ""
            }
        }

        var isInputOutput: Bool {
            if case .inputOutput = result.problem { true } else { false }
        }

        var isBadData: Bool {
            if case .badData = result.problem { true } else { false }
        }
    }

    func run(
        _ command: String,
        name: String? = "judge",
        version: String? = "1",
        timeout: Duration = .seconds(60),
        inFlight: Int = 256,
        patience: Duration = .seconds(10),
        lineBytes: Int = 16 << 20
    ) async throws -> Run {
        var limits = ExternalLimits()
        limits.timeout = timeout
        limits.inFlight = inFlight
        limits.patience = patience
        limits.lineBytes = lineBytes
        let faults = Locked<[ExternalFault]>([])
        let scorer = ExternalScorer(command: command, name: name, version: version, limits: limits)
        let result = try await scorer.score(store) { event in
            if case .fault(let fault) = event { faults.withLock { $0.append(fault) } }
        }
        return Run(result: result, faults: faults.withLock { $0 })
    }

    /// The stored scores of a name, by the pairs' ids.
    func scores(_ name: String, of leg: KeyPath<Pair, LegAnswer> = \.stable) throws -> [String: Double] {
        var found: [String: Double] = [:]
        try store.pairs.forEachPair { stored in
            found[stored.pair.id] = stored.pair[keyPath: leg].scores[name]
            return true
        }
        return found
    }

    /// A line that scores the pair in `$id`, as a shell command.
    static func echo(_ members: String = #""stable":0.8,"shadow":0.4"#, scorer: String = "judge") -> String {
        #"echo "{\"id\":\"$id\",\"scorer\":\""# + scorer + #"\",\"version\":1,"#
            + members.replacingOccurrences(of: "\"", with: "\\\"") + #"}""#
    }
}
