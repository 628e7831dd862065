internal import CCurl

/// One easy handle with its state; used on the curl thread only.
final class Transfer {
    let id: CurlTransferID
    let easy: UnsafeMutableRawPointer?
    var progress: TransferProgress
    private let watch: DeadlineWatch
    private let ration: Ration
    private let events: @Sendable (CurlEvent) -> Void
    private let isTLS: Bool
    private var headParser = ResponseHeadParser()
    private var headerList: UnsafeMutablePointer<curl_slist>?

    init(
        id: CurlTransferID,
        request: CurlRequest,
        startedAt: ContinuousClock.Instant,
        watch: DeadlineWatch,
        ration: Ration,
        events: @escaping @Sendable (CurlEvent) -> Void
    ) {
        self.id = id
        self.watch = watch
        self.ration = ration
        self.events = events
        isTLS = request.url.lowercased().hasPrefix("https:")
        easy = curl_easy_init()
        progress = TransferProgress(
            startedAt: startedAt,
            timeouts: request.timeouts,
            maximumResponseBytes: request.maximumResponseBytes
        )
    }

    /// The transfer of an easy handle that `prepare` has set up.
    static func of(_ easy: UnsafeMutableRawPointer) -> Transfer? {
        var context: UnsafeMutableRawPointer?
        guard ccurl_easy_get_pointer(easy, CURLINFO_PRIVATE, &context) == CURLE_OK, let context else { return nil }
        return Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
    }

    /// For TLS 1.2: forward secrecy and authenticated encryption (RFC 9325 section 4.2), as the gateway asks of stable.
    private static let cipherSuites = """
        ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:\
        ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305
        """

    /// Sets every option; false if the request is malformed.
    ///
    /// The handle refers to this transfer without retaining it: the loop holds it until `finish` has freed the handle.
    func prepare(_ request: CurlRequest, configuration: CurlConfiguration) -> Bool {
        guard let easy, isToken(request.method), !request.url.utf8.contains(where: { $0 <= 32 || $0 == 127 }),
            let lines = headerLines(request.headers, hasBody: request.body != nil)
        else { return false }
        for line in lines {
            guard let longer = curl_slist_append(headerList, line) else { return false }
            headerList = longer
        }
        let context = UnsafeRawPointer(Unmanaged.passUnretained(self).toOpaque())
        var codes: [CURLcode] = [
            ccurl_easy_set_string(easy, CURLOPT_URL, request.url),
            ccurl_easy_set_list(easy, CURLOPT_HTTPHEADER, headerList),
            ccurl_easy_set_long(easy, CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1)),
            ccurl_easy_allow_only_http(easy),
            // A path such as /v1/../x goes out as it is written.
            ccurl_easy_set_long(easy, CURLOPT_PATH_AS_IS, 1),
            ccurl_easy_set_long(easy, CURLOPT_FOLLOWLOCATION, 0),
            ccurl_easy_set_long(easy, CURLOPT_NOSIGNAL, 1),
            ccurl_easy_set_long(easy, CURLOPT_NOPROGRESS, 1),
            ccurl_easy_set_long(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1),
            ccurl_easy_set_long(easy, CURLOPT_SSL_VERIFYPEER, 1),
            ccurl_easy_set_long(easy, CURLOPT_SSL_VERIFYHOST, 2),
            ccurl_easy_set_long(easy, CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2)),
            ccurl_easy_set_string(easy, CURLOPT_SSL_CIPHER_LIST, Self.cipherSuites),
            ccurl_easy_set_long(easy, CURLOPT_TCP_KEEPALIVE, 1),
            ccurl_easy_set_long(easy, CURLOPT_CONNECTTIMEOUT_MS, milliseconds(request.timeouts.connect)),
            ccurl_easy_leave_quickly(easy),
            ccurl_easy_set_pointer(easy, CURLOPT_PRIVATE, context),
            ccurl_easy_set_pointer(easy, CURLOPT_HEADERDATA, context),
            ccurl_easy_set_pointer(easy, CURLOPT_WRITEDATA, context),
            ccurl_easy_set_receiver(easy, CURLOPT_HEADERFUNCTION, receiveHeaderLine),
            ccurl_easy_set_receiver(easy, CURLOPT_WRITEFUNCTION, receiveBytes),
        ]
        if !configuration.usesEnvironmentProxy {
            codes.append(ccurl_easy_set_string(easy, CURLOPT_PROXY, ""))
        }
        if let authorities = configuration.certificateAuthorities {
            codes.append(ccurl_easy_set_string(easy, CURLOPT_CAINFO, authorities))
        }
        codes += prepareMethod(request, easy: easy)
        return codes.allSatisfy { $0 == CURLE_OK }
    }

    private func prepareMethod(_ request: CurlRequest, easy: UnsafeMutableRawPointer) -> [CURLcode] {
        var codes: [CURLcode] = []
        if let body = request.body {
            codes.append(ccurl_easy_set_long(easy, CURLOPT_POST, 1))
            // The size has to be set first: it says how much is copied.
            codes.append(ccurl_easy_set_offset(easy, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.count)))
            body.withUnsafeBytes { bytes in
                if let start = bytes.baseAddress {
                    codes.append(ccurl_easy_set_pointer(easy, CURLOPT_COPYPOSTFIELDS, start))
                } else {
                    codes.append(ccurl_easy_set_string(easy, CURLOPT_COPYPOSTFIELDS, ""))
                }
            }
        } else if request.method == "HEAD" {
            codes.append(ccurl_easy_set_long(easy, CURLOPT_NOBODY, 1))
        } else {
            codes.append(ccurl_easy_set_long(easy, CURLOPT_HTTPGET, 1))
        }
        let methodOfOptions = request.body != nil ? "POST" : request.method == "HEAD" ? "HEAD" : "GET"
        if request.method != methodOfOptions {
            codes.append(ccurl_easy_set_string(easy, CURLOPT_CUSTOMREQUEST, request.method))
        }
        return codes
    }

    /// Reports the end and frees the handle.
    ///
    /// - Parameters:
    ///   - code: The result code that libcurl gave, or would give.
    ///   - detach: Removes the handle from the multi handle, if it was added.
    func finish(code: CURLcode, detach: (UnsafeMutableRawPointer) -> Void = { _ in }) {
        var result = CurlResult(
            outcome: .invalidRequest,
            status: progress.status,
            startedAt: progress.startedAt,
            finishedAt: .now,
            timings: CurlTimings(),
            reusedConnection: false,
            byteCount: progress.byteCount,
            detail: ""
        )
        if let easy {
            result.timings = timings(easy)
            let connections = long(easy, CURLINFO_NUM_CONNECTS)
            result.reusedConnection = connections == 0 && result.timings.preTransfer > .zero
            let ending = LibcurlEnding(code, systemError: long(easy, CURLINFO_OS_ERRNO), isTLS: isTLS)
            result.outcome = progress.outcome(ending)
            if result.outcome != .ok { result.detail = String(cString: curl_easy_strerror(code)) }
            detach(easy)
            curl_easy_cleanup(easy)
        }
        curl_slist_free_all(headerList)
        headerList = nil
        events(.finished(result))
    }

    /// What to answer to libcurl's callbacks.
    fileprivate enum Receipt {
        case taken
        /// Nothing was taken; the transfer is to be paused.
        case later
        /// The transfer is to be aborted.
        case refused
    }

    /// Called by libcurl for each line of a head.
    fileprivate func received(headerLine line: UnsafeBufferPointer<UInt8>) -> Receipt {
        guard progress.receivedHeadBytes(line.count) else { return .refused }
        if let head = headParser.line(line) {
            progress.receivedHead(status: head.status)
            events(.head(head, at: .now))
        }
        return .taken
    }

    /// Called by libcurl for each piece of payload.
    fileprivate func received(bytes: UnsafeBufferPointer<UInt8>) -> Receipt {
        let now = ContinuousClock.now
        let isFirst = progress.byteCount == 0
        guard ration.admits(bytes.count, of: id, taken: progress.byteCount, at: now) else { return .later }
        guard progress.receivedBytes(bytes.count, at: now) else { return .refused }
        // From the first byte on the stall limit counts, which may be nearer than the previous deadline.
        if isFirst { watch.consider(progress.deadline.at) }
        events(.bytes(Array(bytes), at: now))
        return .taken
    }

    private func timings(_ easy: UnsafeMutableRawPointer) -> CurlTimings {
        func duration(_ info: CURLINFO) -> Duration {
            var microseconds: curl_off_t = 0
            guard ccurl_easy_get_offset(easy, info, &microseconds) == CURLE_OK else { return .zero }
            return .microseconds(microseconds)
        }
        return CurlTimings(
            nameLookup: duration(CURLINFO_NAMELOOKUP_TIME_T),
            connect: duration(CURLINFO_CONNECT_TIME_T),
            tlsHandshake: duration(CURLINFO_APPCONNECT_TIME_T),
            preTransfer: duration(CURLINFO_PRETRANSFER_TIME_T),
            startTransfer: duration(CURLINFO_STARTTRANSFER_TIME_T),
            total: duration(CURLINFO_TOTAL_TIME_T)
        )
    }

    private func long(_ easy: UnsafeMutableRawPointer, _ info: CURLINFO) -> Int {
        var value = 0
        return ccurl_easy_get_long(easy, info, &value) == CURLE_OK ? value : 0
    }
}

/// When the deadlines of a loop's transfers have to be checked next; shared by the loop and its transfers, on its thread.
///
/// Arriving bytes only move a deadline back, so they need no check.
final class DeadlineWatch {
    private(set) var next: ContinuousClock.Instant?

    func consider(_ deadline: ContinuousClock.Instant) {
        next = next.map { min($0, deadline) } ?? deadline
    }

    /// True when the deadlines must be checked; clears the time, so each running transfer must be considered anew.
    func isDue(at now: ContinuousClock.Instant) -> Bool {
        guard let next, now >= next else { return false }
        self.next = nil
        return true
    }
}

private let receiveHeaderLine: ccurl_receive_callback = { bytes, size, count, context in
    deliver(bytes, size * count, context) { $0.received(headerLine: $1) }
}

private let receiveBytes: ccurl_receive_callback = { bytes, size, count, context in
    deliver(bytes, size * count, context) { $0.received(bytes: $1) }
}

/// Returns libcurl's return value: the number of bytes taken, the pause code, or any other number to abort.
private func deliver(
    _ bytes: UnsafeMutablePointer<CChar>?,
    _ count: Int,
    _ context: UnsafeMutableRawPointer?,
    to receive: (Transfer, UnsafeBufferPointer<UInt8>) -> Transfer.Receipt
) -> Int {
    guard let context, let bytes, count > 0 else { return count }
    let transfer = Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
    let receipt = bytes.withMemoryRebound(to: UInt8.self, capacity: count) { start in
        receive(transfer, UnsafeBufferPointer(start: start, count: count))
    }
    return switch receipt {
    case .taken: count
    case .later: Int(CURL_WRITEFUNC_PAUSE)
    case .refused: 0
    }
}

/// libcurl takes 0 as "no limit", so the shortest limit is one millisecond.
private func milliseconds(_ duration: Duration) -> Int {
    let (seconds, attoseconds) = duration.components
    return max(Int(seconds) * 1_000 + Int(attoseconds / 1_000_000_000_000_000), 1)
}

extension LibcurlEnding {
    /// What a result code means; `systemError` is the failed call's `errno`, 0 where none failed.
    ///
    /// Over plain HTTP, a failed read without a failed call is an answer that is not HTTP. Over TLS, it is a connection without
    /// TLS's close message, such as that of a killed server.
    init(_ code: CURLcode, systemError: Int, isTLS: Bool) {
        switch code {
        case CURLE_OK: self = .complete
        case CURLE_OPERATION_TIMEDOUT: self = .connectTimeout
        case CURLE_RECV_ERROR where systemError == 0 && !isTLS: self = .notHTTP
        case CURLE_GOT_NOTHING, CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_PARTIAL_FILE: self = .connectionLost
        case CURLE_WEIRD_SERVER_REPLY, CURLE_UNSUPPORTED_PROTOCOL, CURLE_BAD_CONTENT_ENCODING, CURLE_WRITE_ERROR:
            self = .notHTTP
        case CURLE_URL_MALFORMAT: self = .unsendable
        default: self = .noConnection
        }
    }
}
