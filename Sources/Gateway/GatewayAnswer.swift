// The gateway's own answers.

package import NIOCore

package enum GatewayAnswer: Equatable, Sendable {
    /// 502: no server accepts connections at stable's address.
    case unreachable
    /// 504: the connection to stable was not accepted in time.
    case connectTimeout
    /// 504: stable accepted the request and was then silent for longer than the idle timeout.
    case answerTimeout
    /// 502: stable closed its connection without an answer.
    case noAnswer
    /// 502: stable answered something that cannot be passed on safely.
    case badAnswer
    case refused(Refusal)

    package var status: Int {
        switch self {
        case .unreachable, .noAnswer, .badAnswer: 502
        case .connectTimeout, .answerTimeout: 504
        case .refused(let refusal):
            switch refusal {
            case .malformed: 400
            case .requestTimeout: 408
            case .bodyTooLarge: 413
            case .headerTooLarge: 431
            case .notImplemented: 501
            case .unsupportedVersion: 505
            }
        }
    }

    private var reason: StaticString {
        switch status {
        case 400: "Bad Request"
        case 408: "Request Timeout"
        case 413: "Content Too Large"
        case 431: "Request Header Fields Too Large"
        case 501: "Not Implemented"
        case 502: "Bad Gateway"
        case 504: "Gateway Timeout"
        default: "HTTP Version Not Supported"
        }
    }

    private var type: StaticString {
        if case .refused = self { "invalid_request_error" } else { "upstream_error" }
    }

    private var code: StaticString {
        switch self {
        case .unreachable: "upstream_unreachable"
        case .connectTimeout: "upstream_connect_timeout"
        case .answerTimeout: "upstream_timeout"
        case .noAnswer: "upstream_no_answer"
        case .badAnswer: "upstream_bad_answer"
        case .refused(let refusal):
            switch refusal {
            case .malformed: "bad_request"
            case .requestTimeout: "request_timeout"
            case .bodyTooLarge: "content_too_large"
            case .headerTooLarge: "header_too_large"
            case .notImplemented: "method_not_implemented"
            case .unsupportedVersion: "http_version_not_supported"
            }
        }
    }

    private var message: String {
        switch self {
        case .unreachable: "The model server cannot be reached."
        case .connectTimeout: "The model server did not accept a connection in time."
        case .answerTimeout: "The model server did not answer in time."
        case .noAnswer: "The model server closed the connection without an answer."
        case .badAnswer: "The model server's answer is not valid HTTP."
        case .refused(let refusal):
            switch refusal {
            case .malformed(let sentence): sentence
            case .requestTimeout: "The request did not arrive in time."
            case .bodyTooLarge: "The request body is longer than this gateway accepts."
            case .headerTooLarge: "The request head is longer than this gateway accepts."
            case .notImplemented: "CONNECT is not implemented: this gateway is not a forward proxy."
            case .unsupportedVersion: "Only HTTP/1.1 and HTTP/1.0 are supported."
            }
        }
    }

    /// Writes the whole answer.
    ///
    /// - Parameters:
    ///   - keepsAlive: Whether the connection stays open after it.
    ///   - isAnswerToHead: Whether the request was HEAD, so that the body is left out.
    ///   - errorBody: Makes the body.
    ///   - out: Where to write.
    package func write(keepsAlive: Bool, isAnswerToHead: Bool, _ errorBody: ErrorBody, into out: inout ByteBuffer) {
        let body = errorBody.bytes("\(type)", "\(code)", message)
        out.writeString("HTTP/1.1 \(status) \(reason)\r\n")
        out.writeString("Content-Type: application/json\r\nContent-Length: \(body.count)\r\n")
        out.writeStaticString(keepsAlive ? "\r\n" : "Connection: close\r\n\r\n")
        if !isAnswerToHead { out.writeBytes(body) }
    }
}
