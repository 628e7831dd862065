import CLinux
import Foundation
import Logging
import NIOCore
import NIOPosix
import Testing
import Vocabulary

@testable import Gateway

@Suite struct LoopTurnsTests {
    @Test func `an event loop asks for the kernel's shortest turns and keeps its priority`() async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let before = try await scheduling(of: group)
        let url = try ServerURL("http://127.0.0.1:1")
        let gateway = GatewayServer(
            configuration: GatewayConfiguration(host: "127.0.0.1", port: 0),
            router: EveryoneTo(Upstream(.stable, version: "v1", url: url)),
            tap: RecordingTap(),
            group: group,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        _ = try await gateway.start()
        let after = try await scheduling(of: group)
        await gateway.stop()
        try await group.shutdownGracefully()
        #expect(after.policy == before.policy)
        #expect(after.nice == before.nice)
        // Since Linux 6.12 an ordinary thread has slices of its own; before, the kernel tells none.
        let version = ProcessInfo.processInfo.operatingSystemVersion
        if (version.majorVersion, version.minorVersion) >= (6, 12) {
            #expect(after.slice == 100_000)
            #expect(before.slice > after.slice)
        }
    }

    private func scheduling(
        of group: MultiThreadedEventLoopGroup
    ) async throws -> (policy: UInt32, nice: Int32, slice: UInt64) {
        try await group.next().submit {
            var scheduling = clinux_scheduling()
            #expect(clinux_get_scheduling(&scheduling) == 0)
            return (scheduling.policy, scheduling.nice, scheduling.runtime_ns)
        }.get()
    }
}
