// A model server that replays recorded answers.
//
// What: HTTP/1.1 over SwiftNIO; every answer is a `Playback` (a value) that `StandInHandler` plays on its loop.
// Why: the demo, the tests and the benchmarks need real answers with real timings, and faults on demand.
// Limits: plain HTTP, no authentication; it answers any client, so keep it on loopback.

import NIOCore
import NIOHTTP1
import NIOPosix
package import Vocabulary

/// How a stand-in serves.
package struct StandInConfiguration: Sendable {
    package var host: String
    /// 0 lets the system choose.
    package var port: Int
    /// The leg whose answers are given; a request with `X-Understudy-Leg: control` gets the control's if there is one.
    package var leg: Leg
    /// Above 0: 2 plays every recorded time twice as fast, infinity sends at once.
    package var speed: Double
    package var faults: FaultPlan
    /// Length in words of the answer to a request without a recorded answer.
    package var defaultTokens: Int
    package var threads: Int

    package init(
        host: String = "127.0.0.1",
        port: Int,
        leg: Leg = .stable,
        speed: Double = 1,
        faults: FaultPlan = FaultPlan([]),
        defaultTokens: Int = 64,
        threads: Int = 1
    ) {
        self.host = host
        self.port = port
        self.leg = leg
        self.speed = speed
        self.faults = faults
        self.defaultTokens = defaultTokens
        self.threads = threads
    }
}

/// A running stand-in.
package struct StandInServer: Sendable {
    private let channel: any Channel
    private let group: MultiThreadedEventLoopGroup

    /// The port on which it listens.
    package let port: Int

    /// Starts a stand-in that answers from `book`.
    ///
    /// - Throws: NIO's error if the port is not available.
    package static func start(_ configuration: StandInConfiguration, book: AnswerBook) async throws -> StandInServer {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: configuration.threads)
        let director = AnswerDirector(configuration: configuration, book: book)
        do {
            let channel = try await ServerBootstrap(group: group)
                .serverChannelOption(.backlog, value: 1_024)
                .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
                .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
                // Otherwise the large faults would first write four megabytes into each connection's buffer.
                .childChannelOption(.socketOption(.so_sndbuf), value: 128 << 10)
                .childChannelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHandlers(
                            ByteToMessageHandler(HTTPRequestDecoder(leftOverBytesStrategy: .dropBytes)),
                            StandInHandler(director: director)
                        )
                    }
                }
                .bind(host: configuration.host, port: configuration.port)
                .get()
            return StandInServer(channel: channel, group: group, port: channel.localAddress?.port ?? 0)
        } catch {
            try await group.shutdownGracefully()
            throw error
        }
    }

    /// Stops at once and cuts answers in progress.
    package func stop() async throws {
        try await channel.close()
        try await group.shutdownGracefully()
    }
}
