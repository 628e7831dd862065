import ArgumentParser
import Formats
import Foundation
import Mirroring
import PairStore
import Vocabulary
import Workflows

struct StoreCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "store",
        abstract: "What a store holds, and its upkeep.",
        subcommands: [
            Info.self, Check.self, Export.self, StoreMergeCommand.self, Vacuum.self, Forget.self,
        ]
    )

    struct Info: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Sizes, pairs per class and day.")
        @OptionGroup var store: QueueCommand.StoreOption

        func run() throws {
            let info = try StoreLook.with([store.path], scored: false) { try $0[0].upkeep.info() }
            try Output.write(
                "schema \(info.schemaVersion), \(info.fileBytes) bytes (\(info.freeBytes) free), \(info.pairs) pairs in "
                    + "\(info.sessions) sessions, \(info.prompts) prompts\n"
            )
            for (table, bytes) in info.tableBytes.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }) {
                try Output.say("  \(table): \(bytes) bytes")
            }
            for count in info.pairCounts {
                let day = Timestamp.text(Date(timeIntervalSince1970: Double(count.day) * 86_400)).prefix(10)
                try Output.say("  \(day) \(count.intent): \(count.pairs) pairs, \(count.sessions) sessions")
            }
        }
    }

    struct Check: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Integrity of the file and of its rows.")
        @OptionGroup var store: QueueCommand.StoreOption

        func run() throws {
            let problems = try StoreLook.with([store.path], scored: false) { try $0[0].upkeep.check(texts: true) }
            guard problems.isEmpty else {
                throw CommandFailure.badData("\(store.path) is damaged: \(problems.joined(separator: "; ")).")
            }
            try Output.say("\(store.path): nothing wrong")
        }
    }

    struct Export: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Every pair as a line of JSON, with its scores.")
        @OptionGroup var store: QueueCommand.StoreOption

        @Option(help: "The file to write; - or none is standard output.")
        var out = "-"

        func run() throws { try StoreExport.run(storePath: store.path, to: out) }
    }

    struct Vacuum: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Compresses texts better and gives free pages back to the file system."
        )
        @OptionGroup var store: QueueCommand.StoreOption

        func run() throws {
            let store = try store.open()
            try store.upkeep.vacuum { Output.progress("compressed \($0) texts of \(store.path)") }
            Output.endProgress()
            try Output.say("\(store.path): \(try store.upkeep.info().fileBytes) bytes")
        }
    }
}

extension StoreCommand {
    struct Forget: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Deletes every pair of a session or of a prompt, with all that hangs on it.",
            discussion: "Exits with 66 where the store has no such pair."
        )
        @OptionGroup var store: QueueCommand.StoreOption

        @Option(help: "The session as the client named it.")
        var session: String?

        @Option(name: .customLong("prompt-hash"), help: "The prompt's hash, as exports have it.")
        var promptHash: String?

        @Option(name: .customLong("key-file"), help: "The store's key, where it does not stand beside it.")
        var keyFile: String?

        func validate() throws {
            guard (session == nil) != (promptHash == nil) else {
                throw ValidationError("store forget takes one of --session and --prompt-hash.")
            }
            let hexadecimal = promptHash?.utf8.allSatisfy { "0123456789abcdef".utf8.contains($0) } ?? true
            guard hexadecimal, promptHash?.utf8.count ?? 64 == 64 else {
                throw ValidationError("--prompt-hash is 64 hexadecimal digits in lower case.")
            }
        }

        func run() throws {
            let store = try store.open()
            let count: Int
            if let promptHash {
                count = try store.upkeep.forget(promptHash: PromptHash(hex: promptHash))
            } else {
                let path = keyFile ?? KeyFile.path(besideStore: store.path)
                let key = KeyedHash(key: try StoreKey.load(path: path, beside: store).bytes)
                count = try store.upkeep.forget(session: key.session(session ?? ""))
            }
            // Whoever asks for a person's data to be gone has to learn that there were none, not that all is well.
            guard count > 0 else {
                let what = promptHash == nil ? "of this session" : "with this prompt"
                throw CommandFailure.nothingFound(
                    "\(store.path) has no pair \(what), so nothing was forgotten; check how it was named."
                )
            }
            try Output.say("\(store.path): \(count) \(count == 1 ? "pair" : "pairs") forgotten")
        }
    }
}
