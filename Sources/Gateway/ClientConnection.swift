// One client connection: the shell around the values that decide.
//
// It moves bytes between the client's channel and an upstream's, on one event loop, and keeps three promises:
//   - what arrives is passed on at once: everything read in one go is written and flushed together, nothing waits for more.
//     Only the beginning of a request waits for the rest of it, up to 64 KiB, before a connection upwards is taken, so that
//     unfinished requests hold none of those. On a loop these bytes are bounded too; they are outside of the mirror's budget;
//   - back-pressure: what one side cannot take is not read from the other. Reads are held back, so the kernel's own flow
//     control slows the sender; memory holds at most the channel's high-water mark and one read;
//   - the tap hears of it afterwards and can change nothing.
// Its parts: `+Request` reads what the client sends, `+Upstream` sends it, `+Answer` passes the answer back, `+Loss` deals with
// a way that is lost, `+End` with what comes after an exchange.
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
        /// The last answer was written; what still comes is thrown away.
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

    /// The request in hand; an object, since it is touched in many places and dear to copy.
    final class Ongoing {
        // First what each event of a stream needs: among a hundred streams none of it is in a cache.
        var dechunks = false
        var isEventStream = false
        /// Whether somebody listens to the answer.
        var isHeard = false
        var exchange: ExchangeState
        var answer: AnswerReader
        var record: ExchangeRecord
        /// To whom it goes; it stays so whatever becomes of the router.
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
    /// A stage that grew beyond this is not kept for the next request.
    static let spareLimit = 16 * 1024

    // First what each event of a stream needs, as in `Ongoing`.
    var upstream: UpstreamConnection?
    var ongoing: Ongoing?
    var writer: SocketWriter?
    let loop: GatewayLoop
    /// The tick of the loop at which what is waited for is given up; `.max` for never.
    var deadline = Int.max
    var waiting = Waiting.nothing
    var phase = Phase.open
    var holdsBackRead = false
    /// Bytes for the client that are not handed on yet.
    var answerStage = ByteBuffer()

    /// The tick at which the pace of an unfinished request is looked at next; `.max` for never.
    var paceLook = Int.max
    var pace = RequestPace(began: 0)
    /// Body bytes of the request in hand that wait for the rest of it, counted in the loop's sum.
    var gatheredByteCount = 0

    /// The place in the loop's list of clients.
    var place: Int?
    var context: ChannelHandlerContext?
    var requests: RequestReader
    var firstByteAt: ContinuousClock.Instant?
    var readingPace = ReadingPace()
    /// Bytes for the upstream that are not handed on yet.
    var requestStage = ByteBuffer()
    /// The memory of the last stages, for the next; taken anew where a channel still holds it.
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
