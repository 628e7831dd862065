// The load generator of `Scripts/bench store`: pairs of real text through the store's writer, as fast as it takes them.

import ArgumentParser
import Foundation
import PairStore
import Redaction
import Vocabulary
import Workflows

@main
struct StoreLoad: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "store-load",
        abstract: "Fills a store through the writer of `serve` and prints what it measured as JSON."
    )

    @Option(help: "The store, which must not be there yet.") var store: String
    @Option(help: "A file of real text, of which prompts and answers are cut.") var texts: String
    @Option(help: "How many pairs.") var pairs = 100_000
    @Option(help: "Bytes of a prompt, and of each answer.") var size = 2_048
    @Flag(help: "Keep texts as they are, without redaction.") var full = false
    @Flag(help: "Score each pair as `serve` does.") var scored = false

    func run() async throws {
        guard !FileManager.default.fileExists(atPath: store) else {
            throw ValidationError("\(store) is there already; name a new file.")
        }
        let source = try TextSource(path: texts, size: size)
        let store = try Store.open(path: store, access: .createOrOpen)
        let experiment = try store.experiments.declare(
            ExperimentDeclaration(
                experiment: Experiment(name: "bench", stableVersion: "a", shadowVersion: "b"),
                configuration: "",
                declaration: try Declaration().json()
            ),
            by: "store-load",
            at: Date()
        )
        let commits = Commits()
        let writer = try PairWriter(
            store: store,
            experiment: experiment,
            policy: full ? .full : .redacted(by: Self.redact),
            scorer: scored ? ScoringAtStoring() : nil,
            onCommit: commits.note
        )
        let started = (clock: ContinuousClock.now, cpu: Self.processSeconds())
        var generatorSeconds = 0.0
        let room = Room(count: 4_096)
        for number in 0..<pairs {
            await room.take()
            let before = Self.threadSeconds()
            let pair = source.pair(number)
            generatorSeconds += Self.threadSeconds() - before
            // The room is smaller than what the writer holds, but for pairs that are larger than it expects.
            while !writer.append(pair, completion: { _ in room.give() }) { await writer.flush() }
        }
        await writer.close()
        let seconds = started.clock.duration(to: .now) / .seconds(1)
        let counts = writer.counts
        guard counts.stored == pairs else { throw ValidationError("\(counts.failed) pairs were not stored.") }
        let cpu = Self.processSeconds() - started.cpu - generatorSeconds
        try store.close()
        try report(seconds: seconds, cpu: cpu, batches: counts.batches, commits)
    }

    /// Opens the filled store once more, and prints the figures.
    private func report(seconds: Double, cpu: Double, batches: Int, _ commits: Commits) throws {
        let opening = ContinuousClock.now
        let opened = try Store.open(path: store, access: .readWrite)
        let openSeconds = opening.duration(to: .now) / .seconds(1)
        try opened.close()
        let fileBytes = try FileManager.default.attributesOfItem(atPath: store)[.size] as? Int ?? 0
        print(
            String(
                format: """
                    {"pairs":%d,"seconds":%.3f,"pairs_per_second":%.0f,"cpu_microseconds_per_pair":%.1f,\
                    "batches":%d,"commit_milliseconds":{"p50":%.2f,"p99":%.2f,"max":%.2f},"bytes_per_pair":%.0f,\
                    "open_milliseconds":%.1f}
                    """,
                pairs,
                seconds,
                Double(pairs) / seconds,
                cpu / Double(pairs) * 1e6,
                batches,
                commits.milliseconds(0.5),
                commits.milliseconds(0.99),
                commits.milliseconds(1),
                Double(fileBytes) / Double(pairs),
                openSeconds * 1_000
            )
        )
    }

    private static let redactor = Redactor()

    @Sendable private static func redact() -> TextPolicy.Redact {
        var scope = RedactionScope()
        return { redactor.redact($0, in: &scope) }
    }

    private static func processSeconds() -> Double { seconds(CLOCK_PROCESS_CPUTIME_ID) }

    private static func threadSeconds() -> Double { seconds(CLOCK_THREAD_CPUTIME_ID) }

    private static func seconds(_ clock: clockid_t) -> Double {
        var time = timespec()
        clock_gettime(clock, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
