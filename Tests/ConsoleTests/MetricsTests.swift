import Console
import Foundation
import Metrics
import TestSupport
import Testing
import Threads
import Vocabulary

struct MetricsTests {
    @Test func `a histogram is cumulative and ends in infinity`() {
        let registry = PrometheusRegistry(histogramBounds: { _ in [0.1, 1] })
        let recorder = Recorder(
            label: "wait_seconds",
            dimensions: [("leg", "a\"b\\c\nd")],
            aggregate: true,
            factory: registry
        )
        for value in [0.05, 0.1, 0.5, 3] { recorder.record(value) }
        #expect(
            registry.exposition() == #"""
                # TYPE wait_seconds histogram
                wait_seconds_bucket{leg="a\"b\\c\nd",le="0.1"} 2
                wait_seconds_bucket{leg="a\"b\\c\nd",le="1"} 3
                wait_seconds_bucket{leg="a\"b\\c\nd",le="+Inf"} 4
                wait_seconds_sum{leg="a\"b\\c\nd"} 3.65
                wait_seconds_count{leg="a\"b\\c\nd"} 4

                """#
        )
    }

    @Test func `the same instrument is one series whatever the order of its labels`() {
        let registry = PrometheusRegistry()
        Counter(label: "n_total", dimensions: [("a", "1"), ("b", "2")], factory: registry).increment(by: 2)
        Counter(label: "n_total", dimensions: [("b", "2"), ("a", "1")], factory: registry).increment()
        Gauge(label: "depth", factory: registry).record(7)
        Timer(label: "t_seconds", factory: registry).recordSeconds(2)
        let text = registry.exposition()
        #expect(text.contains("n_total{a=\"1\",b=\"2\"} 3\n"))
        #expect(text.contains("# TYPE depth gauge\ndepth 7\n"))
        #expect(text.contains("t_seconds_sum 2\n"))
    }

    @Test(.enabled(if: Promtool.isInstalled, "promtool is not installed"), .hangLimit)
    func `promtool finds nothing wrong with a scrape`() async throws {
        let registry = PrometheusRegistry.forUnderstudy()
        let latencies = LegLatencies(registry: registry)
        latencies.record(
            leg: .stable,
            version: "v1.1.0",
            code: 200,
            timings: Timings(firstToken: .milliseconds(120), total: .seconds(2))
        )
        latencies.record(leg: .shadow, version: "v1.2.0", code: nil, timings: Timings())
        latencies.record(leg: .shadow, version: "v1.2.0", isRefusal: true, quality: 0.5)
        let backend = FixedBackend()
        backend.state.withLock { state in
            state.funnel.seen = 3
            state.funnel.sampled = 3
            state.funnel.stored = 2
            state.funnel.shed = [.queueFull: 1]
        }
        try await withConsole(backend: backend, registry: registry) { client, _ in
            let scrape = try await client.ask("/metrics")
            #expect(scrape.headers["content-type"]?.hasPrefix("text/plain; version=0.0.4") == true)
            for name in [
                "http_requests_total{code=\"200\",leg=\"stable\",model_version=\"v1.1.0\"} 1",
                "http_requests_total{code=\"none\",leg=\"shadow\",model_version=\"v1.2.0\"} 1",
                "time_to_first_token_seconds_count{leg=\"stable\",model_version=\"v1.1.0\"} 1",
                "llm_refusal_total{leg=\"shadow\",model_version=\"v1.2.0\"} 1",
                "understudy_funnel_total{stage=\"shed\",reason=\"queue_full\"} 1",
            ] {
                #expect(scrape.body.contains(name + "\n"), "\(name)")
            }
            let finding = try Promtool.check(scrape.body)
            #expect(finding.isEmpty, "\(finding)")
        }
    }
}

/// Prometheus' own checker of the text format.
private enum Promtool {
    static let isInstalled = FileManager.default.isExecutableFile(atPath: "/usr/bin/promtool")

    /// What `promtool check metrics` says; empty when it finds nothing.
    static func check(_ text: String) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/promtool")
        process.arguments = ["check", "metrics"]
        let (input, output) = (Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = output
        process.standardError = output
        try process.run()
        input.fileHandleForWriting.write(Data(text.utf8))
        try input.fileHandleForWriting.close()
        let said = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return process.terminationStatus == 0 ? "" : said + "exit \(process.terminationStatus)"
    }
}
