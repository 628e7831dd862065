// How long a request may take to arrive.
//
// Why. A client that sends one byte before each idle timeout is never silent for long. It could hold a connection, and perhaps
// one to stable, without end.
// What. Two bounds, in ticks of the loop: the duration of the whole request, first byte to last, and after a grace period a least
// average rate of its body. Kestrel asks for 240 bytes a second after 5 s (KestrelServerLimits.MinRequestBodyDataRate); no
// client that means to finish is that slow. Time in which the gateway does not read, because stable takes no more, counts
// for neither. After `Expect: 100-continue` the rate counts from the 100 (Continue) on.

struct RequestPace {
    struct Limits {
        /// For the whole request.
        var whole: Int
        /// The grace period in which a body may be slower.
        var grace: Int
        /// Payload bytes a tick; 0 for any rate.
        var bytesPerTick: Double
    }

    enum Verdict: Equatable {
        /// It may go on, at least until this tick.
        case goOn(until: Int)
        case tooSlow
    }

    /// The tick of its first byte.
    private let began: Int
    /// The tick from which the body's rate counts.
    private var bodyFrom: Int?
    private var heldTicks = 0
    private var heldSince: Int?

    init(began: Int) {
        self.began = began
    }

    /// The client is asked for its body.
    mutating func bodyBegins(at tick: Int) {
        if bodyFrom == nil { bodyFrom = tick }
    }

    /// The gateway reads no more for now.
    mutating func held(at tick: Int) {
        if heldSince == nil { heldSince = tick }
    }

    /// The gateway reads again.
    mutating func released(at tick: Int) {
        guard let since = heldSince else { return }
        heldTicks += tick - since
        heldSince = nil
    }

    /// Checks an unfinished request.
    ///
    /// - Parameters:
    ///   - tick: Now.
    ///   - byteCount: Payload bytes that came.
    ///   - limits: The bounds.
    /// - Returns: Whether it may go on, and when to check again.
    mutating func look(at tick: Int, byteCount: Int, limits: Limits) -> Verdict {
        let held = heldTicks + (heldSince.map { tick - $0 } ?? 0)
        let whole = began + held + limits.whole
        if tick > whole { return .tooSlow }
        // A client that does not wait for 100 (Continue) has begun.
        if byteCount > 0 { bodyBegins(at: tick) }
        guard let bodyFrom else { return .goOn(until: tick + 1) }
        guard limits.bytesPerTick > 0 else { return .goOn(until: whole + 1) }
        // When the average falls below the least rate, if nothing more comes.
        let earned = Int(min(Double(byteCount) / limits.bytesPerTick, 1e15))
        let due = bodyFrom + held + max(limits.grace, earned)
        return tick > due ? .tooSlow : .goOn(until: min(whole, due) + 1)
    }
}
