import Console
import Dispatch
import Gateway
import Mirroring
import Scoring
import ServiceLifecycle
import Threads
import Vocabulary

/// Counts what every client got of stable, mirrored or not.
///
/// Timings to the first token come from mirrored exchanges only, since of others nothing is read. An event loop only notes
/// what it saw; the metrics have it within a second, from a thread that gives way to the loops: the notes of a busy second take
/// milliseconds to count.
final class GatewayRequests: GatewayObserver, Service {
    private typealias Note = (code: Int?, total: Duration?)

    /// What a loop saw since the last look, and room as large for what it sees next, so that no loop has to make any.
    private final class Notebook: Sendable {
        let notes = Locked<[Note]>([])
        let blank = Locked<[Note]>([])
    }

    private let latencies: LegLatencies
    private let version: String
    /// One for each event loop, so that none waits for another.
    private let notebooks: [Notebook]
    private let counting = DispatchQueue(label: "understudy.gateway-requests")

    /// Notes that are counted in one go; room for more than this many is not kept.
    private static let piece = 256
    private static let roomKept = 1 << 16

    init(latencies: LegLatencies, version: String, loops: Int) {
        self.latencies = latencies
        self.version = version
        notebooks = (0..<max(1, loops)).map { _ in Notebook() }
    }

    func exchangeFinished(_ summary: ExchangeSummary) {
        // What another upstream answered is no figure of this leg.
        guard summary.servedBy == .stable else { return }
        notebooks[summary.loopIndex % notebooks.count].notes.withLock {
            $0.append((summary.status, summary.duration))
        }
    }

    func run() async throws {
        for await _ in SecondTicks().cancelOnGracefulShutdown() { await count() }
        await count()
    }

    /// Counts all that was noted before the call.
    func count() async {
        await withCheckedContinuation { continuation in
            counting.async {
                giveWayToUsers()
                self.notebooks.forEach(self.count)
                continuation.resume()
            }
        }
    }

    private func count(_ notebook: Notebook) {
        var notes: [Note] = []
        notebook.blank.withLock { swap(&$0, &notes) }
        notebook.notes.withLock { swap(&$0, &notes) }
        var turns = Turns()
        for start in stride(from: 0, to: notes.count, by: Self.piece) {
            latencies.record(
                leg: .stable,
                version: version,
                finished: notes[start..<min(start + Self.piece, notes.count)]
            )
            turns.pieceDone()
        }
        notes.removeAll(keepingCapacity: notes.count <= Self.roomKept)
        notebook.blank.withLock { swap(&$0, &notes) }
    }
}

/// Counts the legs that no client waits for, and stable's time to first token.
struct LegObserver: MirroringObserver {
    let latencies: LegLatencies

    func legFinished(_ report: LegReport) {
        switch report.leg {
        case .stable:
            latencies.recordFirstToken(
                leg: .stable,
                version: report.answer.version,
                report.answer.timings.firstToken
            )
        case .shadow, .control:
            latencies.record(
                leg: report.leg,
                version: report.answer.version,
                code: report.answer.status,
                timings: report.answer.timings
            )
        }
    }
}

extension LegLatencies {
    /// Counts what the scorers said of a pair's answers.
    @Sendable func recordScores(_ pair: Pair, _ scores: ComputedScores) {
        for (leg, answer, values) in [
            (Leg.stable, pair.stable, scores.stable), (.shadow, pair.shadow, scores.shadow),
            (.control, pair.control, scores.control),
        ] {
            guard let answer, let refusal = values[MetricName.refusal] else { continue }
            record(leg: leg, version: answer.version, isRefusal: refusal == 1, quality: values[MetricName.quality])
        }
    }
}
