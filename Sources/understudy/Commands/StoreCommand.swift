import ArgumentParser
import Foundation
import PairStore
import Vocabulary
import Wire

struct StoreCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "store",
        abstract: "What a store holds, and its upkeep.",
        subcommands: [Info.self, Check.self, Export.self, Vacuum.self]
    )

    struct Info: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Sizes, pairs per class and day.")
        @OptionGroup var store: QueueCommand.StoreOption

        func run() throws {
            let info = try store.open().info()
            try Output.write(
                "schema \(info.schemaVersion), \(info.fileBytes) bytes (\(info.freeBytes) free), \(info.pairs) pairs in "
                    + "\(info.sessions) sessions, \(info.prompts) prompts\n"
            )
            for (table, bytes) in info.tableBytes.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }) {
                try Output.write("  \(table): \(bytes) bytes\n")
            }
            for count in info.pairCounts {
                let day = Timestamp.text(Date(timeIntervalSince1970: Double(count.day) * 86_400)).prefix(10)
                try Output.write("  \(day) \(count.intent): \(count.pairs) pairs, \(count.sessions) sessions\n")
            }
        }
    }

    struct Check: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Integrity of the file and of its rows.")
        @OptionGroup var store: QueueCommand.StoreOption

        func run() throws {
            let problems = try store.open().check(texts: true)
            guard problems.isEmpty else {
                throw CommandFailure.badData("\(store.path) is damaged: \(problems.joined(separator: "; ")).")
            }
            try Output.write("\(store.path): nothing wrong\n")
        }
    }

    struct Export: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Every pair as a line of JSON, with its scores.")
        @OptionGroup var store: QueueCommand.StoreOption

        @Option(help: "The file to write; standard output where it is absent.")
        var out: String?

        func run() throws {
            let store = try store.open()
            var bytes = Data()
            try store.forEachPair { stored in
                PairLine(stored.pair, pairScores: stored.pairScores).json.append(to: &bytes)
                if out == nil, bytes.count > 1 << 20 {
                    try Output.write(bytes)
                    bytes.removeAll(keepingCapacity: true)
                }
                return true
            }
            if let out {
                try Output.replaceFile(atPath: out, with: bytes)
            } else {
                try Output.write(bytes)
            }
        }
    }

    struct Vacuum: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Gives free pages back to the file system.")
        @OptionGroup var store: QueueCommand.StoreOption

        func run() throws {
            let store = try store.open()
            try store.vacuum()
            try Output.write("\(store.path): \(try store.info().fileBytes) bytes\n")
        }
    }
}

extension JSON {
    /// One more line.
    fileprivate func append(to data: inout Data) {
        data.append(contentsOf: bytes())
        data.append(0x0a)
    }
}
