import Console
import Gateway
import Mirroring
import Vocabulary

/// Counts what every client got, mirrored or not.
///
/// Timings to the first token come from mirrored exchanges only, since of others nothing is read.
struct GatewayRequests: GatewayObserver {
    let latencies: LegLatencies
    let version: String

    func exchangeFinished(_ summary: ExchangeSummary) {
        latencies.record(
            leg: .stable,
            version: version,
            code: summary.status,
            timings: Timings(total: summary.duration)
        )
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
