import Glibc
import NIOCore
import NIOPosix
import NIOSSL
import Threads

/// One end of a TCP connection whose bytes a test sends and awaits itself.
///
/// Knows nothing of the gateway's own parsers.
final class Wire: Sendable {
    struct Ended: Error, CustomStringConvertible {
        var description: String
    }

    /// A message read off the wire by the simplest rules there are.
    struct Message: Sendable {
        var head: String
        /// The body as received, chunk framing included.
        var raw: [UInt8]
        /// The body without its framing.
        var body: [UInt8]
        var status: Int { Int(head.split(separator: " ").dropFirst().first ?? "") ?? 0 }
        var text: String { String(decoding: body, as: UTF8.self) }

        func field(_ name: String) -> String? { fields(name).first }

        func fields(_ name: String) -> [String] {
            head.split(separator: "\r\n").dropFirst().compactMap { line in
                let parts = line.split(separator: ":", maxSplits: 1)
                guard parts.count == 2, parts[0].lowercased() == name.lowercased() else { return nil }
                return parts[1].trimmingPrefix { $0 == " " }.description
            }
        }
    }

    private struct State {
        var bytes: [UInt8] = []
        var isClosed = false
        var hasFailed = false
        var received = 0
        var waiters: [Int: CheckedContinuation<Void, Never>] = [:]
        var nextWaiter = 0
    }

    private final class Collector: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        let wire: Wire
        init(_ wire: Wire) { self.wire = wire }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let bytes = unwrapInboundIn(data)
            wire.change { state in
                state.bytes.append(contentsOf: bytes.readableBytesView)
                state.received += bytes.readableBytes
            }
        }
        func channelInactive(context: ChannelHandlerContext) { wire.change { $0.isClosed = true } }
        func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
            if event as? ChannelEvent == .inputClosed { wire.change { $0.isClosed = true } }
        }
        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            wire.change { $0.hasFailed = true }
            context.close(promise: nil)
        }
    }

    private let state = Locked(State())
    let channel: any Channel

    init(_ channel: any Channel) {
        self.channel = channel
    }

    static func connect(port: Int, reads: Bool = true, tls: NIOSSLContext? = nil) async throws -> Wire {
        try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.autoRead, value: reads)
            .channelOption(.allowRemoteHalfClosure, value: tls == nil)
            .channelOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: 65536))
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let tls {
                        let handler = try NIOSSLClientHandler(context: tls, serverHostname: "localhost")
                        try channel.pipeline.syncOperations.addHandler(handler)
                    }
                    return try Wire(channel).installed()
                }
            }
    }

    /// Adds itself to its channel, on the channel's loop.
    func installed() throws -> Wire {
        try channel.pipeline.syncOperations.addHandler(Collector(self))
        return self
    }

    private func change(_ body: (inout State) -> Void) {
        let waiters = state.withLock { state in
            body(&state)
            defer { state.waiters = [:] }
            return state.waiters.values.map { $0 }
        }
        for waiter in waiters { waiter.resume() }
    }

    // MARK: Sending

    func send(_ text: String) async throws {
        try await channel.writeAndFlush(ByteBuffer(string: text)).get()
    }

    func send(_ bytes: [UInt8]) async throws {
        try await channel.writeAndFlush(ByteBuffer(bytes: bytes)).get()
    }

    func close() async {
        try? await channel.close().get()
    }

    func closeOutput() async throws {
        try await channel.close(mode: .output).get()
    }

    /// Closes with a TCP reset.
    func reset() async {
        let options = channel as? any SocketOptionProvider
        try? await options?.setSoLinger(Glibc.linger(l_onoff: 1, l_linger: 0)).get()
        try? await channel.close().get()
    }

    func startReading() async throws {
        try await channel.setOption(.autoRead, value: true).get()
    }

    // MARK: Receiving

    /// Waits until `find` finds something in the bytes that came and were not taken, or the peer is gone.
    func await<T: Sendable>(_ find: @Sendable (inout [UInt8], Bool) -> T?) async throws -> T {
        while true {
            let found: Result<T, Ended>? = state.withLock { state in
                if let found = find(&state.bytes, state.isClosed) { return .success(found) }
                guard state.isClosed else { return nil }
                return .failure(Ended(description: "closed with \(String(decoding: state.bytes, as: UTF8.self))"))
            }
            if let found { return try found.get() }
            try Task.checkCancellation()
            await nextChange { $0.isClosed || find(&$0.bytes, false) != nil }
        }
    }

    /// Waits for the next change, unless `isSettled` says (of a copy) that there is nothing to wait for.
    private func nextChange(_ isSettled: @Sendable (inout State) -> Bool) async {
        let id = state.withLock { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let resumes = state.withLock { state in
                    var copy = state
                    if isSettled(&copy) || Task.isCancelled { return true }
                    state.waiters[id] = continuation
                    return false
                }
                if resumes { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.waiters.removeValue(forKey: id) }?.resume()
        }
    }

    /// Whether the connection ended in an error, such as a reset.
    var hasFailed: Bool { state.withLock { $0.hasFailed } }

    /// How many bytes ever came.
    var receivedByteCount: Int { state.withLock { $0.received } }

    /// Takes everything up to and with `text`.
    @discardableResult
    func read(through text: String) async throws -> String {
        let mark = Array(text.utf8)
        return try await self.await { bytes, _ in
            guard let end = bytes.firstIndex(of: mark) else { return nil }
            defer { bytes.removeFirst(end) }
            return String(decoding: bytes[..<end], as: UTF8.self)
        }
    }

    func readExactly(_ count: Int) async throws -> [UInt8] {
        try await self.await { bytes, _ in
            guard bytes.count >= count else { return nil }
            defer { bytes.removeFirst(count) }
            return Array(bytes[..<count])
        }
    }

    /// Everything until the peer closes.
    func readToEnd() async throws -> [UInt8] {
        try await self.await { bytes, isClosed in
            guard isClosed else { return nil }
            defer { bytes = [] }
            return bytes
        }
    }

    /// Reads a whole message.
    func message(isAnswerToHead: Bool = false) async throws -> Message {
        let head = try await read(through: "\r\n\r\n")
        var message = Message(head: head, raw: [], body: [])
        let isAnswer = head.hasPrefix("HTTP/")
        if isAnswer, isAnswerToHead || message.status < 200 || message.status == 204 || message.status == 304 {
            return message
        }
        if let coding = message.field("Transfer-Encoding"), coding.lowercased() == "chunked" {
            while true {
                let line = try await read(through: "\r\n")
                message.raw += Array(line.utf8)
                let digits = line.prefix { $0.isHexDigit }
                guard let size = Int(digits, radix: 16) else { throw Ended(description: "bad chunk \(line)") }
                guard size > 0 else { break }
                let data = try await readExactly(size + 2)
                message.raw += data
                message.body += data.dropLast(2)
            }
            while true {
                let line = try await read(through: "\r\n")
                message.raw += Array(line.utf8)
                if line == "\r\n" { return message }
            }
        } else if let length = message.field("Content-Length").flatMap({ Int($0) }) {
            message.raw = try await readExactly(length)
        } else if isAnswer {
            message.raw = try await readToEnd()
        }
        message.body = message.raw
        return message
    }
}

extension [UInt8] {
    /// The index after the first occurrence of `mark`.
    fileprivate func firstIndex(of mark: [UInt8]) -> Int? {
        guard count >= mark.count else { return nil }
        for start in 0...(count - mark.count) where self[start] == mark[0] {
            if self[start..<(start + mark.count)].elementsEqual(mark) { return start + mark.count }
        }
        return nil
    }
}
