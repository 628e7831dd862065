// The connection to an upstream: taking one, and sending the request on it, once more if the first one was lost.

import NIOCore

extension ClientConnection {
    // MARK: The connection

    /// Takes a connection to the upstream for the current request, kept or fresh.
    func goToUpstream() {
        letGoOfGathered()
        if let ongoing, ongoing.exchange.mayUseKeptConnection, loop.hasReplayRoom,
            let kept = loop.takeKept(ongoing.route.pool)
        {
            upstream = kept
            kept.serve(self)
            ongoing.exchange.connected(isKept: true)
            waitForUpstream()
        } else {
            connectFresh()
        }
    }

    func connectFresh() {
        guard let ongoing else { return }
        waitForNothing()
        let connection = loop.makeConnection(ongoing.route)
        connection.client = self
        upstream = connection
        loop.open(connection)
    }

    func upstreamConnected(_ connection: UpstreamConnection, isWaitingForHandshake: Bool) {
        guard connection === upstream, let ongoing else { return connection.close() }
        ongoing.exchange.connected(isKept: false)
        unstageRequest()
        let slices = ongoing.replay.slices
        letGoOfReplay()
        if isWaitingForHandshake {
            wait(.handshake, loop.timeouts.connect)
        } else {
            waitForUpstream()
        }
        for (index, bytes) in slices.enumerated() {
            if index == 0 { connection.writeFirst(bytes) } else { connection.write(bytes) }
        }
        connection.flush()
        resumeReading()
    }

    /// The upstream took the first bytes: over TLS the handshake is done.
    func upstreamAccepted() {
        if case .handshake = waiting { waitForUpstream() }
        resumeReading()
    }

    func upstreamWritabilityChanged() {
        if case .requestBody = waiting { wait(.requestBody, loop.timeouts.idle) }
        resumeReading()
    }

    /// Sets the deadline for the current wait.
    func waitForUpstream() {
        if requests.isReadingBody {
            wait(.requestBody, loop.timeouts.idle)
        } else {
            wait(.answer, loop.timeouts.answer)
        }
    }

    // MARK: The request's bytes

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
        guard let ongoing else { return }
        if ongoing.replay.isKept {
            loop.replayByteCount += ongoing.replay.append(bytes)
            boundReplay()
        }
        if let upstream, upstream.isOpen { upstream.write(bytes) }
    }

    func flushToUpstream() {
        // Without a connection, the request is still being gathered.
        guard let upstream else { return }
        unstageRequest()
        upstream.flush()
    }

    /// Keeps the replay within its bounds.
    ///
    /// Without a connection, reading is paused instead (`holdsClientBack`). On a kept one the request goes on but can no longer
    /// be sent again: if that connection is lost now, the client gets a 502.
    private func boundReplay() {
        guard let ongoing, upstream?.isOpen == true else { return }
        let limit = loop.configuration.replayLimit
        guard ongoing.replay.isTooMuch(limit: limit, hasRoom: loop.hasReplayRoom) else { return }
        letGoOfReplay()
        ongoing.exchange.connected(isKept: false)
    }

    /// The current request need not be sent again.
    func letGoOfReplay() {
        guard let ongoing else { return }
        loop.replayByteCount -= ongoing.replay.end()
    }
}
