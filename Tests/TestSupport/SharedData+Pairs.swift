package import Evaluation
import Foundation
import JSON
import Scoring
import Threads
package import Vocabulary

/// The recorded answers.
extension SharedData {
    /// The rows of a file of pairs: class, versions and the `scores` that the pairs carry.
    package static func observations(of name: String, computing: Bool = false) throws -> Observations {
        var observations = Observations()
        var scorers = Scorers()
        for (index, pair) in try pairs(of: name).enumerated() {
            let (pair, pairScores) = computing ? pair.scored(by: &scorers) : (pair, [:])
            observations.append(PairRow(pair, id: RowID(row: Int64(index)), pairScores: pairScores))
        }
        return observations
    }

    /// All pairs of a file, read once.
    package static func pairs(of name: String) throws -> [Pair] {
        try cache.withLock { files in
            if let pairs = files[name] { return pairs }
            let pairs = try readPairs(of: name)
            files[name] = pairs
            return pairs
        }
    }

    private static let cache = Locked<[String: [Pair]]>([:])

    private static func readPairs(of name: String) throws -> [Pair] {
        let data = Data(try bytes(name))
        return try data.split(separator: UInt8(ascii: "\n")).map { line in
            let json = try JSON(parsing: line)
            return Pair(
                id: json["id"]?.stringValue ?? "",
                time: Date(timeIntervalSince1970: 1_790_000_000),
                session: nil,
                intent: IntentClass(rawValue: json["intent"]?.stringValue ?? "other"),
                intentSource: .imported,
                endpoint: "/v1/chat/completions",
                promptHash: PromptHash(hex: "00"),
                prompt: json["prompt"]?.stringValue,
                request: RequestParameters(),
                samplingProbability: 1,
                stable: answer(json["stable"]),
                shadow: answer(json["shadow"]),
                control: nil
            )
        }
    }

    private static func answer(_ json: JSON?) -> LegAnswer {
        var scores: [String: Double] = [:]
        for member in json?["scores"]?.objectValue?.members ?? [] { scores[member.key] = member.value.doubleValue }
        return LegAnswer(
            version: json?["version"]?.stringValue ?? "",
            outcome: json?["outcome"]?.stringValue.flatMap(Outcome.init(rawValue:)) ?? .ok,
            text: json?["text"]?.stringValue ?? "",
            scores: scores
        )
    }
}
