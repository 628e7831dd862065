// The thread that runs a scoring program: feeds it, reads it, keeps what it says.
//
// One thread and poll(2). Both pipes are non-blocking on our side, so neither a program that does not read nor one that does
// not write can hold the other direction up. What is decided about pairs and lines is `ScoringWindow`'s.
//
// Ending. The program's input is closed when every pair was sent. Whoever has no more to say is given `patience` to end by
// itself, then SIGTERM, then SIGKILL, each for its whole process group; what it writes meanwhile still counts.

import Formats
import Foundation
import PairStore
import Vocabulary

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// One run of a program over the pairs of an experiment.
///
/// Used by one thread, on which SIGPIPE must be blocked.
final class ExternalScorerProcess {
    private typealias Instant = ContinuousClock.Instant

    /// Scores saved in one transaction, and how long fewer may wait.
    private static let savedCount = 256
    private static let savedAfter = Duration.seconds(1)
    /// Bytes of pairs that are made before the program has taken the ones before.
    private static let queuedBytes = 1 << 18

    private let store: Store
    private let limits: ExternalLimits
    private let stop: ExternalStop
    private let report: (ExternalScorer.Event) -> Void
    private let child: ChildProcess

    private var window: ScoringWindow
    private var source: UnscoredPairs
    private var first: StoredPair?
    private var isSourceDone = false
    private var hasLearned: Bool
    private var sentRows: Set<Int64> = []

    private var queued: [UInt8] = []
    private var written = 0
    private var splitter: LineSplitter
    private var buffer = [UInt8](repeating: 0, count: 1 << 16)
    private var sentAll = false
    private var quietSince: Instant

    private var unsaved: [PairScores] = []
    private var unsavedSince: Instant?
    private var kept = 0

    private var ending: ExternalScoringResult.Ending?
    private var wasLearning = false
    private var killAt: Instant?

    /// Starts the program; `first` is the first pair, which `source` has given already.
    init(
        _ scorer: ExternalScorer,
        first: StoredPair,
        source: UnscoredPairs,
        store: Store,
        stop: ExternalStop,
        report: @escaping (ExternalScorer.Event) -> Void
    ) throws(SpawnFailure) {
        self.store = store
        self.stop = stop
        self.report = report
        self.first = first
        self.source = source
        limits = scorer.limits
        let now = ContinuousClock.now
        window = ScoringWindow(limits: limits, name: scorer.name, version: scorer.version, now: now)
        hasLearned = !window.isLearning
        splitter = LineSplitter(maximumLineBytes: limits.lineBytes)
        quietSince = now
        child = try ChildProcess(
            command: scorer.command,
            environment: ExternalEnvironment.variables(
                of: ProcessInfo.processInfo.environment,
                without: scorer.withheldVariables
            ),
            wake: stop.wake
        )
    }

    /// Runs until the program has ended.
    ///
    /// - Throws: what the store throws; then the program is killed.
    func run() throws -> ExternalScoringResult {
        var end: ProcessEnd?
        defer {
            if end == nil {
                child.signal(SIGKILL)
                _ = child.reap()
            }
        }
        while !isOver(at: .now) {
            try step(at: .now)
            wait(from: .now)
            try transfer()
        }
        // What it wrote before its end is in the pipe; what others write who hold the pipe open is not waited for.
        for _ in 0..<16 where try readOnce() {}
        try finishLines()
        try save()
        if killAt != nil { child.signal(SIGKILL) }
        let status = child.reap()
        end = status
        return result(ending ?? .ended(status))
    }

    /// Whether the program has ended, and where it was told to, also what it had started and still writes.
    private func isOver(at now: Instant) -> Bool {
        guard child.hasEnded else { return false }
        guard let killAt, child.output != nil else { return true }
        return now >= killAt
    }

    // MARK: - What has to be done

    private func step(at now: Instant) throws {
        switch window.advance(to: now) {
        case .stalled where ending == nil:
            wasLearning = window.isLearning
            terminate(.stalled(after: limits.timeout), at: now)
        case .flooding: terminate(.flooding, at: now)
        default: break
        }
        if stop.isRequested { terminate(.stopped, at: now) }
        if let killAt, now >= killAt { child.signal(SIGKILL) }
        if let since = unsavedSince, unsaved.count >= Self.savedCount || now >= since + Self.savedAfter { try save() }
        if !hasLearned, !window.isLearning {
            hasLearned = true
            // What it has said of the first pair counts when the others are chosen.
            try save()
            source.restart(without: sentRows)
        }
        try fill(at: now)
        if child.input != nil, queued.isEmpty, isSourceDone {
            sentAll = true
            child.closeInput()
            quietSince = now
        }
        if ending == nil, let limit = lingerLimit, now >= limit {
            terminate(child.output == nil ? .closedOutput : .endedByUs, at: now)
        }
    }

    /// When the program has to end, because nothing more can come of it.
    private var lingerLimit: Instant? {
        guard child.output == nil || child.input == nil && window.waiting == 0 else { return nil }
        return quietSince + limits.patience
    }

    /// Makes lines of pairs while the program may have more.
    private func fill(at now: Instant) throws {
        while child.input != nil, ending == nil, !isSourceDone, queued.count < Self.queuedBytes, window.room > 0 {
            guard let stored = try first ?? source.next(lacking: hasLearned ? window.scorers : []) else {
                isSourceDone = true
                return
            }
            first = nil
            if !hasLearned { sentRows.insert(stored.rowID) }
            queued += PairLine(stored.pair, pairScores: stored.pairScores).bytes
            queued.append(UInt8(ascii: "\n"))
            window.send(id: stored.pair.id, rowID: stored.rowID, at: now)
        }
    }

    private func terminate(_ reason: ExternalScoringResult.Ending, at now: Instant) {
        guard killAt == nil else { return }
        ending = reason
        child.closeInput()
        child.signal(SIGTERM)
        killAt = now + limits.patience
    }

    // MARK: - Input and output

    private func wait(from now: Instant) {
        var times = [killAt.flatMap { now < $0 ? $0 : nil }, window.deadline(after: now)]
        times.append(unsavedSince.map { $0 + Self.savedAfter })
        if ending == nil { times.append(lingerLimit) }
        let wait = times.compactMap { $0 }.min().map { now.duration(to: $0).milliseconds.rounded(.up) }
        var descriptors = [pollfd(fd: stop.wake.descriptor, events: Int16(POLLIN), revents: 0)]
        if let output = child.output { descriptors.append(pollfd(fd: output, events: Int16(POLLIN), revents: 0)) }
        if let input = child.input, !queued.isEmpty {
            descriptors.append(pollfd(fd: input, events: Int16(POLLOUT), revents: 0))
        }
        // A signal that ends the wait early does no harm: the loop looks at everything anyway.
        _ = poll(&descriptors, nfds_t(descriptors.count), wait.map { Int32(min(max(0, $0), 3_600_000)) } ?? -1)
        stop.wake.drain()
    }

    private func transfer() throws {
        writeOnce()
        _ = try readOnce()
    }

    private func writeOnce() {
        guard let input = child.input, written < queued.count else { return }
        let count = queued.withUnsafeBytes { bytes in
            write(input, bytes.baseAddress?.advanced(by: written), bytes.count - written)
        }
        if count > 0 {
            written += count
            if written == queued.count {
                queued.removeAll(keepingCapacity: true)
                written = 0
            }
        } else if errno != EAGAIN, errno != EINTR {
            // It reads no more, but may still answer what it has read.
            child.closeInput()
            quietSince = .now
        }
    }

    /// Reads what is there.
    ///
    /// - Returns: whether there was anything.
    private func readOnce() throws -> Bool {
        guard let output = child.output else { return false }
        let count = read(output, &buffer, buffer.count)
        if count < 0 { return errno == EINTR }
        quietSince = .now
        guard count > 0 else {
            // Nothing can be answered any more, so nothing more is sent.
            child.closeOutput()
            child.closeInput()
            return false
        }
        do {
            try buffer.withUnsafeBytes { bytes in
                try splitter.append(UnsafeRawBufferPointer(rebasing: bytes[..<count])) { receive($1, number: $0) }
            }
        } catch is LineSplitter.LineTooLong {
            splitter = LineSplitter(maximumLineBytes: limits.lineBytes)
            terminate(.flooding, at: .now)
            child.closeOutput()
        }
        return true
    }

    private func finishLines() throws {
        try splitter.finish { receive($1, number: $0) }
    }

    private func receive(_ line: UnsafeRawBufferPointer, number: Int) {
        switch window.receive(line, number: number, at: .now) {
        case .scores(let scores):
            if unsaved.isEmpty { unsavedSince = .now }
            unsaved += scores
        case .fault(let fault): report(.fault(fault))
        }
    }

    private func save() throws {
        guard !unsaved.isEmpty else { return }
        kept += try store.scores.save(unsaved)
        unsaved.removeAll(keepingCapacity: true)
        unsavedSince = nil
        report(.scored(pairs: window.answeredPairs))
    }

    private func result(_ ending: ExternalScoringResult.Ending) -> ExternalScoringResult {
        ExternalScoringResult(
            ending: ending,
            sentAll: sentAll,
            wasLearning: wasLearning,
            scorers: window.scorers.map { scorer in
                let tally = window.tallies[scorer] ?? ScoringWindow.Tally()
                return .init(
                    scorer: scorer,
                    answered: tally.answered,
                    undefined: tally.undefined,
                    unanswered: window.sent - tally.answered
                )
            },
            sent: window.sent,
            answeredPairs: window.answeredPairs,
            unansweredPairs: window.unansweredPairs,
            faults: window.faults,
            kept: kept,
            withoutText: source.withoutText
        )
    }
}
