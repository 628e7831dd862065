// Loss of the connection to the upstream, and the gateway's own answers.

import NIOCore

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// The C structure; inside `ClientConnection` its name means the method.
private typealias SocketLinger = linger

extension ClientConnection {
    func upstreamLost(_ connection: UpstreamConnection, _ loss: UpstreamLoss) {
        guard connection === upstream else { return }
        upstream = nil
        recover(loss)
    }

    func recover(_ loss: UpstreamLoss) {
        guard let ongoing else { return }
        switch ongoing.exchange.upstreamLost(loss) {
        case .retry:
            loop.counters.upstreamRetries += 1
            connectFresh()
        case .answer(let answer, let end):
            let keepsAlive = ongoing.exchange.keepsClientAfterOwnAnswer(isStopping: loop.isStopping)
            let isHead = ongoing.record.head.line.knownMethod == .head
            self.ongoing?.record.status = answer.status
            finish(end, .answeredEarly)
            answerInOwnName(answer, keepsAlive: keepsAlive, isAnswerToHead: isHead)
        case .cut(let end, let reset):
            finish(end, .answeredEarly)
            flushToClient()
            if reset { resetAfterFlush() } else { linger() }
        }
    }

    /// Closes with a reset, once everything received has gone out.
    ///
    /// A reset is the only sign to the client that an answer without a length was cut off.
    func resetAfterFlush() {
        guard case .open = phase, let context else { return }
        phase = .lingering
        readingPace = ReadingPace()
        wait(.clientToRead, loop.timeouts.idle)
        let promise = context.eventLoop.makePromise(of: Void.self)
        promise.futureResult.assumeIsolated().whenComplete { [weak self] _ in
            self?.resetNow()
        }
        context.writeAndFlush(wrapOutboundOut(ByteBuffer()), promise: promise)
    }

    /// Closes with a reset; what has not gone out is lost.
    func resetNow() {
        if let options = context?.channel as? any SocketOptionProvider {
            // SO_LINGER with no time makes close(2) send RST in place of FIN.
            _ = options.setSoLinger(SocketLinger(l_onoff: 1, l_linger: 0))
        }
        close()
    }

    func answerInOwnName(_ answer: GatewayAnswer, keepsAlive: Bool, isAnswerToHead: Bool) {
        guard case .open = phase else { return }
        if case .refused = answer { loop.counters.refusals += 1 }
        if ongoing == nil, firstByteAt != nil { loop.counters.answersByClass[answer.status / 100] += 1 }
        if answerStage.readableBytes == 0 { answerStage = ByteBufferAllocator().buffer(capacity: 512) }
        let errorBody = loop.configuration.errorBody
        answer.write(keepsAlive: keepsAlive, isAnswerToHead: isAnswerToHead, errorBody, into: &answerStage)
        flushToClient()
        if keepsAlive { nextRequest() } else { linger() }
    }
}
