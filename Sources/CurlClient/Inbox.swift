/// The commands for the curl thread, in order.
///
/// Any thread appends; the curl thread drains. Only the first command after a drain needs a wake-up.
struct Inbox {
    enum Command {
        case start(CurlTransferID, CurlRequest, @Sendable (CurlEvent) -> Void)
        case cancel(CurlTransferID)
    }

    struct Batch {
        var commands: [Command]
        /// Set when the client was shut down: no further command follows.
        var isFinal: Bool
    }

    private var commands: [Command] = []
    private var lastNumber: UInt64 = 0
    private var wakeIsOwed = false
    private(set) var isClosed = false
    private var whenStopped: [@Sendable () -> Void] = []
    private var hasStopped = false

    /// nil after `close`.
    mutating func start(
        _ request: CurlRequest,
        events: @escaping @Sendable (CurlEvent) -> Void
    ) -> (id: CurlTransferID, wake: Bool)? {
        guard !isClosed else { return nil }
        lastNumber += 1
        let id = CurlTransferID(number: lastNumber)
        commands.append(.start(id, request, events))
        return (id, owe())
    }

    /// Returns whether the thread must be woken.
    mutating func cancel(_ id: CurlTransferID) -> Bool {
        guard !isClosed else { return false }
        commands.append(.cancel(id))
        return owe()
    }

    /// Returns whether the thread must be woken; keeps the completion for `stopped` and does not call it.
    mutating func close(completion: (@Sendable () -> Void)?) -> Bool {
        if let completion { whenStopped.append(completion) }
        isClosed = true
        return owe()
    }

    mutating func drain() -> Batch {
        defer {
            commands = []
            wakeIsOwed = false
        }
        return Batch(commands: commands, isFinal: isClosed)
    }

    /// The thread has ended; returns the completions to call.
    mutating func stopped() -> [@Sendable () -> Void] {
        hasStopped = true
        return takeCompletions()
    }

    /// The completion to call now, if the thread has ended already.
    mutating func takeCompletionsIfStopped() -> [@Sendable () -> Void] {
        hasStopped ? takeCompletions() : []
    }

    private mutating func takeCompletions() -> [@Sendable () -> Void] {
        defer { whenStopped = [] }
        return whenStopped
    }

    private mutating func owe() -> Bool {
        defer { wakeIsOwed = true }
        return !wakeIsOwed
    }
}
