import ArgumentParser
import Configuration
import Files
import Formats
import Foundation
import JSON
import PairStore
import Rating
import Statistics
import Vocabulary
import Workflows

struct QueueCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "queue",
        abstract: "Blind pairs for human raters, out and back.",
        subcommands: [Export.self, Import.self, Status.self]
    )

    struct StoreOption: ParsableArguments {
        @Option(name: .customLong("store"), help: "The store.")
        var path: String

        func open() throws -> Store { try Store.open(path: path, access: .readWrite) }
    }

    struct Export: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Writes items that name neither model; the key stays in the store."
        )

        @OptionGroup var store: StoreOption

        @Option(help: "The file to write; - is standard output.")
        var out: String

        @Option(help: "\(QueueFormat.names).")
        var format: QueueFormat

        @Option(help: "How many items.")
        var count = 200

        @Option(help: "The same seed over the same pairs makes the same items.")
        var seed: UInt64 = 1

        @Option(name: .customLong("intent"), parsing: .upToNextOption, help: "Only these intent classes.")
        var intents: [String] = []

        @Option(name: .customLong("key-file"), help: "The store's key, where it does not stand beside it.")
        var keyFile: String?

        func validate() throws {
            guard count > 0 else { throw ValidationError("--count is at least 1.") }
        }

        func run() throws {
            let protected = ProtectedFiles(stores: [store.path], keyFile: keyFile)
            // Label Studio's tasks come with the interface that shows them, in a file beside them.
            let sideFile = out == "-" || format.labellingConfiguration == nil ? nil : out + ".config.xml"
            let targets = try OutputTarget.open([out] + (sideFile.map { [$0] } ?? []), sparing: protected)
            let store = try store.open()
            try store.scoreWhatLacksScores()
            let keyPath = keyFile ?? KeyFile.path(besideStore: store.path)
            let items = try QueueExport.items(
                QueueExport.Request(count: count, seed: seed, intents: Set(intents.map(IntentClass.init(rawValue:)))),
                from: store,
                key: try StoreKey.load(path: keyPath, beside: store),
                time: Date()
            )
            guard !items.isEmpty else {
                throw CommandFailure.badData("\(store.path) has no pairs of these classes that a rater could compare.")
            }
            try targets[0].write(format.file(items))
            if let configuration = format.labellingConfiguration, targets.count > 1 {
                try targets[1].write(configuration.utf8)
            }
            for target in targets { try target.commit() }
            try targets[0].tell("\(items.count) items \(out == "-" ? "on standard output" : "in \(out)")")
            if let sideFile { try targets[0].tell("Label Studio's labelling interface in \(sideFile)") }
        }
    }

    struct Import: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Takes ratings back; the format is recognised."
        )

        @OptionGroup var store: StoreOption

        @Option(name: .customLong("config"), help: "Takes the rules for redacting comments from this file.")
        var configurationPath: String?

        @Flag(name: .customLong("skip-unknown"), help: "Keeps the rest where some items are unknown.")
        var keepsKnown = false

        @Argument(help: "Files of ratings: JSON lines, CSV, Label Studio's or Argilla's export.")
        var files: [String]

        func run() throws {
            let store = try store.open()
            let prompts = try configurationPath.map { path in
                try ConfigurationLoader.load(
                    path: path,
                    purpose: .evaluate,
                    environment: ProcessInfo.processInfo.environment
                ).configuration.prompts
            }
            let policy = try ConfigurationMapping.textPolicy(prompts ?? PromptsConfiguration())
            for file in files {
                let bytes = try InputFile.named(file).whole(limitBytes: RatingFile.largestBytes)
                let result: QueueImport.Result
                do {
                    result = try QueueImport.read(bytes, into: store, policy: policy, keepingKnown: keepsKnown)
                } catch let error as LineError {
                    throw CommandFailure.badData("\(file): \(error.description) Nothing of this file was kept.")
                }
                let counts = result.counts
                if let first = counts.unknown.first, !keepsKnown {
                    throw CommandFailure.badData(
                        "\(file): \(counts.unknown.count) ratings are about items or pairs that the store does not have, "
                            + "the first about \(first.name); nothing of this file was kept (--skip-unknown keeps the rest)."
                    )
                }
                try Output.say(
                    "\(file): \(counts.added) ratings added, \(counts.replaced) replaced, \(counts.unchanged) already "
                        + "there, \(counts.unknown.count) unknown, \(result.skipped) unanswered (\(result.format.rawValue))"
                )
            }
        }
    }

    struct Status: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "How far the rating has come, and how far it can be trusted."
        )

        @OptionGroup var store: StoreOption

        func run() throws {
            try StoreLook.with([store.path], scored: false) { try tell($0[0]) }
        }

        private func tell(_ store: Store) throws {
            for status in try store.ratings.status() {
                try Output.say(
                    "\(status.round.name): \(status.ratedItems) of \(status.items) items rated, \(status.ratings) ratings "
                        + "by \(status.raters) raters"
                )
            }
            let summary = try RatingSummary(of: store)
            try Output.say("\(summary.ratings) ratings by \(summary.raters.count) raters")
            if let alpha = summary.alpha.value {
                try Output.say("Krippendorff's alpha \(Self.shown(alpha.estimate))")
            }
            if let kappa = summary.judgeKappa?.value {
                try Output.say("judge against humans, kappa \(Self.shown(kappa.estimate))")
            }
            for rater in summary.raters {
                let habits = [
                    rater.agreement.map { "agrees with others \(Self.shown($0))" },
                    rater.consistency.map { "with themselves \(Self.shown($0))" },
                    rater.firstShare.map { "chose the first side \(Self.shown($0))" },
                ].compactMap(\.self)
                try Output.say("\(rater.name): \(([ "\(rater.ratings) ratings"] + habits).joined(separator: ", "))")
            }
        }

        private static func shown(_ value: Double) -> String { String(format: "%.3f", value) }
    }
}

extension QueueFormat: ExpressibleByArgument {
    /// All of them, as in "jsonl, csv or argilla".
    fileprivate static var names: String {
        let names = allCases.map(\.rawValue)
        return names.dropLast().joined(separator: ", ") + " or " + (names.last ?? "")
    }
}

extension RatingSubject {
    /// The name by which the file has it; ids, never words.
    fileprivate var name: String {
        switch self {
        case .item(let id): "item \(id)"
        case .pair(let id): "pair \(id)"
        }
    }
}
