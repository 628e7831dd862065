import Foundation
import FoundationNetworking
import JSON
import PairStore
import Scoring
import TestSupport
import Testing
import Vocabulary
import Workflows

/// `serve` between real clients and real (stand-in) servers, with a shadow that fails in every way.
@Suite(.timeLimit(.minutes(5)), .serialized)  // Hundreds of requests through programs without optimisation.
struct ServeTests {
    private static func addsUp(_ funnel: JSON) -> Bool {
        func total(_ key: String) -> Int {
            if let count = funnel[key]?.intValue { return count }
            return funnel[key]?.objectValue?.members.compactMap(\.value.intValue).reduce(0, +) ?? 0
        }
        return total("seen") == total("not_eligible") + total("not_sampled") + total("sampled")
            && total("sampled") == total("in_flight") + total("stored") + total("shed") + total("failed")
    }

    /// Sends mixed requests (mirrored endpoints streamed and not, other paths, broken bodies) and counts the statuses.
    private static func send(
        _ numbers: Range<Int>,
        to scene: Scene,
        onAnswer: () -> Void = {}
    ) async throws -> [Int: Int] {
        let session = URLSession(configuration: .ephemeral)
        defer { session.finishTasksAndInvalidate() }
        var statuses: [Int: Int] = [:]
        for number in numbers {
            let path: String
            let body: String
            switch number % 10 {
            case 0: (path, body) = ("/v1/embeddings", #"{"input":"x"}"#)
            case 1: (path, body) = ("/v1/chat/completions", "{ not JSON")
            case 2:
                (path, body) = (
                    "/v1/messages", #"{"max_tokens":9,"messages":[{"role":"user","content":"q\#(number)"}]}"#
                )
            case 3: (path, body) = ("/v1/responses", #"{"input":"q\#(number)","stream":true}"#)
            default:
                path = "/v1/chat/completions"
                let stream = number.isMultiple(of: 2)
                body = #"{"messages":[{"role":"user","content":"q\#(number)"}],"stream":\#(stream)}"#
            }
            var request = URLRequest(url: try scene.url(scene.gateway, path), timeoutInterval: 60)
            request.httpMethod = "POST"
            request.httpBody = Data(body.utf8)
            request.setValue("application/json", forHTTPHeaderField: "Content-Type")
            request.setValue("session-\(number / 3)", forHTTPHeaderField: "X-Session-Id")
            let (_, response) = try await session.data(for: request)
            statuses[(response as? HTTPURLResponse)?.statusCode ?? 0, default: 0] += 1
            onAnswer()
        }
        return statuses
    }

    #if os(Linux) && canImport(Glibc)
    /// Without a bound there are as many as threads that allocate, ten here; threads of the start may have one already.
    @Test func `the allocator of a serving process has few arenas`() async throws {
        try await withScene(sampling: "{ rate: 1.0, control_rate: 1.0 }", more: "threads: 1") { scene in
            _ = try await Self.send(0..<60, to: scene)
            _ = try await scene.funnel(afterSeeing: 60)
            let maps = try String(contentsOfFile: "/proc/\(scene.serve.processIdentifier)/maps", encoding: .utf8)
            // Apart from the first, which is the heap, each begins at a multiple of 64 MiB (HEAP_MAX_SIZE, glibc's arena.c).
            let arenas = maps.split(separator: "\n").filter { line in
                let words = line.split(separator: " ")
                let start = UInt64(words[0].prefix { $0 != "-" }, radix: 16) ?? 1
                return words.count == 5 && words[1] == "rw-p" && start.isMultiple(of: 64 << 20)
            }
            #expect(arenas.count <= 3)
            scene.serve.signal(SIGTERM)
            #expect(await scene.serve.ended() == 0)
        }
    }
    #endif

    private struct Stored {
        var pairs: Int
        var unscored: Int
        var funnel: Funnel
        var outcomes: [Outcome: Int]
    }

    private static func storedPairs(_ path: String) throws -> Stored {
        let store = try Store.open(path: path, access: .readWrite)
        defer { try? store.close() }
        let experiment = try #require(try store.experiments.newest())
        var outcomes: [Outcome: Int] = [:]
        var pairs = 0
        try store.pairs.forEachFigures { figures in
            pairs += 1
            outcomes[figures.shadow.outcome, default: 0] += 1
        }
        return Stored(
            pairs: pairs,
            unscored: try store.scores.lacking(of: Scorers.all, limit: 1_000).count,
            funnel: try store.funnel.sum(experiment: experiment.id),
            outcomes: outcomes
        )
    }

    @Test func `every request is accounted for while the shadow fails in five ways`() async throws {
        try await withScene(sampling: "{ rate: 0.5, target_per_day: 0, control_rate: 0.2 }") { scene in
            let statuses = try await withThrowingTaskGroup(of: [Int: Int].self) { clients in
                for client in 0..<6 {
                    clients.addTask { try await Self.send(client * 50..<(client + 1) * 50, to: scene) }
                }
                var statuses: [Int: Int] = [:]
                for try await part in clients {
                    statuses.merge(part, uniquingKeysWith: +)
                    let funnel = try await scene.funnel()
                    #expect(Self.addsUp(funnel), "\(funnel.text())")
                }
                return statuses
            }
            // Clients see stable alone: its 404 and its 400, and never a fault of the shadow.
            #expect(statuses == [200: 240, 400: 30, 404: 30])
            let text = try await scene.metrics(afterCounting: 300)
            for (code, count) in statuses {
                let name = "http_requests_total{code=\"\(code)\",leg=\"stable\""
                let sample = try #require(text.first { $0.hasPrefix(name) })
                #expect(sample.hasSuffix(" \(count)"), "\(sample)")
            }
            for name in ["llm_refusal_total", "llm_quality_score_count"] {
                #expect(text.contains { $0.hasPrefix(name + "{leg=") })
            }
            scene.serve.signal(SIGTERM)
            let summary = try #require(await scene.serve.line(beginning: "stopped: 300 seen"))
            #expect(summary.hasSuffix("0 in flight"))
            #expect(await scene.serve.ended() == 0)

            let stored = try Self.storedPairs(scene.store)
            #expect(stored.unscored == 0)
            #expect(stored.funnel.addsUp)
            #expect(stored.funnel.seen == 300)
            #expect(stored.funnel.inFlight == 0)
            #expect(stored.funnel.notEligible == [.endpoint: 30, .unreadableRequest: 30])
            #expect(stored.funnel.stored == stored.pairs)
            #expect(stored.funnel.notSampled > 60 && stored.funnel.sampled > 60)
            #expect(stored.outcomes[.httpError, default: 0] > 0)
            #expect(stored.outcomes[.ok, default: 0] > stored.pairs / 2)
        }
    }

    @Test func `SIGHUP puts the file's rates in force, and a wrong file nothing`() async throws {
        try await withScene(sampling: "{ rate: 0.0, target_per_day: 0 }", faults: []) { scene in
            _ = try await Self.send(3..<6, to: scene)
            #expect(try await scene.funnel(afterSeeing: 3)["sampled"]?.intValue == 0)
            let file = URL(fileURLWithPath: scene.configuration)
            let text = try String(contentsOf: file, encoding: .utf8)

            try Data((text + "\nsampling_rate: 1\n").utf8).write(to: file)
            scene.serve.signal(SIGHUP)
            let refusal = await scene.serve.complaint(containing: "SIGHUP: nothing was changed")
            #expect(refusal?.contains("sampling_rate") == true)

            let new = text.replacing("rate: 0.0", with: "rate: 1.0").replacing("horizon: 7d", with: "horizon: 8d")
            try Data(new.utf8).write(to: file)
            scene.serve.signal(SIGHUP)
            #expect(await scene.serve.complaint(containing: "SIGHUP: sampling.rate: 0.0 → 1.0.") != nil)
            #expect(await scene.serve.complaint(containing: "from the next start on: experiment.horizon.") != nil)
            _ = try await Self.send(6..<9, to: scene)
            #expect(try await scene.funnel(afterSeeing: 6)["sampled"]?.intValue == 3)
            scene.serve.signal(SIGTERM)
            #expect(await scene.serve.ended() == 0)

            let store = try Store.open(path: scene.store, access: .readWrite)
            defer { try? store.close() }
            let experiment = try #require(try store.experiments.newest())
            let changes = try store.experiments.changes(experiment: experiment.id)
            #expect(changes.contains { $0.actor == "SIGHUP" && $0.text == "sampling.rate: 0.0 → 1.0" })
        }
    }

    @Test func `the operator's rate outlives a restart, until the file is edited`() async throws {
        try await withScene(sampling: "{ rate: 0.0, target_per_day: 0 }", faults: []) { scene in
            #expect(try await scene.put(#"{"rate":1}"#, to: "/api/v1/sampling").status == 200)

            let second = try await scene.restarted()
            _ = try await Self.send(3..<6, to: second)
            #expect(try await second.funnel(afterSeeing: 3)["sampled"]?.intValue == 3)

            let file = URL(fileURLWithPath: scene.configuration)
            let text = try String(contentsOf: file, encoding: .utf8)
            try Data(text.replacing("rate: 0.0", with: "rate: 0.001").utf8).write(to: file)
            let third = try await second.restarted()
            _ = try await Self.send(3..<6, to: third)
            #expect(try await third.funnel(afterSeeing: 3)["sampled"]?.intValue == 0)
            third.serve.signal(SIGTERM)
            #expect(await third.serve.ended() == 0)
        }
    }

    @Test func `the console takes no buffer below the largest request, as the configuration takes none`() async throws {
        try await withScene(sampling: "{ rate: 0.0 }", faults: [], more: "limits: { body: 1MiB }") { scene in
            let small = try await scene.put(#"{"max_buffered_bytes":1048575}"#, to: "/api/v1/shadow")
            #expect(small.status == 400)
            #expect(small.body.contains("max_buffered_bytes is at least limits.body (1048576)"))
            let enough = try await scene.put(#"{"max_buffered_bytes":1048576}"#, to: "/api/v1/shadow")
            #expect(enough.status == 200)
            #expect(enough.body.contains(#""max_buffered_bytes":1048576"#))
            scene.serve.signal(SIGTERM)
            #expect(await scene.serve.ended() == 0)
        }
    }

    @Test func `SIGTERM in mid-load finishes what clients wait for and loses nothing`() async throws {
        try await withScene(sampling: "{ rate: 1.0, target_per_day: 0 }", faults: ["hang:0.1"]) { scene in
            let answers = Awaited(0)
            await withTaskGroup(of: Void.self) { clients in
                for client in 0..<4 {
                    // Clients that come after the signal are refused; that is the point.
                    clients.addTask {
                        _ = try? await Self.send(client * 500..<(client + 1) * 500, to: scene) {
                            answers.change { $0 += 1 }
                        }
                    }
                }
                await answers.wait { $0 >= 60 }
                scene.serve.signal(SIGTERM)
            }
            #expect(await scene.serve.ended() == 0)
            let stored = try Self.storedPairs(scene.store)
            #expect(stored.funnel.addsUp)
            #expect(stored.funnel.seen >= 60)
            #expect(stored.funnel.inFlight == 0)
            #expect(stored.funnel.stored == stored.pairs)
            #expect(stored.outcomes[.timeout, default: 0] > 0)
        }
    }
}
