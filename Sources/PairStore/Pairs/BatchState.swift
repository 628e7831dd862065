/// When to write what: the batching of the pair writer as a value, without clocks, queues or locks.
///
/// Items are admitted (a place and their bytes are reserved), become ready in the order in which they were admitted, and
/// leave in batches, one batch at a time. A batch leaves when it is full, when its oldest item has waited for the delay, or
/// when somebody waits for a flush; while a batch is being written the next one gathers, so a slow disk makes batches
/// larger instead of making them queue.
struct BatchState<Item, Waiter> {
    enum Action {
        case none
        /// Call `timerFired` at this time; no other timer is under way.
        case arm(ContinuousClock.Instant)
        /// Write these, then call `written`.
        case write([Item])
    }

    private struct Ready {
        var item: Item
        var bytes: Int
        var since: ContinuousClock.Instant
    }

    private let limits: PairWriter.Limits
    private var ready: [Ready] = []
    private var readyBytes = 0
    private var batchBytes = 0
    private var isWriting = false
    private var isTimerArmed = false
    private(set) var isClosed = false
    /// Admitted and not yet answered.
    private(set) var pendingCount = 0
    private(set) var pendingBytes = 0
    private var admitted: UInt64 = 0
    private var answered: UInt64 = 0
    private var waiters: [(target: UInt64, waiter: Waiter)] = []

    init(limits: PairWriter.Limits) {
        self.limits = limits
    }

    /// Reserves a place; false where that would break a limit, or after `close`.
    ///
    /// A single item larger than the byte limit is admitted when nothing else is pending, or it could never be stored.
    mutating func admit(bytes: Int) -> Bool {
        guard !isClosed, pendingCount < limits.pendingCount,
            pendingCount == 0 || pendingBytes + bytes <= limits.pendingBytes
        else { return false }
        pendingCount += 1
        pendingBytes += bytes
        admitted += 1
        return true
    }

    /// An admitted item is ready to be written.
    mutating func prepared(_ item: Item, bytes: Int, now: ContinuousClock.Instant) -> Action {
        ready.append(Ready(item: item, bytes: bytes, since: now))
        readyBytes += bytes
        return next(now: now)
    }

    /// An admitted item will never be ready; it has been answered.
    mutating func dropped(bytes: Int) -> [Waiter] {
        answer(count: 1, bytes: bytes)
    }

    mutating func timerFired(now: ContinuousClock.Instant) -> Action {
        isTimerArmed = false
        return next(now: now)
    }

    /// The last batch has been written, or has failed, and every item of it has been answered.
    mutating func written(count: Int, now: ContinuousClock.Instant) -> (action: Action, finished: [Waiter]) {
        precondition(isWriting, "a batch was reported as written while none was being written")
        isWriting = false
        let finished = answer(count: count, bytes: batchBytes)
        batchBytes = 0
        return (next(now: now), finished)
    }

    /// Asks for everything that was admitted so far to be written without delay.
    ///
    /// - Returns: whether the waiter was kept; it is handed back when all of that has been answered.
    mutating func flush(_ waiter: Waiter, now: ContinuousClock.Instant) -> (isWaiting: Bool, action: Action) {
        guard answered < admitted else { return (false, .none) }
        waiters.append((admitted, waiter))
        return (true, next(now: now))
    }

    /// Admits nothing from now on.
    mutating func close() {
        isClosed = true
    }

    private mutating func answer(count: Int, bytes: Int) -> [Waiter] {
        pendingCount -= count
        pendingBytes -= bytes
        answered += UInt64(count)
        let finished = waiters.filter { $0.target <= answered }.map(\.waiter)
        waiters.removeAll { $0.target <= answered }
        return finished
    }

    private mutating func next(now: ContinuousClock.Instant) -> Action {
        guard !isWriting, let oldest = ready.first else { return .none }
        let deadline = oldest.since + limits.batchDelay
        guard
            ready.count >= limits.batchCount || readyBytes >= limits.batchBytes || !waiters.isEmpty
                || isClosed || now >= deadline
        else {
            guard !isTimerArmed else { return .none }
            isTimerArmed = true
            return .arm(deadline)
        }
        let batch = Array(ready.prefix(limits.batchCount))
        ready.removeFirst(batch.count)
        batchBytes = batch.reduce(0) { $0 + $1.bytes }
        readyBytes -= batchBytes
        isWriting = true
        return .write(batch.map(\.item))
    }
}
