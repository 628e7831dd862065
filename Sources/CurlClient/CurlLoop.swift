internal import CCurl

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// The curl thread: everything in here happens on it.
final class CurlLoop {
    private let multi: UnsafeMutableRawPointer
    private let configuration: CurlConfiguration
    private var transfers: [CurlTransferID: Transfer] = [:]
    private let watch = DeadlineWatch()

    init(multi: UnsafeMutableRawPointer, configuration: CurlConfiguration) {
        self.multi = multi
        self.configuration = configuration
    }

    func run(_ core: CurlCore) {
        blockBrokenPipeSignal()
        // The cache holds idle connections; without this libcurl keeps four for each transfer of the moment.
        _ = ccurl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, configuration.maximumIdleConnections)
        var isFinal = false
        while !isFinal {
            let batch = core.drain()
            for command in batch.commands { apply(command) }
            isFinal = batch.isFinal
            if isFinal { break }
            expire(at: .now)
            var running: Int32 = 0
            curl_multi_perform(multi, &running)
            finishDone()
            curl_multi_poll(multi, nil, 0, pollTimeoutMilliseconds(at: .now), nil)
        }
        for transfer in Array(transfers.values) {
            transfer.progress.cancel()
            finish(transfer, code: CURLE_ABORTED_BY_CALLBACK)
        }
        core.detach()
        curl_multi_cleanup(multi)
        core.stopped()
    }

    private func apply(_ command: Inbox.Command) {
        switch command {
        case .start(let id, let request, let events):
            let transfer = Transfer(id: id, request: request, startedAt: .now, watch: watch, events: events)
            guard transfer.prepare(request, configuration: configuration),
                curl_multi_add_handle(multi, transfer.easy) == CURLM_OK
            else {
                transfer.finish(code: CURLE_URL_MALFORMAT)
                return
            }
            transfers[id] = transfer
            watch.consider(transfer.progress.deadline.at)
        case .cancel(let id):
            // An unknown id is one that has ended.
            guard let transfer = transfers[id] else { return }
            transfer.progress.cancel()
            finish(transfer, code: CURLE_ABORTED_BY_CALLBACK)
        }
    }

    /// Looks after the transfers that libcurl is done with.
    private func finishDone() {
        var left: Int32 = 0
        while let message = curl_multi_info_read(multi, &left) {
            guard message.pointee.msg == CURLMSG_DONE, let easy = message.pointee.easy_handle,
                let transfer = Transfer.of(easy)
            else { continue }
            // The message dies with curl_multi_remove_handle.
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

    private func expire(at now: ContinuousClock.Instant) {
        guard watch.isDue(at: now) else { return }
        for transfer in Array(transfers.values) {
            if transfer.progress.expire(at: now) {
                finish(transfer, code: CURLE_OPERATION_TIMEDOUT)
            } else {
                watch.consider(transfer.progress.deadline.at)
            }
        }
    }

    /// libcurl shortens this by its own timers.
    private func pollTimeoutMilliseconds(at now: ContinuousClock.Instant) -> Int32 {
        guard let check = watch.next else { return 60_000 }
        let (seconds, attoseconds) = (check - now).components
        let milliseconds = seconds * 1_000 + attoseconds / 1_000_000_000_000_000 + 1
        return Int32(clamping: min(max(milliseconds, 0), 60_000))
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
