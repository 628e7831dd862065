import Console
import Gateway
import Testing

@testable import Serving

/// What is counted of the answers that users get.
struct GatewayRequestsTests {
    @Test func `an answer of another upstream is none of stable's leg`() async {
        let registry = PrometheusRegistry.forUnderstudy()
        let requests = GatewayRequests(latencies: LegLatencies(registry: registry), version: "v1.1.0", loops: 2)
        for name in [Upstream.Name.stable, Upstream.Name("candidate"), .stable] {
            requests.exchangeFinished(
                ExchangeSummary(
                    status: 200,
                    duration: .milliseconds(5),
                    end: .complete,
                    servedBy: name,
                    loopIndex: 1
                )
            )
        }
        await requests.count()
        let lines = registry.exposition().split(separator: "\n").filter { $0.hasPrefix("http_requests_total{") }
        #expect(lines == [#"http_requests_total{code="200",leg="stable",model_version="v1.1.0"} 2"#])
    }
}
