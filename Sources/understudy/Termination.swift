import UnixSignals

/// The end of the process as an operator asks for it.
enum Termination {
    /// Waits for SIGINT or SIGTERM.
    static func signalled() async {
        for await _ in await UnixSignalsSequence(trapping: .sigint, .sigterm) { return }
    }
}
