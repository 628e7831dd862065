/// How one leg of a request ended.
///
/// A model that fails is data: every sampled request has an outcome on every leg that was drawn. The raw values are
/// the names in pair lines and in the store.
package enum Outcome: String, Sendable, Hashable, CaseIterable {
    /// A complete answer with a 2xx status that could be read.
    case ok
    /// A status of 400 or more, or an error event inside a stream that began with 200.
    case httpError = "http_error"
    /// No answer, or not the whole of it, within the time allowed.
    case timeout
    /// No connection, or it broke before the first byte of an answer; also an open circuit breaker.
    case connectError = "connect_error"
    /// The connection or the stream ended before the answer said that it was complete.
    case truncated
    /// A complete answer that is not of the protocol: not JSON, not SSE, undecodable, invalid UTF-8, over a limit.
    case malformed
    /// The client left before the answer was complete (stable only).
    case clientCancelled = "client_cancelled"
    /// The leg was not played because a budget was spent.
    case shed
}
