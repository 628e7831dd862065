// One client connection: the shell around the values that decide.
//
// It moves bytes between the client's channel and an upstream's, on one event loop, and keeps three promises:
//   - bytes are passed on at once: everything from one read is written and flushed together, without waiting for more.
//     Only a request is gathered, up to 64 KiB, before a connection to the upstream is taken, so that unfinished requests
//     hold no upstream connections. These bytes are bounded per loop and are not part of the mirror's budget;
//   - back-pressure: what one side cannot take is not read from the other. Reads are paused, so the kernel's flow control
//     slows the sender; memory holds at most the channel's high-water mark and one read;
//   - the tap is called afterwards and can change nothing.
// Its parts: `+Request` reads what the client sends, `+Upstream` sends it on, `+Answer` passes the answer back, `+Loss` handles
// a lost connection to the upstream, `+End` the end of an exchange.
// A client that closes its sending side is taken to have left (as nginx, Envoy and uvicorn do): for a model server, a
// closed connection is the only way to say "stop generating", and a half-closed one looks the same.

import Logging
import NIOCore

final class ClientConnection: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    enum Phase {
        case open
        /// The last answer was written; further bytes are thrown away.
        case lingering
        case closed
    }

    /// What the deadline is for.
    enum Waiting {
        case nothing
        case nextRequest
        case requestHead
        case requestBody
        case handshake
        case answer
        case clientToRead
        case linger
    }

    /// The request being served.
    ///
    /// A class, because five files mutate it and copying is expensive.
    final class Ongoing {
        // Fields that each event of a stream needs come first: with a hundred streams none of them is in a cache.
        var dechunks = false
        var isEventStream = false
        /// Whether the tap listens to the answer.
        var isHeard = false
        var exchange: ExchangeState
        var answer: AnswerReader
        var record: ExchangeRecord
        /// The upstream's route; it stays when the router is replaced.
        let route: Route
        var replay = Replay()

        init(route: Route, exchange: ExchangeState, record: ExchangeRecord, answer: AnswerReader) {
            self.route = route
            self.exchange = exchange
            self.record = record
            self.answer = answer
        }
    }

    /// Pipelined requests beyond this wait in the kernel.
    static let pendingLimit = 8 * 1024
    /// Bodies up to this size are written together with their head.
    static let gatherLimit = 4096
    /// A stage larger than this is not kept for the next request.
    static let spareLimit = 16 * 1024

    // Fields that each event of a stream needs come first, as in `Ongoing`.
    var upstream: UpstreamConnection?
    var ongoing: Ongoing?
    var writer: SocketWriter?
    let loop: GatewayLoop
    /// The tick of the loop at which the current wait is given up; `.max` for never.
    var deadline = Int.max
    var waiting = Waiting.nothing
    var phase = Phase.open
    var holdsBackRead = false
    /// Bytes for the client that are not written yet.
    var answerStage = ByteBuffer()

    /// The tick of the next check of an unfinished request's pace; `.max` for never.
    var paceLook = Int.max
    var pace = RequestPace(began: 0)
    /// Gathered body bytes of the current request, counted in the loop's sum.
    var gatheredByteCount = 0

    /// The place in the loop's list of clients.
    var place: Int?
    var context: ChannelHandlerContext?
    var requests: RequestReader
    var firstByteAt: ContinuousClock.Instant?
    var readingPace = ReadingPace()
    /// Bytes for the upstream that are not written yet.
    var requestStage = ByteBuffer()
    /// The memory of earlier stages, reused for the next; allocated anew where a channel still holds it.
    var requestSpare = ByteBuffer()
    var answerSpare = ByteBuffer()
    lazy var clientAddress: String? = context?.channel.remoteAddress?.ipAddress
    lazy var isTrustedProxy = loop.configuration.trustedProxies.contains { $0.contains(context?.channel.remoteAddress) }

    init(loop: GatewayLoop) {
        self.loop = loop
        self.requests = RequestReader(
            headerLimit: loop.configuration.headerLimit,
            bodyLimit: loop.configuration.bodyLimit,
            confinesPaths: loop.routes.confinesPaths
        )
    }
}

// MARK: - Channel events

extension ClientConnection {
    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        writer = SocketWriter(context, isDirect: loop.configuration.tls == nil)
        loop.add(self)
        wait(.nextRequest, loop.timeouts.idle)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        // Without a `channelInactive` only where the channel never became active.
        clientGone()
        self.context = nil
        writer = nil
    }

    func channelInactive(context: ChannelHandlerContext) {
        writer?.socketClosed()
        clientGone()
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        loop.logger.debug("client connection failed", metadata: ["error": "\(error)"])
        context.close(promise: nil)
    }

    func read(context: ChannelHandlerContext) {
        if holdsClientBack {
            holdsBackRead = true
            pace.held(at: loop.tickCount)
        } else {
            context.read()
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard case .open = phase else { return }
        if firstByteAt == nil && ongoing == nil {
            requestBegins()
        }
        requests.receive(unwrapInboundIn(data))
        process()
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        flushToUpstream()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        guard ongoing != nil else { return }
        if context.channel.isWritable {
            if case .clientToRead = waiting { wait(.answer, loop.timeouts.answer) }
            upstream?.resumeReading()
        } else if case .answer = waiting {
            readingPace = ReadingPace()
            wait(.clientToRead, loop.timeouts.idle)
        }
    }

    /// The first byte of a request is here.
    func requestBegins() {
        firstByteAt = .now
        pace = RequestPace(began: loop.tickCount)
        wait(.requestHead, loop.timeouts.header)
    }

    /// Whether nothing more is to be read from the client for now.
    var holdsClientBack: Bool {
        guard case .open = phase, let ongoing else { return false }
        if requests.isReadingBody {
            guard let upstream, upstream.isOpen else {
                return ongoing.replay.holdsClientBack(hasRoom: loop.hasReplayRoom)
            }
            return !upstream.isWritable || upstream.heldByHandshake > Replay.unconnectedLimit
        }
        return requests.pendingByteCount > Self.pendingLimit
    }

    func resumeReading() {
        guard holdsBackRead, !holdsClientBack else { return }
        holdsBackRead = false
        pace.released(at: loop.tickCount)
        context?.read()
    }

    func wait(_ waiting: Waiting, _ ticks: Int) {
        self.waiting = waiting
        deadline = loop.deadline(ticks)
    }

    func waitForNothing() {
        waiting = .nothing
        deadline = .max
    }

    func close() {
        context?.close(promise: nil)
    }

    func clientGone() {
        if case .closed = phase { return }
        let left = phase
        phase = .closed
        waitForNothing()
        loop.remove(self)
        guard case .open = left else { return }
        if ongoing != nil {
            finish(.clientCancelled, .clientLeft)
        } else if firstByteAt != nil {
            loop.tap.requestAbandoned(.clientLeft, head: nil)
        }
    }
}
