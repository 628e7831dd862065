import Formats
import Foundation
import PairStore
import TestSupport
import Vocabulary

/// A store in a folder of its own that is gone after the test.
func withStore(_ pairs: [Pair], _ body: (Store, PromptKey) throws -> Void) throws {
    let folder = try TestFolder()
    defer { withExtendedLifetime(folder) {} }
    let path = folder.path + "/pairs.sqlite"
    let store = try Store.open(path: path, access: .createOrOpen)
    let key = try PromptKey.loadOrCreate(path: KeyFile.path(besideStore: path), beside: store)
    let experiment = try store.experiments.declare(
        ExperimentDeclaration(experiment: Experiment(name: "rated")),
        by: "test",
        at: Date()
    )
    _ = try store.pairs.add(pairs.map { ImportedPair(pair: $0) }, into: experiment, policy: .full)
    try body(store, key)
    try store.close()
}

/// A pair whose answers say whose they are, so that a test can see through the blinding.
func makePair(_ index: Int, intent: String = "payment") -> Pair {
    Pair(
        id: "pair-\(index)",
        time: Date(timeIntervalSince1970: 1_763_280_000 + Double(index)),
        session: nil,
        intent: IntentClass(rawValue: intent),
        intentSource: .imported,
        endpoint: "/v1/chat/completions",
        promptHash: PromptHash(bytes: [UInt8(index >> 8), UInt8(index & 255)]),
        prompt: "=question \(index), \"quoted\"\nand broken",
        request: RequestParameters(),
        samplingProbability: 1,
        stable: LegAnswer(version: "v1.1.0", outcome: .ok, text: "lead \(index)"),
        shadow: LegAnswer(version: "v1.2.0", outcome: .ok, text: "candidate \(index)"),
        control: nil
    )
}

extension SharedData {
    static func pairs(_ name: String) throws -> [Pair] {
        var pairs: [Pair] = []
        try LineSplitter.forEachLine(of: try Data(bytes(name))) { _, line in
            let parsed = try PairLine(parsing: line)
            pairs.append(
                parsed.pair(
                    id: parsed.id ?? "",
                    time: Date(),
                    session: nil,
                    intent: parsed.intent ?? .other,
                    intentSource: .imported,
                    promptHash: PromptHash(bytes: Array((parsed.id ?? "").utf8)),
                    prompt: parsed.promptText
                )
            )
        }
        return pairs
    }
}
