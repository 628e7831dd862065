import Console
import Evaluation
import Gateway
import Locking
import Mirroring
import ServiceLifecycle
import Vocabulary

/// Counts what every client got, mirrored or not.
///
/// Timings to the first token come from mirrored exchanges only, since of others nothing is read. An event loop only notes
/// what it saw; the metrics have it within a second.
final class GatewayRequests: GatewayObserver, Service {
    private let latencies: LegLatencies
    private let version: String
    /// One for each event loop, so that none waits for another.
    private let notebooks: [Notebook]

    private final class Notebook: Sendable {
        let finished = Locked<[(code: Int?, total: Duration?)]>([])
    }

    init(latencies: LegLatencies, version: String, loops: Int) {
        self.latencies = latencies
        self.version = version
        notebooks = (0..<max(1, loops)).map { _ in Notebook() }
    }

    func exchangeFinished(_ summary: ExchangeSummary) {
        notebooks[summary.loopIndex % notebooks.count].finished.withLock {
            $0.append((summary.status, summary.duration))
        }
    }

    func run() async throws {
        for await _ in SecondTicks().cancelOnGracefulShutdown() { record() }
        record()
    }

    private func record() {
        for notebook in notebooks {
            let batch = notebook.finished.withLock { finished in
                defer { finished = [] }
                return finished
            }
            latencies.record(leg: .stable, version: version, finished: batch)
        }
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
                version: report.exchange.version,
                report.exchange.timings.firstToken
            )
        case .shadow, .control:
            latencies.record(
                leg: report.leg,
                version: report.exchange.version,
                code: report.exchange.status,
                timings: report.exchange.timings
            )
        }
    }
}

extension LegLatencies {
    /// Counts what the scorers said of a pair's answers.
    @Sendable func recordScores(_ pair: Pair, _ scores: ComputedScores) {
        for (leg, exchange, values) in [
            (Leg.stable, pair.stable, scores.stable), (.shadow, pair.shadow, scores.shadow),
            (.control, pair.control, scores.control),
        ] {
            guard let exchange, let refusal = values["refusal"] else { continue }
            record(leg: leg, version: exchange.version, isRefusal: refusal == 1, quality: values["quality"])
        }
    }
}
