// The end of an exchange: the next request, an orderly close, or a time-out.

import NIOCore

extension ClientConnection {
    /// The exchange is over: releases the upstream and reports to the tap and the observer.
    ///
    /// - Parameters:
    ///   - end: How the answer ended.
    ///   - reason: Why the request is abandoned, if it was never offered to the tap.
    func finish(_ end: AnswerEnd, _ reason: AbandonedReason) {
        guard let ongoing else { return }
        letGoOfReplay()
        self.ongoing = nil
        requestStage = ByteBuffer()
        letGoOfGathered()
        paceLook = .max
        firstByteAt = nil
        waitForNothing()
        upstream?.close()
        upstream = nil
        ongoing.record.dropBody(loop.tap)
        let record = ongoing.record
        let now = ContinuousClock.now
        if let status = record.status { loop.counters.answersByClass[min(status / 100, 9)] += 1 }
        if end == .clientCancelled { loop.counters.clientCancellations += 1 }
        record.answerTap?.finished(end, at: now)
        if !record.wasOffered { loop.tap.requestAbandoned(reason, head: record.head) }
        loop.observer?.exchangeFinished(
            ExchangeSummary(
                status: record.status,
                duration: now - record.firstByteAt,
                timeToHead: record.headAt.map { $0 - record.firstByteAt },
                end: end,
                servedBy: ongoing.route.upstream.name,
                loopIndex: loop.index
            )
        )
    }

    func nextRequest() {
        guard case .open = phase else { return }
        requests.startNext()
        if requests.isBetweenRequests {
            readingPace = ReadingPace()
            wait(.nextRequest, loop.timeouts.idle)
        } else {
            requestBegins()
            process()
            flushToUpstream()
        }
        resumeReading()
    }

    /// Closes the sending side and reads on for a while, so that the client can read its answer.
    ///
    /// RFC 9112 section 9.6: closing while the client is still sending would reset the connection and could destroy the
    /// answer in transit.
    func linger() {
        guard case .open = phase, let context else { return }
        phase = .lingering
        readingPace = ReadingPace()
        wait(.clientToRead, loop.timeouts.idle)
        let promise = context.eventLoop.makePromise(of: Void.self)
        promise.futureResult.assumeIsolated().whenComplete { [weak self] result in
            guard let self, case .lingering = self.phase else { return }
            if case .failure = result { return self.close() }
            self.wait(.linger, self.loop.timeouts.linger)
        }
        context.close(mode: .output, promise: promise)
        resumeReading()
    }

    /// Checks whether the current request arrives too slowly, or the deadline has passed.
    func checkDeadline() {
        if paceLook <= loop.tickCount { lookAtPace() }
        guard deadline <= loop.tickCount else { return }
        switch waiting {
        case .nothing:
            waitForNothing()
        case .nextRequest, .clientToRead:
            if clientStillReads() {
                deadline = loop.deadline(loop.timeouts.idle)
                return
            }
            close()
        case .requestHead:
            refuse(.requestTimeout)
        case .requestBody:
            // The client is the silent side, unless it is held back because the upstream takes no more.
            if holdsClientBack { recover(.silent) } else { refuse(.requestTimeout) }
        case .handshake:
            recover(.connectTimedOut)
        case .answer:
            recover(.silent)
        case .linger:
            close()
        }
    }

    private func lookAtPace() {
        guard case .open = phase, requests.isReadingBody else {
            paceLook = .max
            return
        }
        let byteCount = requests.framing.payloadByteCount
        switch pace.look(at: loop.tickCount, byteCount: byteCount, limits: loop.timeouts.request) {
        case .goOn(let tick): paceLook = tick
        case .tooSlow: refuse(.requestTimeout)
        }
    }

    /// Whether the client took enough of what is queued for it since the last look.
    func clientStillReads() -> Bool {
        guard let options = context?.channel.syncOptions,
            let buffered = try? options.getOption(.bufferedWritableBytes), buffered > 0
        else {
            return false
        }
        let leastBytes = loop.timeouts.request.bytesPerTick * Double(loop.timeouts.idle)
        return readingPace.look(buffered: buffered, leastBytes: Int(min(leastBytes, 1e15)))
    }

    /// The gateway is stopping: an unused connection closes now, any other after its answer.
    func drain() {
        if case .open = phase, ongoing == nil, requests.isBetweenRequests, firstByteAt == nil {
            flushToClient()
            close()
        }
    }

    /// The time to finish is over.
    func cut() {
        if let exchange = ongoing?.exchange {
            finish(.stopped, .stopped)
            if exchange.isCutOnlyByReset { return resetNow() }
        } else if case .open = phase, firstByteAt != nil {
            firstByteAt = nil
            loop.tap.requestAbandoned(.stopped, head: nil)
        }
        close()
    }
}
