// How fast a client must read its answer.
//
// Why. A client that takes one byte before each idle timeout is never silent for long. It could hold a connection, the buffered
// bytes and stable's answer without end.
// What. From one check to the next, an idle timeout later, it has to take as much as the least rate of a request would be in that
// time, or everything that is buffered.
// Limits. The first check only counts: just after the wait began, the buffer may still grow. Later it does not, because reading
// from stable is paused. The kernel's buffer is not visible; it takes bytes in far larger steps than the least rate.

struct ReadingPace {
    private var last: Int?

    /// - Parameters:
    ///   - buffered: Bytes that are buffered; above 0.
    ///   - leastBytes: Bytes to be taken between two checks, if that many are buffered.
    /// - Returns: Whether the client may go on.
    mutating func look(buffered: Int, leastBytes: Int) -> Bool {
        defer { last = buffered }
        guard let last else { return true }
        return last - buffered >= max(1, min(last, leastBytes))
    }
}
