// Who may ask the console for what.
//
// What: a value that decides once per request, from nothing but its head. Probes are for everybody. On loopback reading is free;
// elsewhere it takes the token, and a change takes it everywhere: as `Bearer`, or as the password of HTTP Basic, which browsers
// can ask for.
// Against pages that an operator's browser has open: on loopback the Host must be a loopback one, since a name of a stranger that
// resolves to 127.0.0.1 makes the browser take his page and the console for one site (DNS rebinding); elsewhere the token does
// that, for a browser gives it to no other name. A change that comes from another site's page is refused by its Origin.
// Limits: whoever is on this machine may read a console on loopback.

import Crypto
import Foundation
import HTTPTypes
import Vocabulary

/// What of a request's head the decision hangs on.
struct AccessQuestion: Sendable {
    var method: HTTPRequest.Method
    var path: String
    /// The Host field.
    var authority: String?
    var authorization: String?
    var origin: String?
    /// `Sec-Fetch-Site`, with which browsers say whose page is asking.
    var fetchSite: String?
}

/// Who may ask the console for what: a value, decided once per request.
struct AccessRule: Sendable {
    /// The token's bytes; nil where none is configured.
    let token: [UInt8]?
    let isLoopback: Bool

    enum Decision: Equatable {
        case allowed
        /// The token came with the request.
        case authorised
        case tokenMissing
        case tokenWrong
        /// Nobody can be allowed: a change, and no token is configured.
        case forbidden
        /// There is no Host, or it is none.
        case hostMissing
        /// A name that is not this machine's, at a console on loopback.
        case hostStrange
        /// A change, asked for by another site's page.
        case crossSite
    }

    func decide(_ asked: AccessQuestion) -> Decision {
        let isChange = asked.method != .get && asked.method != .head
        if !isChange, asked.path == "/healthz" || asked.path == "/readyz" { return .allowed }
        guard let authority = asked.authority.flatMap({ Authority($0) }) else { return .hostMissing }
        if isLoopback {
            guard Loopback.contains(authority.host) else { return .hostStrange }
        }
        if isChange {
            guard Self.comesFromHere(asked, authority) else { return .crossSite }
        } else if isLoopback {
            return .allowed
        }
        guard let token else { return isLoopback ? .forbidden : .tokenMissing }
        guard let given = Self.token(in: asked.authorization) else { return .tokenMissing }
        return Self.areEqual(given, token) ? .authorised : .tokenWrong
    }

    /// Programs send neither field; browsers send an Origin with every change.
    private static func comesFromHere(_ asked: AccessQuestion, _ authority: Authority) -> Bool {
        if let site = asked.fetchSite, site != "same-origin", site != "none" { return false }
        guard let origin = asked.origin else { return true }
        return Authority(origin: origin).map { $0.isSamePlace(as: authority) } ?? false
    }

    /// The token that a request brings, as `Bearer TOKEN` or as the password of `Basic`.
    private static func token(in authorization: String?) -> [UInt8]? {
        guard let parts = authorization?.split(separator: " ", maxSplits: 1), parts.count == 2 else { return nil }
        let value = parts[1].trimmingSpaces()
        switch parts[0].lowercased() {
        case "bearer": return Array(value.utf8)
        case "basic":
            guard let pair = Data(base64Encoded: String(value)), let colon = pair.firstIndex(of: UInt8(ascii: ":"))
            else {
                return nil
            }
            return Array(pair[pair.index(after: colon)...])
        default: return nil
        }
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
