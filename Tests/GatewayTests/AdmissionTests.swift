import NIOCore
import TestSupport
import Testing

@testable import Gateway

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

private let get = "GET / HTTP/1.1\r\nHost: x\r\n\r\n"

/// How many clients there may be, on a listener that runs.
@Suite(.serialized) struct AdmissionTests {
    @Test(.hangLimit)
    func `at the maximum the next client waits, and is served when another leaves`() async throws {
        try await withGateway(threads: 2, configure: Configure { $0.maximumConnections = 2 }) { stage async throws in
            let first = try await stage.client()
            let second = try await stage.client()
            for client in [first, second] {
                try await client.send(get)
                #expect(try await client.message().status == 200)
            }
            let waiting = try await stage.client()
            try await waiting.send(get)
            // The established ones go on.
            for _ in 0..<20 {
                try await first.send(get)
                #expect(try await first.message().status == 200)
            }
            var counters = await stage.gateway.counters()
            #expect(counters.connectionsAccepted == 2)
            #expect(counters.acceptPauses == 1)
            await second.close()
            #expect(try await waiting.message().status == 200)
            counters = await stage.gateway.counters()
            #expect(counters.connectionsAccepted == 3)
            #expect(stage.gateway.admission.figures.open == 2)
            await first.close()
            await waiting.close()
        }
    }

    @Test(.hangLimit)
    func `an address with too many connections is sent away`() async throws {
        try await withGateway(configure: Configure { $0.maximumConnectionsPerAddress = 1 }) { stage async throws in
            let first = try await stage.client()
            try await first.send(get)
            #expect(try await first.message().status == 200)
            let second = try await stage.client()
            #expect(try await second.readToEnd().isEmpty)
            try await first.send(get)
            #expect(try await first.message().status == 200)
            let counters = await stage.gateway.counters()
            #expect(counters.connectionsRefused == 1)
            #expect(counters.connectionsAccepted == 1)
            await first.close()
        }
    }

    @Test(.hangLimit, arguments: [EMFILE, ENFILE, ENOBUFS, ENOMEM])
    func `where the system has no descriptor accepting pauses, and is tried again`(_ code: CInt) async throws {
        try await withGateway(threads: 1) { stage async throws in
            let listener = try #require(await stage.gateway.listeningChannel)
            listener.pipeline.fireErrorCaught(IOError(errnoCode: code, reason: "accept"))
            #expect(try await listener.getOption(.autoRead).get() == false)
            #expect(try await stage.ask(get).status == 200)
            #expect(try await listener.getOption(.autoRead).get() == true)
            #expect(await stage.gateway.counters().acceptFailures == 1)
        }
    }
}
