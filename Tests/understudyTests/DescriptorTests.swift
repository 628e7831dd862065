import Foundation
import JSON
import TestSupport
import Testing

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// `serve` where there are few descriptors and many clients that say nothing.
@Suite(.hangLimit, .serialized)
struct DescriptorTests {
    private static let path = "/v1/chat/completions"
    private static let question = #"{"messages":[{"role":"user","content":"q"}]}"#

    /// Connections that send nothing; closed with it.
    private final class IdleClients {
        private let descriptors: [Int32]

        init(_ count: Int, port: Int) throws {
            descriptors = try (0..<count).map { _ in try LoopbackSocket.connect(to: port, waits: false) }
        }

        func leave() { for descriptor in descriptors { close(descriptor) } }
    }

    @Test func `idle clients wait where they would take every descriptor, and who is established goes on`() async throws
    {
        // Each event loop takes three, and the console's are as many as there are processors.
        let openFiles = 58 + 3 * ProcessInfo.processInfo.activeProcessorCount
        try await withScene(
            sampling: "{ rate: 1.0, control_rate: 0.0 }",
            faults: [],
            more: "threads: 1",
            openFiles: openFiles
        ) { scene in
            // A connection of our own: a session of URLs may open another whenever it likes.
            let established = try RawConnection(to: scene.gateway)
            #expect(await established.ask("POST", Self.path, body: Self.question) == 200)
            let idle = try IdleClients(200, port: scene.gateway)
            #expect(await scene.serve.complaint(containing: "clients are connected") != nil)
            for _ in 0..<5 { #expect(await established.ask("POST", Self.path, body: Self.question) == 200) }
            #expect(try await RawConnection(to: scene.console).ask("GET", "/healthz") == 200)
            let funnel = try await scene.funnel(afterSeeing: 6)
            #expect(funnel["seen"]?.intValue == 6, "\(funnel.text())")
            idle.leave()
            #expect(try await RawConnection(to: scene.gateway).ask("POST", Self.path, body: Self.question) == 200)
            let said = scene.serve.transcript.split(separator: "\n")
            #expect(said.count { $0.contains("clients are connected") } == 1)
            #expect(said.count { $0.contains("may open \(openFiles) files") } == 1)
        }
    }
}
