// One connection to an upstream: its bytes in both directions, and how it ended.
//
// It serves one client at a time, and none while it is kept. It reports events; the rules are in `ClientConnection` and
// `ExchangeState`.

import Logging
import NIOCore
import NIOPosix

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

final class UpstreamConnection: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private enum State {
        case connecting
        case open
        case closed
    }

    // Fields that each event of a stream needs come first, for the reason given in `ClientConnection.Ongoing`.
    /// The client that it serves; nil while it is kept.
    var client: ClientConnection?
    private var pace = AcknowledgementPace()
    private let loop: GatewayLoop
    let pool: UpstreamPool
    private let isTLS: Bool
    private var state = State.connecting
    private var context: ChannelHandlerContext?
    private var writer: SocketWriter?
    private var holdsBackRead = false
    /// Whether the handshake is done, over TLS.
    private var isEstablished = false
    /// Whether the first flush of the current request is in progress.
    private var isFirstFlush = false
    private var hasFlushed = false
    /// Bytes written before the current request.
    private var writtenBefore = 0
    private var written = 0

    /// The channels that try to connect, one for each tried address of the host (RFC 8305); the one that connects becomes this
    /// connection's channel.
    var attempts: [any Channel] = []
    /// The upstream that it was opened for, for the log.
    private let name: Upstream.Name

    init(loop: GatewayLoop, pool: UpstreamPool, name: Upstream.Name) {
        self.loop = loop
        self.pool = pool
        self.name = name
        isTLS = pool.tls != nil
    }

    var isOpen: Bool {
        if case .open = state { true } else { false }
    }

    var isWritable: Bool { writer?.isWritable ?? false }

    /// Bytes of the current request that wait for the end of a TLS handshake; the channel does not count them yet.
    var heldByHandshake: Int { isTLS && !isEstablished ? written - writtenBefore : 0 }

    // MARK: For the client's side

    /// Gives a kept connection to a client.
    func serve(_ client: ClientConnection) {
        self.client = client
        writtenBefore = written
        hasFlushed = false
        pace.restart()
    }

    /// Queues bytes until `flush`.
    func write(_ bytes: ByteBuffer) {
        guard isOpen, let writer else { return }
        written += bytes.readableBytes
        writer.write(bytes)
    }

    /// Queues bytes and tells the client when they left; over TLS, that is when the handshake is done.
    func writeFirst(_ bytes: ByteBuffer) {
        guard isTLS, isOpen, let context else { return write(bytes) }
        written += bytes.readableBytes
        let promise = context.eventLoop.makePromise(of: Void.self)
        promise.futureResult.assumeIsolated().whenSuccess { [weak self] in
            self?.isEstablished = true
            self?.client?.upstreamAccepted()
        }
        context.write(wrapOutboundOut(bytes), promise: promise)
    }

    func flush() {
        guard isOpen, let writer else { return }
        isFirstFlush = !hasFlushed
        hasFlushed = true
        writer.flush()
        isFirstFlush = false
    }

    /// Closes without telling the client.
    func close() {
        client = nil
        context?.close(promise: nil)
        // Closing one may begin the next, which is closed once it is connected.
        for channel in attempts { channel.close(promise: nil) }
    }

    /// Reads on after the client could take no more.
    func resumeReading() {
        guard holdsBackRead else { return }
        holdsBackRead = false
        context?.read()
    }

    // MARK: Life

    func connected(_ channel: any Channel) {
        guard case .connecting = state else { return }
        attempts = []
        // Not earlier: a handler may be in one pipeline only.
        try? channel.pipeline.syncOperations.addHandler(self)
        guard context != nil else {
            state = .closed
            return lost(.closed(isUntouched: false))
        }
        state = .open
        guard let client else { return close() }
        client.upstreamConnected(self, isWaitingForHandshake: isTLS)
    }

    func connectFailed(_ error: any Error) {
        guard case .connecting = state else { return }
        attempts = []
        state = .closed
        var isTimeout = false
        if let error = error as? ChannelError, case .connectTimeout = error { isTimeout = true }
        if let error = error as? NIOConnectionError {
            isTimeout =
                !error.connectionErrors.isEmpty
                && error.connectionErrors.allSatisfy {
                    if let error = $0.error as? ChannelError, case .connectTimeout = error { true } else { false }
                }
        }
        loop.logger.debug("connecting to \(name.text) failed", metadata: ["error": "\(error)"])
        lost(isTimeout ? .connectTimedOut : .connectFailed)
    }

    private func lost(_ loss: UpstreamLoss) {
        let client = self.client
        self.client = nil
        client?.upstreamLost(self, loss)
    }

    /// The connection ended: tells the client, or leaves the pool.
    private func ended(isUntouched: Bool) {
        guard case .open = state else { return }
        state = .closed
        if client == nil {
            loop.forget(self)
        } else if isTLS && !isEstablished {
            lost(.connectFailed)
        } else {
            lost(.closed(isUntouched: isUntouched))
        }
    }

    // MARK: Channel events

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        writer = SocketWriter(context, isDirect: !isTLS)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        writer = nil
    }

    func read(context: ChannelHandlerContext) {
        if let client, client.holdsUpstreamBack {
            holdsBackRead = true
            pace.restart()
        } else {
            context.read()
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if let client {
            // Before a byte of the request left, these bytes belong to an earlier answer.
            guard hasFlushed else {
                ended(isUntouched: true)
                return context.close(promise: nil)
            }
            let bytes = unwrapInboundIn(data)
            if let event = pace.read(bytes.readableBytes, at: .now) { paceSays(event, context) }
            client.upstreamRead(self, bytes)
        } else {
            // Bytes without a request: RFC 9112 section 9.2 says to close. Out of the pool at once: over TLS a close takes time.
            ended(isUntouched: false)
            context.close(promise: nil)
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        client?.upstreamReadComplete()
    }

    /// Has the kernel delay acknowledgements where the sender does not wait for them, and stop where it did.
    private func paceSays(_ event: AcknowledgementPace.Event, _ context: ChannelHandlerContext) {
        let now = ContinuousClock.now
        switch event {
        case .watched(let end, let trial):
            if pool.acknowledgements.watched(end, trial: trial, at: now) { acknowledgeAtOnce(true, context) }
        case .isFast:
            switch pool.acknowledgements.mayDelay(at: now) {
            case .no: return
            case .yes: pace.beginWatch(trial: nil)
            case .onTrial(let trial): pace.beginWatch(trial: trial)
            }
            acknowledgeAtOnce(false, context)
        }
    }

    private func acknowledgeAtOnce(_ isOn: Bool, _ context: ChannelHandlerContext) {
        let option = ChannelOptions.Types.SocketOption.tcpOption(.init(rawValue: TCP_QUICKACK))
        try? context.channel.syncOptions?.setOption(option, value: isOn ? 1 : 0)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        client?.upstreamWritabilityChanged()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if let event = event as? ChannelEvent, event == .inputClosed {
            inputClosed(context)
        }
    }

    /// Stable sent FIN (over TLS: closed in good order).
    private func inputClosed(_ context: ChannelHandlerContext) {
        if let client, client.upstreamInputEnded(self) {
            state = .closed
            self.client = nil
        } else {
            ended(isUntouched: isUntouched(context))
        }
        context.close(promise: nil)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // A reset proves nothing: it may come from a process that read the request before its kernel acknowledged it.
        ended(isUntouched: isFirstFlush)
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        writer?.socketClosed()
        if isTLS, isOpen, let client, client.upstreamInputEnded(self) {
            state = .closed
            self.client = nil
        }
        // Closed by a failed write of a request's first bytes: then nothing of it went out, or too little for stable to have a
        // whole request. In any other case it is unknown.
        ended(isUntouched: isFirstFlush)
    }

    /// Whether stable's side, having sent FIN, had received no byte of the current request.
    ///
    /// A FIN acknowledges everything received before it. So the bytes that our kernel counts as acknowledged when the FIN is here
    /// are those that stable's kernel had received; it will never hand others to a process.
    private func isUntouched(_ context: ChannelHandlerContext) -> Bool {
        guard !isTLS, let options = context.channel as? any SocketOptionProvider else { return false }
        var acknowledged: UInt64?
        options.bytesAcknowledged().assumeIsolated().whenSuccess { acknowledged = $0 }
        guard let acknowledged else { return false }
        return acknowledged <= UInt64(writtenBefore)
    }
}

extension SocketOptionProvider {
    /// How many bytes the peer has acknowledged since the connection was made.
    ///
    /// `tcpi_bytes_acked` of `struct tcp_info` (linux/tcp.h, since Linux 4.1), at byte 120; it counts the SYN, which is
    /// taken off here. The libc's own declaration of the structure ends before it.
    func bytesAcknowledged() -> EventLoopFuture<UInt64> {
        let info: EventLoopFuture<InlineArray<16, UInt64>> = unsafeGetSocketOption(
            level: NIOBSDSocket.OptionLevel.tcp,
            name: NIOBSDSocket.Option(rawValue: 11)
        )
        return info.map { $0[15] == 0 ? 0 : $0[15] - 1 }
    }
}
