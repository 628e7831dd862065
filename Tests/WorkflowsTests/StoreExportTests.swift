import Formats
import Foundation
import PairStore
import TestSupport
import Testing
import Vocabulary

@testable import Workflows

/// `store export`, piece by piece.
struct StoreExportTests {
    private static let pairCount = 300

    private func withStore(_ body: (Store) throws -> Void) throws {
        let folder = try TestFolder()
        defer { withExtendedLifetime(folder) {} }
        let store = try Store.open(path: folder.path + "/s.sqlite", access: .createOrOpen)
        try store.transaction { transaction in
            let experiment = try transaction.experiments.declare(
                ExperimentDeclaration(experiment: Experiment(name: "export")),
                by: "test",
                at: Sample.start
            )
            let pairs = (0..<Self.pairCount).map { number in
                ImportedPair(
                    pair: Sample.pair(
                        id: "p-\(number)",
                        prompt: "Where is order \(number)?",
                        stable: Sample.answer("Order \(number) is on its way."),
                        shadow: Sample.answer("On its way: order \(number).")
                    )
                )
            }
            _ = try transaction.pairs.add(pairs, into: experiment, policy: .full)
        }
        try body(store)
        try store.close()
    }

    /// Bytes that were held when a line was added, at most.
    private final class LargestHeld {
        var bytes = 0
    }

    /// Lines that say how much was held when they were added.
    private struct WatchedLines: PairSinkFormat {
        let largestHeld: LargestHeld
        private var lines = PairLines()

        init(_ largestHeld: LargestHeld) { self.largestHeld = largestHeld }

        func begin(_ output: inout [UInt8]) { output += Array("head\n".utf8) }

        mutating func write(_ pair: PairLine, to output: inout [UInt8]) {
            largestHeld.bytes = max(largestHeld.bytes, output.count)
            lines.write(pair, to: &output)
        }

        func end(_ output: inout [UInt8]) { output += Array("foot\n".utf8) }
    }

    @Test func `no more than a piece is held beside one pair`() throws {
        try withStore { store in
            var whole: [UInt8] = []
            try StoreExport.write(store.pairs, as: PairLines()) { whole += $0 }
            #expect(whole.count { $0 == 0x0a } == Self.pairCount)

            let largestHeld = LargestHeld()
            var pieces: [[UInt8]] = []
            try StoreExport.write(store.pairs, as: WatchedLines(largestHeld), pieceBytes: 4_096) {
                pieces.append($0)
            }
            #expect(Array(pieces.joined()) == Array("head\n".utf8) + whole + Array("foot\n".utf8))
            #expect(largestHeld.bytes <= 4_096)
            let longestLine = whole.split(separator: 0x0a).map { $0.count + 1 }.max() ?? 0
            #expect(pieces.allSatisfy { $0.count <= 4_096 + longestLine + 10 })
            #expect(pieces.count > 10)
        }
    }

    @Test func `a file has what standard output would have had`() throws {
        try withStore { store in
            var lines: [UInt8] = []
            try store.scoreWhatLacksScores()
            try StoreExport.write(store.pairs, as: PairLines(), pieceBytes: 100) { lines += $0 }
            let out = store.path + ".jsonl"
            try StoreExport.run(storePath: store.path, to: out)
            #expect(try Data(contentsOf: URL(fileURLWithPath: out)) == Data(lines))
        }
    }
}
