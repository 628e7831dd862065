internal import CCurl
import Threads

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// The work of the curl thread; used on it only.
final class CurlLoop {
    private let multi: UnsafeMutableRawPointer
    private let configuration: CurlConfiguration
    private var transfers: [CurlTransferID: Transfer] = [:]
    private let deadlines = DeadlineWatch()
    private let ration = Ration(at: .now)
    private let sockets: SocketWatch

    init(multi: UnsafeMutableRawPointer, bell: Bell, configuration: CurlConfiguration) {
        self.multi = multi
        self.configuration = configuration
        sockets = SocketWatch(bell: bell)
        sockets.attach(to: multi)
    }

    func run(_ core: CurlCore) {
        blockBrokenPipeSignal()
        // The cache holds idle connections; by default libcurl keeps four for each current transfer.
        _ = ccurl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, configuration.maximumIdleConnections)
        var isFinal = false
        var turns = Turns()
        while !isFinal {
            let batch = core.drain()
            for command in batch.commands {
                apply(command)
                turns.pieceDone()
            }
            isFinal = batch.isFinal
            if isFinal { break }
            let now = ContinuousClock.now
            expire(at: now)
            goOn(at: now, &turns)
            // Adding a transfer sets the timer to run out at once.
            if sockets.isTimerDue(at: now) { act(on: CURL_SOCKET_TIMEOUT) }
            // Right before the wait, so that `workBegins` measures the wait alone.
            turns.pieceDone()
            let ready = sockets.wait(until: [deadlines.next, ration.next].compactMap(\.self).min())
            turns.workBegins()
            for one in ready {
                act(on: one.socket, one.mask)
                turns.pieceDone()
            }
        }
        for transfer in Array(transfers.values) {
            transfer.progress.cancel()
            finish(transfer, code: CURLE_ABORTED_BY_CALLBACK)
        }
        // It may call back while it closes connections.
        _ = withExtendedLifetime(sockets) { curl_multi_cleanup(multi) }
        core.detach()
    }

    private func act(on socket: Int32, _ mask: Int32 = 0) {
        var running: Int32 = 0
        curl_multi_socket_action(multi, socket, mask, &running)
        finishDone()
    }

    private func apply(_ command: Inbox.Command) {
        switch command {
        case .start(let id, let request, let events):
            let transfer = Transfer(
                id: id,
                request: request,
                startedAt: .now,
                watch: deadlines,
                ration: ration,
                events: events
            )
            guard transfer.prepare(request, configuration: configuration),
                curl_multi_add_handle(multi, transfer.easy) == CURLM_OK
            else {
                transfer.finish(code: CURLE_URL_MALFORMAT)
                return
            }
            transfers[id] = transfer
            deadlines.consider(transfer.progress.deadline.at)
        case .cancel(let id):
            // An unknown id is one that has ended.
            guard let transfer = transfers[id] else { return }
            transfer.progress.cancel()
            finish(transfer, code: CURLE_ABORTED_BY_CALLBACK)
        }
    }

    /// Finishes the transfers that libcurl reports as done.
    private func finishDone() {
        var left: Int32 = 0
        while let message = curl_multi_info_read(multi, &left) {
            guard message.pointee.msg == CURLMSG_DONE, let easy = message.pointee.easy_handle,
                let transfer = Transfer.of(easy)
            else { continue }
            // The message is invalid after curl_multi_remove_handle.
            let code = ccurl_message_result(message)
            finish(transfer, code: code)
        }
    }

    private func finish(_ transfer: Transfer, code: CURLcode) {
        transfers[transfer.id] = nil
        transfer.finish(code: code) { easy in
            curl_multi_remove_handle(multi, easy)
        }
    }

    /// Resumes paused transfers, as far as the ration allows.
    private func goOn(at now: ContinuousClock.Instant, _ turns: inout Turns) {
        while let id = ration.release(at: now) {
            guard let transfer = transfers[id], let easy = transfer.easy else { continue }
            let code = curl_easy_pause(easy, CURLPAUSE_CONT)
            if code != CURLE_OK { finish(transfer, code: code) }
            turns.pieceDone()
        }
    }

    private func expire(at now: ContinuousClock.Instant) {
        guard deadlines.isDue(at: now) else { return }
        for transfer in Array(transfers.values) {
            if transfer.progress.expire(at: now) {
                finish(transfer, code: CURLE_OPERATION_TIMEDOUT)
            } else {
                deadlines.consider(transfer.progress.deadline.at)
            }
        }
    }

    /// libcurl's own writes never raise SIGPIPE, but those of the TLS library do; with CURLOPT_NOSIGNAL libcurl
    /// leaves it to us.
    private func blockBrokenPipeSignal() {
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGPIPE)
        pthread_sigmask(SIG_BLOCK, &signals, nil)
    }
}
