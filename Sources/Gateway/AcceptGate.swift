// Pauses `accept` while no further client may connect.
//
// On the listening channel: `AdmissionState` decides, this switches the channel's reading off and on. Not reading would not be
// enough: NIO goes on polling a listener whose last `accept` failed, because such a read stays pending
// (swift-nio, ServerSocketChannel.readFromSocket), and epoll reports the waiting client again and again.

import Logging
import NIOCore
import Threads

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// The admission state, shared by the listener and all loops; locked once when a client comes and once when it leaves.
package final class Admission: Sendable {
    private struct Shared {
        var state: AdmissionState
        /// Makes the listener ask again.
        var wake: (@Sendable () -> Void)?
    }

    private let shared: Locked<Shared>
    let countsAddresses: Bool

    init(limit: Int, limitPerAddress: Int) {
        let state = AdmissionState(limit: limit, limitPerAddress: limitPerAddress)
        countsAddresses = state.countsAddresses
        shared = Locked(Shared(state: state))
    }

    /// What was counted so far, from any thread.
    package var figures: AdmissionFigures { shared.withLock { $0.state.figures } }

    func change<Result: Sendable>(_ body: (inout AdmissionState) -> Result) -> Result {
        shared.withLock { body(&$0.state) }
    }

    func wakes(by wake: (@Sendable () -> Void)?) {
        shared.withLock { $0.wake = wake }
    }

    func left(_ address: ClientAddress?) {
        let wake = shared.withLock { $0.state.left(address) ? $0.wake : nil }
        wake?()
    }
}

final class AcceptGate: ChannelDuplexHandler {
    typealias InboundIn = any Channel
    typealias InboundOut = any Channel
    typealias OutboundIn = Never
    typealias OutboundOut = Never

    /// Connections accepted in one go where there is room; NIO's own number.
    private static let atOnce = 4

    private let admission: Admission
    private let logger: Logger
    /// What to say of the limit that is reached.
    private let limitName: String
    private var context: ChannelHandlerContext?
    private var isPaused = false
    private var accepts = AcceptGate.atOnce
    private var looking: RepeatedTask?

    init(_ admission: Admission, limitName: String, logger: Logger) {
        self.admission = admission
        self.limitName = limitName
        self.logger = logger
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        let eventLoop = context.eventLoop
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        admission.wakes { eventLoop.execute { bound.value.goOn() } }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        admission.wakes(by: nil)
        looking?.cancel()
        looking = nil
    }

    func channelInactive(context: ChannelHandlerContext) {
        admission.wakes(by: nil)
        looking?.cancel()
        looking = nil
        context.fireChannelInactive()
    }

    func read(context: ChannelHandlerContext) {
        if mayRead(context) { context.read() }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let channel = unwrapInboundIn(data)
        let address = admission.countsAddresses ? channel.remoteAddress.flatMap { ClientAddress($0) } : nil
        let (stays, notice) = admission.change { $0.accepted(from: address, at: .now) }
        guard stays else {
            say(notice)
            // Without an answer: over TLS none can be sent yet, and a client with this many connections would not read it.
            return channel.close(promise: nil)
        }
        let admission = admission
        // Runs once, however the connection ends, after its descriptor is closed.
        channel.closeFuture.whenComplete { _ in admission.left(address) }
        context.fireChannelRead(data)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard let error = error as? IOError, [EMFILE, ENFILE, ENOBUFS, ENOMEM].contains(error.errnoCode) else {
            return context.fireErrorCaught(error)
        }
        let code = error.errnoCode
        say(admission.change { $0.failed(code, at: .now) })
        pause(context)
    }

    /// Whether there is room; sets how many connections one read accepts.
    private func mayRead(_ context: ChannelHandlerContext) -> Bool {
        let (room, notice) = admission.change { $0.room(at: .now) }
        say(notice)
        guard room > 0 else {
            pause(context)
            return false
        }
        let accepts = min(Self.atOnce, room)
        if accepts != self.accepts {
            self.accepts = accepts
            try? context.channel.syncOptions?.setOption(.maxMessagesPerRead, value: UInt(accepts))
        }
        return true
    }

    private func pause(_ context: ChannelHandlerContext) {
        guard !isPaused else { return }
        isPaused = true
        try? context.channel.syncOptions?.setOption(.autoRead, value: false)
    }

    /// Accepts again, if there is room.
    private func goOn() {
        guard isPaused, let context, context.channel.isActive, mayRead(context) else { return }
        isPaused = false
        try? context.channel.syncOptions?.setOption(.autoRead, value: true)
    }

    private func look() {
        let (goesOn, notice) = admission.change { $0.look(at: .now) }
        say(notice)
        if goesOn { goOn() }
    }

    private func say(_ notice: AdmissionNotice?) {
        switch notice {
        case nil: return
        case .full(let limit):
            logger.warning(
                "\(limit) clients are connected, the most that \(limitName); the next ones wait until some leave."
            )
        case .outOfDescriptors(let code):
            logger.warning(
                """
                The system has nothing left for a new client (\(String(cString: strerror(code)))); accepting pauses and is \
                tried again every second.
                """
            )
        case .addressFull(let limit):
            logger.warning(
                """
                A client has \(limit) connections, the most that limits.connections_per_address allows; further ones are \
                closed. Behind a proxy all clients have its address.
                """
            )
        case .over:
            looking?.cancel()
            looking = nil
            logger.notice("Clients are accepted again as they come.")
            return
        }
        guard looking == nil, let eventLoop = context?.eventLoop else { return }
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        let delay = TimeAmount(AdmissionState.retryDelay)
        looking = eventLoop.scheduleRepeatedTask(initialDelay: delay, delay: delay) { _ in bound.value.look() }
    }
}
