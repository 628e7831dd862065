import ArgumentParser
import Crypto
import Evaluation
import Foundation
import Vocabulary
import Wire

struct ScoreCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "score",
        abstract: "Pairs in, the same pairs with the built-in scores out; no store is needed."
    )

    @Argument(help: "Files of pairs, one JSON object a line; '-' reads standard input.")
    var files: [String]

    func run() throws {
        var scorers = Scorers()
        for file in files {
            let bytes =
                file == "-"
                ? try FileHandle.standardInput.readToEnd() ?? Data() : try Data(contentsOf: URL(fileURLWithPath: file))
            try LineSplitter.forEachLine(of: bytes) { number, line in
                do {
                    try Output.write(Data(try scored(line, with: &scorers)))
                } catch let error as LineError {
                    throw CommandFailure.badData("\(file):\(number): \(error.description)")
                }
            }
        }
    }

    private func scored(_ bytes: UnsafeRawBufferPointer, with scorers: inout Scorers) throws -> [UInt8] {
        var line = try PairLine(parsing: bytes)
        let pair = line.pair(
            id: line.id ?? "line-" + hexadecimal(SHA256.hash(data: Array(bytes)).prefix(16)),
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
