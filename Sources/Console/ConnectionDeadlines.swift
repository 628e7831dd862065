// The time limits of the console's connections.
//
// What: a request has to be complete within `request` of its connection, or of its own first line; an answer has to be read
// within `answer` of its first line; an unused connection is closed after `idle`. While the console works on an answer, no
// limit applies to the client.
// Why: Hummingbird waits without limit at each of these points, before any token is checked. Each connection is a file
// descriptor, and stable, the store and users need descriptors too.
// When the process stops, an incomplete request is not awaited, and an answer only for `stop`.

import NIOCore
import NIOHTTPTypes

/// The longest waits on one connection.
struct ConnectionPatience: Sendable {
    var request = Duration.seconds(10)
    var answer = Duration.seconds(30)
    var idle = Duration.seconds(60)
    var stop = Duration.seconds(2)
    /// The wait for the client to close, after the last answer.
    var farewell = Duration.seconds(2)
}

/// The progress of a connection, and the deadline of its next step.
struct ConnectionProgress: Sendable {
    private let patience: ConnectionPatience
    private var isFirst = true
    private var isReading = false
    /// Requests whose answers are not sent yet.
    private var unanswered = 0
    private var isStopping = false
    /// Nil while the next step is ours, which has no limit.
    private(set) var deadline: ContinuousClock.Instant?

    /// Whether the answer to the current request has begun.
    private var hasAnswerBegun = false

    /// Whether the next step is ours: a whole request came, and no part of its answer was sent.
    ///
    /// Once the answer has begun, the next step is the client's, and a client that does not read is not worked for.
    var isBusy: Bool { unanswered > 0 && !isReading && !hasAnswerBegun }

    init(_ patience: ConnectionPatience, openedAt now: ContinuousClock.Instant) {
        self.patience = patience
        deadline = now + patience.request
    }

    mutating func headCame(now: ContinuousClock.Instant) {
        isReading = true
        hasAnswerBegun = false
        unanswered += 1
        // The first request's time includes its head; for later ones the beginning of the head is not visible here.
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
        // The next request came meanwhile.
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
    /// Its number in `places`.
    private var number: UInt64 = 0
    private var isBusy = false
    /// The last write of an answer may complete after this handler was removed.
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

    /// Schedules a check at the deadline; if the deadline moved back, the check schedules the next.
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
