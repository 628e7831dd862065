/// What happens to a transfer: at most one `head`, any number of `bytes`, and exactly one `finished`, which is the
/// last.
package enum CurlEvent: Sendable {
    /// The final response head; interim (1xx) heads are not reported.
    case head(CurlHead, at: ContinuousClock.Instant)
    /// Payload bytes as they came: de-chunked, content encoding untouched.
    case bytes([UInt8], at: ContinuousClock.Instant)
    case finished(CurlResult)
}

/// A response head.
package struct CurlHead: Sendable, Equatable {
    package var status: Int
    /// Every field in the order and the case of arrival.
    package var fields: [CurlField]

    /// The values of every field of this name, in order.
    package func values(_ name: String) -> [String] {
        fields.filter { $0.name.lowercased() == name.lowercased() }.map(\.value)
    }
}

/// One field of a head.
package struct CurlField: Sendable, Equatable {
    package var name: String
    package var value: String

    package init(name: String, value: String) {
        self.name = name
        self.value = value
    }
}

/// How a transfer ended, with its timings and sizes.
package struct CurlResult: Sendable {
    package var outcome: CurlOutcome
    /// The status of the answer; nil where no head arrived.
    package var status: Int?
    package var startedAt: ContinuousClock.Instant
    package var finishedAt: ContinuousClock.Instant
    package var timings: CurlTimings
    /// Whether an existing connection was used.
    package var reusedConnection: Bool
    /// Payload bytes received.
    package var byteCount: Int
    /// libcurl's message for the failure, empty when `ok`.
    ///
    /// Contains no part of a request or an answer.
    package var detail: String
}

/// The kind of end that a transfer had.
package enum CurlOutcome: Sendable, Hashable {
    /// The whole answer arrived, whatever its status.
    case ok
    /// No connection: not resolved, refused, unreachable, or TLS failed.
    case connectFailed
    /// The connection ended before the head of an answer was complete.
    case closedBeforeAnswer
    case timeout(CurlTimeout)
    /// The connection ended after the head and before the end of the answer.
    case truncated
    /// The payload outgrew `maximumResponseBytes`, or the heads 256 KiB.
    case tooLarge
    /// Cancelled by the owner, or by shutting the client down.
    case cancelled
    /// What arrived is not HTTP/1.1.
    case protocolError
    /// The request could not be sent: its URL, its method or a header is malformed.
    case invalidRequest
}

/// Which of the time limits of a transfer ran out.
package enum CurlTimeout: String, Sendable, Hashable {
    case connect
    case firstByte
    case stall
    case total
}

/// libcurl's timings, each counted from the start of the transfer; zero for steps that did not happen.
///
/// See `CURLINFO_TOTAL_TIME_T` and its siblings in curl_easy_getinfo(3).
package struct CurlTimings: Sendable, Equatable {
    package var nameLookup: Duration = .zero
    package var connect: Duration = .zero
    /// To the end of the TLS handshake.
    package var tlsHandshake: Duration = .zero
    /// To the moment before the request is sent.
    package var preTransfer: Duration = .zero
    /// To the first byte of the head.
    package var startTransfer: Duration = .zero
    package var total: Duration = .zero
}
