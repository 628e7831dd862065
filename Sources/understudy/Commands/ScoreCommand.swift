import ArgumentParser
import Configuration
import Crypto
import ExternalScoring
import Files
import Formats
import Foundation
import JSON
import PairStore
import Scoring
import Vocabulary
import Workflows

struct ScoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "score",
        abstract: "Pairs in, the same pairs with the built-in scores out; or a program's scores of a store's pairs.",
        usage: """
            understudy score PAIRS.jsonl…
            understudy score --store FILE --command CMD [--name NAME --version V] [--timeout 120s] [--in-flight 256] \
                             [--config FILE]
            """,
        discussion: """
            With --command the store's pairs go to the program's standard input, one JSON object a line as `store \
            export` writes them, and its answers are read from its standard output, in any order:
              {"id":"PAIR-ID","scorer":"NAME","version":"1","stable":0.8,"shadow":0.4,"control":null,"pair":0.5}
            Every pair needs an answer, without values where the program has none. A scored pair is not sent again. The \
            program has our environment without what begins with UNDERSTUDY_ and what --config names as secrets.
            """
    )

    @Argument(help: "Files of pairs, one JSON object a line; '-' reads standard input.")
    var files: [String] = []

    @Option(name: .customLong("store"), help: "The store whose pairs --command scores.")
    var storePath: String?

    @Option(help: "A program for /bin/sh -c that reads pairs and writes scores.")
    var command: String?

    @Option(help: "The scorer's name, where the program's lines name none; with --version no pair is sent to learn it.")
    var name: String?

    @Option(help: "The scorer's version, where the program's lines name none.")
    var version: String?

    @Option(help: "How long pairs may be out without an answer to any, such as 120s or 10m.")
    var timeout: String?

    @Option(name: .customLong("in-flight"), help: "How many pairs may be out at a time.")
    var inFlight: Int?

    @Option(name: .customLong("config"), help: "A configuration whose secrets are kept from the program.")
    var configurationPath: String?

    func validate() throws {
        guard (storePath == nil) == (command == nil) else {
            throw ValidationError("--store and --command go together: the program scores the store's pairs.")
        }
        guard command == nil else {
            guard files.isEmpty else {
                throw ValidationError("score takes files of pairs, or --store and --command, not both.")
            }
            try validateProgram()
            return
        }
        guard !files.isEmpty else {
            throw ValidationError("score takes files of pairs ('-' reads standard input), or --store and --command.")
        }
        guard name == nil, version == nil, timeout == nil, inFlight == nil, configurationPath == nil else {
            throw ValidationError("--name, --version, --timeout, --in-flight and --config need --store and --command.")
        }
    }

    private func validateProgram() throws {
        if let problem = name.flatMap(ExternalScorerName.problem(withName:)) {
            throw ValidationError("--name \(problem).")
        }
        if let problem = version.flatMap(ExternalScorerName.problem(withVersion:)) {
            throw ValidationError("--version \(problem).")
        }
        if let timeout {
            guard let duration = DurationText.parse(timeout), duration >= .seconds(1) else {
                throw ValidationError("--timeout is a duration of at least a second, such as 120s or 10m.")
            }
        }
        if let inFlight, !(1...10_000).contains(inFlight) {
            throw ValidationError("--in-flight is from 1 to 10000.")
        }
    }

    func run() async throws {
        guard let storePath, let command else { return try scoreFiles() }
        var scorer = ExternalScorer(command: command, name: name, version: version)
        if let timeout = timeout.flatMap(DurationText.parse) { scorer.limits.timeout = timeout }
        if let inFlight { scorer.limits.inFlight = inFlight }
        if let configurationPath {
            scorer.withheldVariables = try ConfigurationLoader.load(
                path: configurationPath,
                purpose: .evaluate,
                environment: ProcessInfo.processInfo.environment
            ).secretVariables
        }
        try await ExternalScoreRun.run(
            scorer,
            over: try Store.open(path: storePath, access: .readWrite),
            until: Termination.signalled
        )
    }

    private func scoreFiles() throws {
        var scorers = Scorers()
        for file in files {
            let input = try InputFile.named(file)
            var lines = LineFeed { try input.next() }
            do {
                while let (number, line) = try lines.next() {
                    do {
                        try Output.write(Data(try scored(line, with: &scorers)))
                    } catch let error as LineError {
                        throw CommandFailure.badData("\(file):\(number): \(error.description)")
                    }
                }
            } catch let error as LineSplitter.LineTooLong {
                throw CommandFailure.badData("\(file):\(error.line): \(error.description)")
            }
        }
    }

    private func scored(_ bytes: [UInt8], with scorers: inout Scorers) throws -> [UInt8] {
        var line = try PairLine(parsing: bytes)
        let pair = line.pair(
            id: line.id ?? "line-" + hexadecimal(SHA256.hash(data: bytes).prefix(16)),
            time: line.time ?? Date(),
            session: nil,
            intent: line.intent ?? .other,
            intentSource: .imported,
            promptHash: line.promptHash ?? PromptHash(hex: ""),
            prompt: line.promptText
        )
        let (scoredPair, pairScores) = pair.scored(by: &scorers)
        line.stable = scoredPair.stable
        line.shadow = scoredPair.shadow
        line.control = scoredPair.control
        line.pairScores.merge(pairScores) { _, new in new }
        return line.json.bytes() + [0x0a]
    }
}
