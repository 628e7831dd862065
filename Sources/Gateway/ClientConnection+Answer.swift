// Passing the answer back: what is done with the bytes of an upstream.

import Logging
import NIOCore

extension ClientConnection {
    /// Whether nothing more is to be read from the upstream for now.
    var holdsUpstreamBack: Bool {
        guard let writer else { return false }
        return !writer.isWritable
    }

    func upstreamRead(_ connection: UpstreamConnection, _ bytes: ByteBuffer) {
        guard connection === upstream, let hasBegun = ongoing?.exchange.hasAnswerBegun else { return }
        if !hasBegun {
            ongoing?.exchange.answerBytesCame()
            letGoOfReplay()
        }
        ongoing?.answer.receive(bytes)
        switch waiting {
        case .answer: wait(.answer, loop.timeouts.answer)
        case .requestBody: wait(.requestBody, loop.timeouts.idle)
        default: break
        }
        while let event = ongoing?.answer.next() {
            switch event {
            case .needMore:
                return
            case .informational(let head):
                // The word that a client waits for before it sends its body; no other 1xx is.
                if head.status == 100 { pace.bodyBegins(at: loop.tickCount) }
                if let rewriting = ongoing?.exchange.informational() { stage(head, rewriting, modelVersion: nil) }
            case .head(let head):
                answerBegins(head)
            case .body(let raw):
                passAnswer(raw)
            case .end:
                return answerEnded()
            case .broken(let fault):
                let name = ongoing?.route.upstream.name.text ?? ""
                loop.logger.warning("\(name)'s answer is not valid HTTP", metadata: ["fault": "\(fault)"])
                return recover(.malformed)
            }
        }
    }

    func upstreamReadComplete() {
        flushToClient()
    }

    /// The upstream closed its sending side in good order.
    ///
    /// - Returns: Whether this ended the answer properly.
    func upstreamInputEnded(_ connection: UpstreamConnection) -> Bool {
        guard connection === upstream, let isEnd = ongoing?.answer.inputEnded(), isEnd else { return false }
        answerEnded()
        return true
    }

    func stage(_ head: ResponseHead, _ rewriting: ResponseRewriting, modelVersion: String?) {
        let room = head.fields.bytes.readableBytes + 128
        if answerStage.readableBytes == 0 {
            swap(&answerStage, &answerSpare)
            answerStage.clear(minimumCapacity: room + 1024)
        }
        head.write(rewriting, modelVersion: modelVersion, into: &answerStage)
    }

    func answerBegins(_ head: ResponseHead) {
        guard let ongoing else { return }
        let plan = ongoing.exchange.answerHead(head, isStopping: loop.isStopping)
        stage(head, plan.rewriting, modelVersion: ongoing.route.upstream.version)
        let now = ContinuousClock.now
        ongoing.record.headAt = now
        ongoing.record.status = head.status
        ongoing.dechunks = plan.dechunks
        ongoing.isEventStream = head.isEventStream
        if ongoing.exchange.isAnsweredEarly { ongoing.record.dropBody(loop.tap) }
        if let answerTap = ongoing.record.answerTap, answerTap.isListening {
            ongoing.isHeard = true
            answerTap.answerHead(status: head.status, headers: head.fields, at: now)
        }
        if plan.dechunks || ongoing.isHeard { ongoing.answer.recordPayload() }
    }

    func passAnswer(_ raw: ByteBuffer) {
        guard let ongoing else { return }
        if ongoing.dechunks {
            ExchangeRecord.forEachPayload(of: raw, ongoing.answer.framing) { send($0) }
        } else {
            send(raw)
        }
        guard ongoing.isHeard, let answerTap = ongoing.record.answerTap else { return }
        guard answerTap.isListening else {
            ongoing.isHeard = false
            ongoing.answer.recordPayload(ongoing.dechunks)
            return
        }
        let now = ContinuousClock.now
        ExchangeRecord.forEachPayload(of: raw, ongoing.answer.framing) { answerTap.answerBytes($0, at: now) }
    }

    func send(_ bytes: ByteBuffer) {
        if answerStage.readableBytes > 0, bytes.readableBytes <= min(answerStage.writableBytes, Self.gatherLimit) {
            answerStage.writeImmutableBuffer(bytes)
            return
        }
        unstageAnswer()
        writer?.write(bytes)
    }

    func unstageAnswer() {
        guard answerStage.readableBytes > 0, let writer else { return }
        let bytes = answerStage
        answerStage = ByteBuffer()
        answerSpare = bytes.storageCapacity <= Self.spareLimit ? bytes : ByteBuffer()
        writer.write(bytes)
    }

    func flushToClient() {
        unstageAnswer()
        writer?.flush()
    }

    func answerEnded() {
        guard let ongoing else { return }
        let next = ongoing.exchange.afterAnswer(
            isStopping: loop.isStopping,
            strayBytes: ongoing.answer.hasStrayBytes
        )
        if next.keepsUpstream, let upstream, upstream.isOpen {
            self.upstream = nil
            upstream.client = nil
            loop.keep(upstream, afterEventStream: ongoing.isEventStream)
        }
        // The user's last bytes first, the tap afterwards.
        flushToClient()
        finish(.complete, .answeredEarly)
        if next.keepsClient { nextRequest() } else { linger() }
    }
}
