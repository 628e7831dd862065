// How fast a client must read what waits for it.
//
// Why. A client that takes a byte before each idle timeout is never silent for long, and holds a connection, the bytes that wait
// for it, and stable's answer for as long as it likes.
// What. From one look to the next, an idle timeout later, it has to take as much as the least rate of a request asks for in that
// time, or all that waits.
// Limits. The first look only counts: what waits may still grow just after the wait began. Later it does not, because stable is
// held back as long. What the kernel holds is not seen; it takes from here in far larger steps than the least rate asks for.

struct ReadingPace {
    private var last: Int?

    /// - Parameters:
    ///   - buffered: Bytes that wait; more than none.
    ///   - leastBytes: What has to be taken between two looks, where that much waits.
    /// - Returns: Whether the client may go on.
    mutating func look(buffered: Int, leastBytes: Int) -> Bool {
        defer { last = buffered }
        guard let last else { return true }
        return last - buffered >= max(1, min(last, leastBytes))
    }
}
