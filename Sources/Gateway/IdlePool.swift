/// Unused connections, as a value: the last one put back is the first one used.
///
/// The last one used is the least likely to have been closed meanwhile, and the oldest ones time out together.
struct IdlePool<Connection: AnyObject> {
    private struct Entry {
        var connection: Connection
        var usableFrom: ContinuousClock.Instant
        var expires: ContinuousClock.Instant
    }

    private let limit: Int
    private let timeout: Duration
    private var entries: [Entry] = []

    init(limit: Int, timeout: Duration) {
        self.limit = limit
        self.timeout = timeout
    }

    var count: Int { entries.count }

    /// Keeps a connection.
    ///
    /// - Parameters:
    ///   - connection: The connection.
    ///   - settleTime: How long it is not to be used yet.
    ///   - now: The time.
    /// - Returns: A connection to close instead: the oldest one, when there are too many.
    mutating func put(
        _ connection: Connection,
        settleTime: Duration,
        now: ContinuousClock.Instant
    ) -> Connection? {
        guard limit > 0 else { return connection }
        let oldest = entries.count < limit ? nil : entries.removeFirst().connection
        entries.append(Entry(connection: connection, usableFrom: now + settleTime, expires: now + timeout))
        return oldest
    }

    /// The connection to use next, or nil: make a fresh one.
    mutating func take(now: ContinuousClock.Instant) -> Connection? {
        for index in entries.indices.reversed() where entries[index].usableFrom <= now && now < entries[index].expires {
            return entries.remove(at: index).connection
        }
        return nil
    }

    /// Forgets a connection that closed.
    mutating func remove(_ connection: Connection) {
        if let index = entries.lastIndex(where: { $0.connection === connection }) { entries.remove(at: index) }
    }

    /// Removes the connections that were kept for too long.
    mutating func expire(now: ContinuousClock.Instant) -> [Connection] {
        guard let first = entries.first, first.expires <= now else { return [] }
        let expired = entries.prefix { $0.expires <= now }.map(\.connection)
        entries.removeFirst(expired.count)
        return expired
    }

    /// The time at which the oldest has been kept for too long; nil for an empty pool.
    var oldestExpires: ContinuousClock.Instant? { entries.first?.expires }

    mutating func removeOldest() -> Connection? {
        entries.isEmpty ? nil : entries.removeFirst().connection
    }

    mutating func removeAll() -> [Connection] {
        defer { entries = [] }
        return entries.map(\.connection)
    }
}
