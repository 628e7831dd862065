import Crypto
import HTTPTypes

/// Who may ask the console for what: a value, decided once per request.
struct AccessRule: Sendable {
    /// The token's bytes; nil where none is configured.
    let token: [UInt8]?
    let isLoopback: Bool

    enum Decision: Equatable {
        case allowed
        /// No token, or a wrong one, came with the request.
        case unauthorised
        /// Nobody can be allowed: a change, and no token is configured.
        case forbidden
    }

    /// The token is needed for every change, and for everything but the probes where the console is not on loopback.
    func decide(method: HTTPRequest.Method, path: String, authorization: String?) -> Decision {
        let isProbe = path == "/healthz" || path == "/readyz"
        let isChange = method != .get && method != .head
        if !isChange, isLoopback || isProbe { return .allowed }
        guard let token else { return isLoopback ? .forbidden : .unauthorised }
        guard let authorization, authorization.lowercased().hasPrefix("bearer ") else { return .unauthorised }
        let given = authorization.dropFirst("bearer ".count).trimmingSpaces()
        return Self.areEqual(Array(given.utf8), token) ? .allowed : .unauthorised
    }

    /// Compares digests, so that the time taken says nothing about where two tokens part.
    private static func areEqual(_ one: [UInt8], _ two: [UInt8]) -> Bool {
        let (first, second) = (SHA256.hash(data: one), SHA256.hash(data: two))
        return zip(first, second).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }
}

extension Substring {
    fileprivate func trimmingSpaces() -> Substring {
        var trimmed = self
        while trimmed.first == " " { trimmed.removeFirst() }
        while trimmed.last == " " { trimmed.removeLast() }
        return trimmed
    }
}
