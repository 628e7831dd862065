// The access rules of the console.
//
// What: a value that decides once per request, from its head alone. Probes are open to all. On loopback reading needs no token;
// elsewhere it does, and a change always does: as `Bearer`, or as the password of HTTP Basic, which browsers can ask for.
// Against other pages in an operator's browser: on loopback the Host must be a loopback name, because a foreign name that
// resolves to 127.0.0.1 makes the browser treat the foreign page and the console as one site (DNS rebinding). Elsewhere the
// token protects, because a browser sends it to no other name. A change from another site's page is refused by its Origin.
// Limits: all users of this machine may read a console on loopback.

import Crypto
import Foundation
import HTTPTypes
import Vocabulary

/// The parts of a request's head that decide.
struct AccessQuestion: Sendable {
    var method: HTTPRequest.Method
    var path: String
    /// The Host field.
    var authority: String?
    var authorization: String?
    var origin: String?
    /// `Sec-Fetch-Site`, in which browsers state the relation of the asking page.
    var fetchSite: String?
}

/// The access rules, applied once per request.
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
        /// A change, while no token is configured.
        case forbidden
        /// The Host is missing or malformed.
        case hostMissing
        /// A foreign name in Host, at a console on loopback.
        case hostStrange
        /// A change from another site's page.
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

    /// The token of a request: `Bearer TOKEN`, or the password of `Basic`.
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

    /// Compares digests, so that the time taken does not reveal where two tokens differ.
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
