// The way up: what is done with the bytes of a client.

import NIOCore

extension ClientConnection {
    /// Takes what can be taken from the bytes that came.
    func process() {
        while case .open = phase {
            switch requests.next() {
            case .needMore:
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
        let model = configuration.routing.model(for: head)
        let keepsBody = requests.isReadingBody && loop.tap.wantsBody(of: head)
        if keepsBody { requests.recordPayload() }
        let exchange = ExchangeState(head, replayLimit: configuration.replayLimit)
        ongoing = Ongoing(
            exchange: exchange,
            record: ExchangeRecord(
                head: head,
                servedBy: model,
                firstByteAt: firstByteAt ?? .now,
                keepsBody: keepsBody
            ),
            answer: AnswerReader(isAnswerToHead: head.line.knownMethod == .head)
        )
        let bodyRoom = min(requests.pendingByteCount, Self.gatherLimit)
        swap(&requestStage, &requestSpare)
        requestStage.clear(minimumCapacity: head.fields.bytes.readableBytes + 256 + bodyRoom)
        head.write(loop.rewriting, clientAddress: clientAddress, isTrusted: isTrustedProxy, into: &requestStage)
        if exchange.mayUseKeptConnection, let kept = loop.takeKept() {
            upstream = kept
            kept.serve(self)
            ongoing?.exchange.connected(isKept: true)
            waitForStable()
        } else {
            connectFresh()
        }
    }

    func connectFresh() {
        waitForNothing()
        let connection = loop.makeConnection()
        connection.client = self
        upstream = connection
        loop.open(connection)
    }

    /// Sets the deadline that fits what is now waited for.
    func waitForStable() {
        if requests.isReadingBody {
            wait(.requestBody, loop.timeouts.idle)
        } else {
            wait(.answer, loop.timeouts.answer)
        }
    }

    /// Passes request bytes on: small ones together with the head, at the next flush.
    func pass(_ raw: ByteBuffer) {
        if requestStage.readableBytes > 0, raw.readableBytes <= min(requestStage.writableBytes, Self.gatherLimit) {
            requestStage.writeImmutableBuffer(raw)
            return
        }
        unstageRequest()
        handOver(raw)
    }

    func unstageRequest() {
        guard requestStage.readableBytes > 0 else { return }
        requestSpare = requestStage
        requestStage = ByteBuffer()
        handOver(requestSpare)
    }

    func handOver(_ bytes: ByteBuffer) {
        guard let holdsReplay = ongoing?.holdsReplay else { return }
        if holdsReplay {
            ongoing?.replay.append(bytes)
            ongoing?.replayByteCount += bytes.readableBytes
        }
        if let upstream, upstream.isOpen { upstream.write(bytes) }
    }

    func flushToUpstream() {
        unstageRequest()
        upstream?.flush()
    }

    func requestEnded() {
        guard let ongoing else { return }
        ongoing.exchange.requestEnded()
        if case .requestBody = waiting { wait(.answer, loop.timeouts.answer) }
        guard !ongoing.exchange.isAnsweredEarly else { return }
        // Stable first; then those who only listen.
        flushToUpstream()
        // A flush that fails ends the exchange, and the next of the connection may have begun meanwhile.
        guard self.ongoing === ongoing else { return }
        ongoing.record.offer(
            to: loop.tap,
            bodyByteCount: requests.framing.payloadByteCount,
            clientAddress: clientAddress
        )
    }

    /// Answers a request that is not passed on, or no further.
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
