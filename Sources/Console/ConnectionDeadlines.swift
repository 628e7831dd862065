// How long a connection of the console may take for what.
//
// What: a request has to be complete within `request` of its connection, or of its own first line; an answer has to be taken
// within `answer` of its first line; a connection that carries nothing is closed after `idle`. While the console works on an
// answer nothing is asked of the client.
// Why: Hummingbird waits for ever at each of these points, before any token is asked for. Each connection is a file descriptor,
// and these are what stable, the store and users need (findings F8, F21).
// When the process stops, a request that is not complete is not waited for, and an answer for `stop` only.

import NIOCore
import NIOHTTPTypes

/// The longest waits on one connection.
struct ConnectionPatience: Sendable {
    var request = Duration.seconds(10)
    var answer = Duration.seconds(30)
    var idle = Duration.seconds(60)
    var stop = Duration.seconds(2)
    /// For the client to close, after the last answer.
    var farewell = Duration.seconds(2)
}

/// Where a connection stands, and until when it may stand there.
struct ConnectionProgress: Sendable {
    private let patience: ConnectionPatience
    private var isFirst = true
    private var isReading = false
    /// Requests whose answers are not out.
    private var unanswered = 0
    private var isStopping = false
    /// Nil: the next step is ours, and takes as long as it takes.
    private(set) var deadline: ContinuousClock.Instant?

    /// Whether the answer to the request in hand has begun.
    private var hasAnswerBegun = false

    /// Whether the next step is ours: a whole request came, and nothing of its answer is out.
    ///
    /// From then on it is the client's turn, and one that does not read is not worked for.
    var isBusy: Bool { unanswered > 0 && !isReading && !hasAnswerBegun }

    init(_ patience: ConnectionPatience, openedAt now: ContinuousClock.Instant) {
        self.patience = patience
        deadline = now + patience.request
    }

    mutating func headCame(now: ContinuousClock.Instant) {
        isReading = true
        hasAnswerBegun = false
        unanswered += 1
        // What the head of the first has used up is not given back; when those of others began is not seen here.
        if !isFirst { deadline = now + patience.request }
        isFirst = false
    }

    mutating func requestEnded() {
        isReading = false
        if !isStopping { deadline = nil }
    }

    mutating func answerBegan(now: ContinuousClock.Instant) {
        hasAnswerBegun = true
        // An early answer does not end the wait for the rest of its request.
        guard !isStopping, !isReading else { return }
        deadline = now + patience.answer
    }

    /// The whole answer was handed to the kernel.
    mutating func answerLeft(now: ContinuousClock.Instant) {
        unanswered = max(0, unanswered - 1)
        // Another that came meanwhile.
        if unanswered > 0 { hasAnswerBegun = false }
        guard !isStopping, !isReading else { return }
        deadline = unanswered == 0 ? now + patience.idle : nil
    }

    /// Our side sent its last byte.
    mutating func outputClosed(now: ContinuousClock.Instant) {
        deadline = now + patience.farewell
    }

    /// The process stops.
    ///
    /// - Returns: Whether the connection is to be closed at once.
    mutating func stop(now: ContinuousClock.Instant) -> Bool {
        isStopping = true
        deadline = now + patience.stop
        return isReading || unanswered == 0
    }
}

/// Closes a connection that takes too long.
final class ConnectionDeadlines: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private var progress: ConnectionProgress
    private let places: ConnectionPlaces
    /// In `places`.
    private var number: UInt64 = 0
    private var isBusy = false
    /// An answer's last write may be told of when this is gone.
    private var isInPlace = false
    private var timer: Scheduled<Void>?
    private var timerFires = ContinuousClock.now

    init(_ patience: ConnectionPatience, places: ConnectionPlaces) {
        self.places = places
        progress = ConnectionProgress(patience, openedAt: .now)
    }

    func handlerAdded(context: ChannelHandlerContext) {
        isInPlace = true
        number = places.enter(context.channel)
        watch(context)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        isInPlace = false
        places.leave(number)
        timer?.cancel()
        timer = nil
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head: progress.headCame(now: .now)
        case .body: break
        case .end: progress.requestEnded()
        }
        watch(context)
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head: progress.answerBegan(now: .now)
        case .body: break
        case .end:
            let left = promise ?? context.eventLoop.makePromise(of: Void.self)
            left.futureResult.assumeIsolated().whenComplete { _ in
                self.progress.answerLeft(now: .now)
                self.watch(context)
            }
            return context.write(data, promise: left)
        }
        watch(context)
        context.write(data, promise: promise)
    }

    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        if case .output = mode {
            progress.outputClosed(now: .now)
            watch(context)
        }
        context.close(mode: mode, promise: promise)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is ChannelShouldQuiesceEvent {
            if progress.stop(now: .now) { return context.close(promise: nil) }
            watch(context)
        }
        context.fireUserInboundEventTriggered(event)
    }

    /// Sees that somebody looks when the deadline passes; a deadline that moved back is found then.
    private func watch(_ context: ChannelHandlerContext) {
        guard isInPlace else { return }
        if progress.isBusy != isBusy {
            isBusy = progress.isBusy
            places.note(number, isBusy: isBusy)
        }
        guard let deadline = progress.deadline else { return }
        if let timer {
            guard deadline < timerFires else { return }
            timer.cancel()
        }
        timerFires = deadline
        timer = context.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(deadline - .now)) {
            self.timer = nil
            guard let deadline = self.progress.deadline else { return }
            guard deadline <= .now else { return self.watch(context) }
            context.close(promise: nil)
        }
    }
}
