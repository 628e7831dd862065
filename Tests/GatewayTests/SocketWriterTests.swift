import CNIOLinux
import Foundation
import NIOCore
import NIOPosix
import Synchronization
import TestSupport
import Testing

@testable import Gateway

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// What is written leaves in order, whichever way it goes, and never through another's descriptor.
@Suite struct SocketWriterTests {
    /// Fills the socket and the channel, so that the socket takes part of a flush, and lets the peer read, again and again.
    @Test(.timeLimit(.minutes(5)), arguments: [1, 2, 3])  // It makes megabytes, without optimisation.
    func `bytes keep their order when a socket fills up, empties and takes them at once again`(
        mostPieces: Int
    ) async throws {
        try await withConnection { probe, peer in
            var expected: [UInt8] = []
            var number = 0
            func piece(_ count: Int) -> [UInt8] {
                number += 1
                return (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ number &* 17) }
            }
            for _ in 0..<3 {
                while true {
                    let pieces = (0..<mostPieces).map { _ in piece(200_003 + number) }
                    expected += pieces.joined()
                    if try await !probe.send(pieces) { break }
                }
                #expect(try peer.read(expected.count) == expected)
                expected = []
                try await probe.waitUntilEmpty()
                // The first finds the channel empty only once it has gone through it.
                #expect(try await probe.send([[1]]))
                #expect(try peer.read(1) == [1])
                let writes = try await probe.channelWrites()
                for _ in 0..<20 {
                    let single = piece(100)
                    #expect(try await probe.send([single]))
                    #expect(try peer.read(single.count) == single)
                }
                #expect(try await probe.channelWrites() == writes, "what fits goes past the channel")
            }
        }
    }

    @Test(.hangLimit)
    func `bytes that wait do not keep the buffer that they were read into`() async throws {
        try await withConnection { probe, peer in
            let pieces = [[UInt8]](repeating: [UInt8](repeating: 7, count: 2_000_000), count: 4)
            #expect(try await !probe.send(pieces))
            let before = try await probe.channelStorage()
            for _ in 0..<50 { _ = try await probe.send([[1, 2, 3]], readInto: 65_536) }
            #expect(try await probe.channelStorage() - before < 50 * 100)
            let count = 8_000_000
            _ = try peer.read(count)
            #expect(try peer.read(150) == [[UInt8]](repeating: [1, 2, 3], count: 50).flatMap { $0 })
        }
    }

    @Test(.hangLimit)
    func `what is written after a close goes nowhere, though the descriptor has a new owner`() async throws {
        var sawNewOwner = false
        for _ in 0..<50 where !sawNewOwner {
            try await withConnection { probe, peer in
                let outcome = try await probe.writeOnceClosed { peer.close() }
                #expect(outcome != .wroteIntoAnothers)
                sawNewOwner = outcome == .wroteNowhere
            }
        }
        #expect(sawNewOwner, "the number of a closed descriptor was always taken by another thread")
    }

    private func withConnection(_ body: (Probe, Peer) async throws -> Void) async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let probe = Probe(group.next())
        let listener = try await ServerBootstrap(group: group)
            .childChannelOption(.socketOption(.init(rawValue: SO_SNDBUF)), value: 4_096)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let handler = probe.handler()
                    try channel.pipeline.syncOperations.addHandlers([handler.counter, handler])
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let peer = try Peer(port: try #require(listener.localAddress?.port))
        try await probe.connected()
        try await body(probe, peer)
        peer.close()
        try await listener.close()
        try await group.shutdownGracefully()
    }
}

/// The far end: a blocking socket.
private final class Peer: Sendable {
    private let descriptor: CInt
    private let isClosed = Atomic(false)

    init(port: Int) throws {
        descriptor = try LoopbackSocket.connect(to: port)
    }

    func read(_ count: Int) throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var have = 0
        while have < count {
            let got = bytes[have...].withUnsafeMutableBytes { recv(descriptor, $0.baseAddress, $0.count, 0) }
            try #require(got > 0)
            have += got
        }
        return bytes
    }

    func close() {
        if !isClosed.exchange(true, ordering: .relaxed) { _ = Foundation.close(descriptor) }
    }
}

/// The near end, asked from outside its loop.
private final class Probe: Sendable {
    enum Outcome { case wroteNowhere, wroteIntoAnothers, numberTaken }

    /// Counts what reaches the channel.
    final class Counter: ChannelOutboundHandler {
        typealias OutboundIn = ByteBuffer
        var writes = 0
        /// Of the buffers, together.
        var storageByteCount = 0

        func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
            writes += 1
            storageByteCount += unwrapOutboundIn(data).storageCapacity
            context.write(data, promise: promise)
        }
    }

    final class Handler: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        let counter = Counter()
        let active: EventLoopPromise<Void>
        var writer: SocketWriter?
        var context: ChannelHandlerContext?
        var whenInactive: (() -> Void)?

        init(_ active: EventLoopPromise<Void>) { self.active = active }

        func handlerAdded(context: ChannelHandlerContext) {
            self.context = context
            writer = SocketWriter(context, isDirect: true)
        }

        func channelActive(context: ChannelHandlerContext) { active.succeed(()) }
        func channelInactive(context: ChannelHandlerContext) {
            writer?.socketClosed()
            whenInactive?()
        }
    }

    private let eventLoop: any EventLoop
    private let active: EventLoopPromise<Void>
    private let bound: NIOLoopBoundBox<Handler?>

    init(_ eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
        active = eventLoop.makePromise()
        bound = .makeBoxSendingValue(nil, eventLoop: eventLoop)
    }

    func handler() -> Handler {
        let handler = Handler(active)
        bound.value = handler
        return handler
    }

    func connected() async throws { try await active.futureResult.get() }

    /// - Returns: Whether more may be written.
    func send(_ pieces: [[UInt8]], readInto capacity: Int = 0) async throws -> Bool {
        try await eventLoop.submit { [bound] in
            let writer = try #require(bound.value?.writer)
            for piece in pieces {
                var bytes = ByteBufferAllocator().buffer(capacity: max(capacity, piece.count))
                bytes.writeBytes(piece)
                writer.write(bytes)
            }
            writer.flush()
            return writer.isWritable
        }.get()
    }

    func channelWrites() async throws -> Int {
        try await eventLoop.submit { [bound] in try #require(bound.value?.counter.writes) }.get()
    }

    func channelStorage() async throws -> Int {
        try await eventLoop.submit { [bound] in try #require(bound.value?.counter.storageByteCount) }.get()
    }

    /// Waits until the channel has written what it held: an empty write of its own is done after that.
    func waitUntilEmpty() async throws {
        let emptied = eventLoop.makePromise(of: Void.self)
        try await eventLoop.submit { [bound] in
            try #require(bound.value?.context).writeAndFlush(NIOAny(ByteBuffer()), promise: emptied)
        }.get()
        try await emptied.futureResult.get()
    }

    /// Writes when the channel is closed and its descriptor's number belongs to a pipe.
    func writeOnceClosed(_ close: () -> Void) async throws -> Outcome {
        let outcome = eventLoop.makePromise(of: Outcome.self)
        try await eventLoop.submit { [bound] in
            let handler = try #require(bound.value)
            let writer = try #require(handler.writer)
            let number = try #require(
                try handler.context?.pipeline.syncOperations.withUnsafeTransportIfAvailable { $0 as CInt }
            )
            handler.whenInactive = {
                var pair: [CInt] = [0, 0]
                guard socketpair(AF_UNIX, CInt(SOCK_STREAM.rawValue), 0, &pair) == 0 else { return }
                let owner = pair.contains(number) ? number : fcntl(pair[0], F_DUPFD, number)
                writer.write(ByteBuffer(string: "somebody's answer"))
                writer.flush()
                var byte: UInt8 = 0
                let isWritten = pair.contains { recv($0, &byte, 1, CInt(MSG_DONTWAIT)) > 0 }
                for descriptor in Set(pair + [owner]) { _ = Foundation.close(descriptor) }
                outcome.succeed(owner != number ? .numberTaken : isWritten ? .wroteIntoAnothers : .wroteNowhere)
            }
        }.get()
        close()
        return try await outcome.futureResult.get()
    }
}
