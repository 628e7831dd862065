// The load generator of Scripts/bench: requests at a fixed rate, and streams whose every event is timed.
//
// wrk measures neither. One thread, so that it can be pinned away from what is measured.

import ArgumentParser
import Foundation

@main
struct LoadClient: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "load-client",
        abstract: "Asks a server on 127.0.0.1 and prints what it measured as JSON."
    )

    @Option(help: "The port.") var port: UInt16
    @Option(help: "The path.") var path = "/v1/chat/completions"
    @Option(help: "A file with the request's body.") var body: String
    @Option(help: "Connections, each with one request at a time.") var connections = 32
    @Option(help: "Requests a second over all connections; without it each asks again at once.") var rate: Double?
    @Option(help: "Microseconds between the moments at which requests are due, several together; 0 gives each its own.")
    var tick: UInt64 = 0
    @Option(help: "Measured seconds.") var seconds = 10.0
    @Option(help: "Leading seconds that are not counted.") var warmup = 1.0
    @Option(help: "How many sessions the requests are spread over.") var sessions = 10_000
    @Option(help: "The first request's session; they are numbered.") var firstSession = 0
    @Flag(help: "Time every event of the answers.") var streamed = false

    func run() throws {
        let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: body)))
        var load = try Load(
            LoadPlan(
                port: port,
                connections: connections,
                rate: rate,
                tickNanoseconds: tick * 1_000,
                seconds: seconds,
                warmup: warmup,
                request: RequestTemplate(path: path, body: bytes, sessions: sessions, first: firstSession),
                isStreamed: streamed
            )
        )
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        print(String(decoding: try encoder.encode(Summary(try load.run())), as: UTF8.self))
    }
}

/// A result as it is printed; times in microseconds.
struct Summary: Encodable {
    struct Times: Encodable {
        var count: Int
        var p50: Double
        var p90: Double
        var p99: Double
        var p999: Double
        var max: Double

        init?(_ nanoseconds: [UInt64]) {
            guard !nanoseconds.isEmpty else { return nil }
            let sorted = nanoseconds.sorted()
            func quantile(_ share: Double) -> Double {
                Double(sorted[min(sorted.count - 1, Int(share * Double(sorted.count)))]) / 1_000
            }
            count = sorted.count
            p50 = quantile(0.5)
            p90 = quantile(0.9)
            p99 = quantile(0.99)
            p999 = quantile(0.999)
            max = quantile(1)
        }
    }

    /// Requests, those that were not counted included.
    var started: Int
    var finished: Int
    var failed: Int
    var perSecond: Double
    var events: Int
    var statuses: [String: Int]
    var bodies: [String: Int]
    var total: Times?
    var firstEvent: Times?
    var gap: Times?

    init(_ result: LoadResult) {
        started = result.started
        finished = result.finished
        failed = result.failed
        perSecond = Double(result.finished) / result.seconds
        events = result.events
        statuses = Dictionary(uniqueKeysWithValues: result.statuses.map { (String($0), $1) })
        bodies = Dictionary(
            uniqueKeysWithValues: result.bodies.sorted { $0.value > $1.value }.prefix(5)
                .map { (String($0, radix: 16), $1) }
        )
        total = Times(result.total)
        firstEvent = Times(result.firstEvent)
        gap = Times(result.gaps)
    }
}
