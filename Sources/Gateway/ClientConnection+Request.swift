// The way up: what is done with the bytes of a client.

import NIOCore

extension ClientConnection {
    /// Takes what can be taken from the bytes that came.
    func process() {
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
        if requests.isReadingBody {
            if !head.expectsContinue { pace.bodyBegins(at: loop.tickCount) }
            paceLook = loop.deadline(0)
            if isGathered(head) { return wait(.requestBody, loop.timeouts.idle) }
        }
        goToStable()
    }

    /// Whether a request waits here until it is complete, or too long for that.
    ///
    /// Who waits for stable's word before it sends its body is not made to wait for itself.
    private func isGathered(_ head: RequestHead) -> Bool {
        let limit = loop.configuration.gatheredBodyLimit
        guard limit > 0, !head.expectsContinue, loop.gatheredByteCount < loop.gatheredTotalLimit else { return false }
        switch head.framing {
        case .none, .untilClose: return false
        case .length(let length): return requests.pendingByteCount < min(length, limit + 1)
        case .chunked: return true
        }
    }

    /// Takes a connection to stable for the request in hand, kept or fresh.
    func goToStable() {
        letGoOfGathered()
        if let ongoing, ongoing.exchange.mayUseKeptConnection, loop.hasReplayRoom, let kept = loop.takeKept() {
            upstream = kept
            kept.serve(self)
            ongoing.exchange.connected(isKept: true)
            waitForStable()
        } else {
            connectFresh()
        }
    }

    /// Adds to what waits for the rest of its request; copied together, so that no read buffer is held for a few bytes.
    private func gather(_ raw: ByteBuffer) {
        guard ongoing != nil else { return }
        requestStage.writeImmutableBuffer(raw)
        gatheredByteCount += raw.readableBytes
        loop.gatheredByteCount += raw.readableBytes
        if gatheredByteCount > loop.configuration.gatheredBodyLimit || loop.gatheredByteCount > loop.gatheredTotalLimit
        {
            goToStable()
        }
    }

    /// Keeps what is kept for sending again within its bounds.
    ///
    /// While there is no connection, reading is held back instead (`holdsClientBack`). On a kept one the request goes on, and
    /// is not sent again any more: should that connection die now, its client gets a 502.
    private func boundReplay() {
        guard let ongoing, upstream?.isOpen == true else { return }
        // Each piece is counted with the whole buffer that it was read into.
        guard !loop.hasReplayRoom || ongoing.replayByteCount > 2 * loop.configuration.replayLimit else { return }
        letGoOfReplay()
        ongoing.holdsReplay = false
        ongoing.exchange.connected(isKept: false)
    }

    /// The request in hand need not be sent again.
    func letGoOfReplay() {
        guard let ongoing else { return }
        loop.replayByteCount -= ongoing.replayByteCount
        ongoing.replay = []
        ongoing.replayByteCount = 0
    }

    /// What was gathered is on its way, or given up.
    func letGoOfGathered() {
        loop.gatheredByteCount -= gatheredByteCount
        gatheredByteCount = 0
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
        guard upstream != nil else { return gather(raw) }
        if requestStage.readableBytes > 0, raw.readableBytes <= min(requestStage.writableBytes, Self.gatherLimit) {
            requestStage.writeImmutableBuffer(raw)
            return
        }
        unstageRequest()
        handOver(raw)
    }

    func unstageRequest() {
        guard requestStage.readableBytes > 0 else { return }
        let bytes = requestStage
        requestStage = ByteBuffer()
        requestSpare = bytes.storageCapacity <= Self.spareLimit ? bytes : ByteBuffer()
        handOver(bytes)
    }

    func handOver(_ bytes: ByteBuffer) {
        guard let holdsReplay = ongoing?.holdsReplay else { return }
        if holdsReplay {
            let byteCount = bytes.storageCapacity + Self.sliceByteCount
            ongoing?.replay.append(bytes)
            ongoing?.replayByteCount += byteCount
            loop.replayByteCount += byteCount
            boundReplay()
        }
        if let upstream, upstream.isOpen { upstream.write(bytes) }
    }

    func flushToUpstream() {
        // Without a connection the request is still being gathered.
        guard let upstream else { return }
        unstageRequest()
        upstream.flush()
    }

    func requestEnded() {
        guard let ongoing else { return }
        ongoing.exchange.requestEnded()
        paceLook = .max
        if case .requestBody = waiting { wait(.answer, loop.timeouts.answer) }
        guard !ongoing.exchange.isAnsweredEarly else { return }
        if upstream == nil { goToStable() }
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
