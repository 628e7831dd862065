// Reading the client's request and passing it on.

import NIOCore

extension ClientConnection {
    /// Handles the events that the received bytes give.
    func process() {
        requests.confinesPaths = loop.routes.confinesPaths
        while case .open = phase {
            switch requests.next() {
            case .needMore:
                ongoing?.record.reserve(from: loop.tap)
                return
            case .head(let head):
                begin(head)
            case .body(let raw):
                ongoing?.record.noteBody(raw, requests.framing)
                pass(raw)
                if case .requestBody = waiting { wait(.requestBody, loop.timeouts.idle) }
            case .end:
                requestEnded()
            case .refuse(let refusal):
                refuse(refusal)
            }
        }
    }

    func begin(_ head: RequestHead) {
        loop.counters.requests += 1
        let configuration = loop.configuration
        let route = loop.routes.choose(for: head)
        let keepsBody = requests.isReadingBody && loop.tap.wantsBody(of: head)
        if keepsBody { requests.recordPayload() }
        let exchange = ExchangeState(head, replayLimit: configuration.replayLimit)
        ongoing = Ongoing(
            route: route,
            exchange: exchange,
            record: ExchangeRecord(head: head, firstByteAt: firstByteAt ?? .now, keepsBody: keepsBody),
            answer: AnswerReader(isAnswerToHead: head.line.knownMethod == .head)
        )
        let bodyRoom = min(requests.pendingByteCount, Self.gatherLimit)
        swap(&requestStage, &requestSpare)
        requestStage.clear(minimumCapacity: head.fields.bytes.readableBytes + 256 + bodyRoom)
        head.write(route.rewriting, clientAddress: clientAddress, isTrusted: isTrustedProxy, into: &requestStage)
        if requests.isReadingBody {
            if !head.expectsContinue { pace.bodyBegins(at: loop.tickCount) }
            paceLook = loop.deadline(0)
            if isGathered(head) { return wait(.requestBody, loop.timeouts.idle) }
        }
        goToUpstream()
    }

    /// Whether a request waits here until it is complete, or too long for that.
    private func isGathered(_ head: RequestHead) -> Bool {
        let limit = loop.configuration.gatheredBodyLimit
        guard loop.gatheredByteCount < loop.gatheredTotalLimit else { return false }
        return ExchangeState.isGathered(head, pendingByteCount: requests.pendingByteCount, limit: limit)
    }

    /// Adds to the gathered bytes of an unfinished request; copied together, so that no read buffer is held for a few bytes.
    func gather(_ raw: ByteBuffer) {
        guard ongoing != nil else { return }
        requestStage.writeImmutableBuffer(raw)
        gatheredByteCount += raw.readableBytes
        loop.gatheredByteCount += raw.readableBytes
        if gatheredByteCount > loop.configuration.gatheredBodyLimit || loop.gatheredByteCount > loop.gatheredTotalLimit
        {
            goToUpstream()
        }
    }

    /// The gathered bytes were passed on, or dropped.
    func letGoOfGathered() {
        loop.gatheredByteCount -= gatheredByteCount
        gatheredByteCount = 0
    }

    func requestEnded() {
        guard let ongoing else { return }
        ongoing.exchange.requestEnded()
        paceLook = .max
        if case .requestBody = waiting { wait(.answer, loop.timeouts.answer) }
        guard !ongoing.exchange.isAnsweredEarly else { return }
        if upstream == nil { goToUpstream() }
        // The upstream first, the tap afterwards.
        flushToUpstream()
        // A failed flush ends the exchange, and the next one on this connection may have begun meanwhile.
        guard self.ongoing === ongoing else { return }
        ongoing.record.offer(
            to: loop.tap,
            bodyByteCount: requests.framing.payloadByteCount,
            clientAddress: clientAddress,
            servedBy: ongoing.route.upstream.name
        )
    }

    /// Answers a request that is not passed on, or not to its end.
    func refuse(_ refusal: Refusal) {
        guard let ongoing else {
            loop.tap.requestAbandoned(.refused, head: nil)
            return answerInOwnName(.refused(refusal), keepsAlive: false, isAnswerToHead: false)
        }
        let wasStreaming = ongoing.exchange.isAnswerStreaming
        let mustReset = ongoing.exchange.isCutOnlyByReset
        let isHead = ongoing.record.head.line.knownMethod == .head
        if !wasStreaming { self.ongoing?.record.status = GatewayAnswer.refused(refusal).status }
        finish(.upstreamCut, .refused)
        if wasStreaming {
            flushToClient()
            if mustReset { resetAfterFlush() } else { linger() }
        } else {
            answerInOwnName(.refused(refusal), keepsAlive: false, isAnswerToHead: isHead)
        }
    }
}
