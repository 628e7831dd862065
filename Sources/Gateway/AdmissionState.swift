// Admission: how many clients are connected, in all and from each address, and whether further ones are accepted.
//
// Why. A connection costs a descriptor and memory before its client sends a byte. Without a maximum, silent connections take
// every descriptor; then `accept` fails at once and for ever, and a loop that tries again spins.
// What. A value that is told of arrivals and departures and answers how many more clients may come. At the maximum nothing is
// accepted: further clients wait in the kernel's backlog until one leaves. Where the system itself has no descriptor,
// accepting pauses too, until a client leaves or a second has passed. An address with too many connections is refused.
// Limits. IPv6 addresses are counted by their first 64 bits, because one site has all addresses of such a prefix (RFC 6177).

import NIOCore

/// Where a client comes from, as connections are counted.
struct ClientAddress: Hashable, Sendable {
    private let prefix: UInt64
    private let isIPv4: Bool

    /// nil for a client without an IP address.
    init?(_ address: SocketAddress) {
        // sockaddr_in has the address after family and port, sockaddr_in6 after the flow label as well.
        let offset: Int
        let length: Int
        switch address {
        case .v4: (offset, length) = (4, 4)
        case .v6: (offset, length) = (8, 16)
        case .unixDomainSocket: return nil
        }
        let bytes = address.withSockAddr { pointer, size in
            Array(UnsafeRawBufferPointer(start: pointer, count: size)[offset..<(offset + length)])
        }
        func number(_ range: Range<Int>) -> UInt64 { bytes[range].reduce(0) { $0 << 8 | UInt64($1) } }
        // ::ffff:0:0/96 is IPv4 seen through an IPv6 socket (RFC 4291 section 2.5.5.2).
        isIPv4 = length == 4 || number(0..<8) == 0 && number(8..<12) == 0xffff
        prefix = isIPv4 ? number((length - 4)..<length) : number(0..<8)
    }
}

/// Notices for the operator; each is given once until its cause is over.
enum AdmissionNotice: Equatable, Sendable {
    /// The maximum number of clients is connected.
    case full(limit: Int)
    /// The system gave no descriptor or no memory for a new client.
    case outOfDescriptors(code: CInt)
    /// A client was refused because its address has the maximum number of connections.
    case addressFull(limit: Int)
    case over
}

/// What was counted, and what holds now.
package struct AdmissionFigures: Equatable, Sendable {
    package var open = 0
    package var limit = 0
    /// How often accepting stopped at the maximum number of clients.
    package var pauses = 0
    /// How often the system had no descriptor or no memory for a new client.
    package var failures = 0
    /// Connections closed at once because their address had too many.
    package var refusedByAddress = 0

    package init() {}
}

struct AdmissionState: Sendable {
    /// How soon accepting is tried again after the system ran out of descriptors or memory.
    static let retryDelay: Duration = .seconds(1)
    /// How long a cause must be absent before it is reported to be over.
    static let quietTime: Duration = .seconds(5)

    private let limitPerAddress: Int
    private var openByAddress: [ClientAddress: Int] = [:]
    private(set) var figures: AdmissionFigures
    /// Nothing is accepted until a client leaves or a second has passed.
    private var isOutOfDescriptors = false
    /// Whether accepting stopped, so that the next departure resumes it.
    private var isPaused = false
    private var lastTrouble: ContinuousClock.Instant?
    private var hasSaidFull = false
    private var hasSaidOut = false
    private var hasSaidAddress = false

    /// - Parameters:
    ///   - limit: Clients at a time; at least 1.
    ///   - limitPerAddress: Clients at a time from one address; 0 for no limit.
    init(limit: Int, limitPerAddress: Int) {
        self.limitPerAddress = limitPerAddress
        figures = AdmissionFigures()
        figures.limit = max(1, limit)
    }

    /// Whether addresses are to be told.
    var countsAddresses: Bool { limitPerAddress > 0 }

    /// How many more may be accepted now; at 0 the caller waits until `left` or `look` says to go on.
    mutating func room(at now: ContinuousClock.Instant) -> (room: Int, notice: AdmissionNotice?) {
        if isOutOfDescriptors {
            isPaused = true
            return (0, nil)
        }
        let room = figures.limit - figures.open
        guard room <= 0 else {
            isPaused = false
            return (room, nil)
        }
        if !isPaused { figures.pauses += 1 }
        isPaused = true
        lastTrouble = now
        guard !hasSaidFull else { return (0, nil) }
        hasSaidFull = true
        return (0, .full(limit: figures.limit))
    }

    /// A client was accepted.
    ///
    /// - Returns: Whether it may stay; a refused client is not counted.
    mutating func accepted(
        from address: ClientAddress?,
        at now: ContinuousClock.Instant
    ) -> (stays: Bool, notice: AdmissionNotice?) {
        if let address {
            let before = openByAddress[address, default: 0]
            guard before < limitPerAddress else {
                figures.refusedByAddress += 1
                lastTrouble = now
                guard !hasSaidAddress else { return (false, nil) }
                hasSaidAddress = true
                return (false, .addressFull(limit: limitPerAddress))
            }
            openByAddress[address] = before + 1
        }
        figures.open += 1
        return (true, nil)
    }

    /// An admitted client left, and its descriptor is free again.
    ///
    /// - Returns: Whether accepting is to go on.
    mutating func left(_ address: ClientAddress?) -> Bool {
        figures.open -= 1
        if let address, let before = openByAddress[address] {
            openByAddress[address] = before > 1 ? before - 1 : nil
        }
        isOutOfDescriptors = false
        return isPaused
    }

    /// The system has no descriptor, or no memory, for a new client.
    mutating func failed(_ code: CInt, at now: ContinuousClock.Instant) -> AdmissionNotice? {
        figures.failures += 1
        isOutOfDescriptors = true
        isPaused = true
        lastTrouble = now
        guard !hasSaidOut else { return nil }
        hasSaidOut = true
        return .outOfDescriptors(code: code)
    }

    /// To be called every `retryDelay` from the first notice on until it returns `.over`.
    ///
    /// - Returns: Whether accepting is to be tried again, and the notices to give.
    mutating func look(at now: ContinuousClock.Instant) -> (goesOn: Bool, notice: AdmissionNotice?) {
        if isPaused, figures.open >= figures.limit { lastTrouble = now }
        let goesOn = isPaused && figures.open < figures.limit
        isOutOfDescriptors = false
        guard !isPaused, let lastTrouble, now - lastTrouble >= Self.quietTime else { return (goesOn, nil) }
        self.lastTrouble = nil
        hasSaidFull = false
        hasSaidOut = false
        hasSaidAddress = false
        return (false, .over)
    }
}
