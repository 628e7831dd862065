/// How much work a text of a stranger may still cause.
///
/// Why: what a client asks and what a model answers decides how long a schema check, a comparison or a search takes. Some of
/// it cannot be linear, and whoever knows how it works can write the text that takes longest. So such work is paid for in
/// steps before it is done, and where the steps are spent the answer is "not checked": never "passed", never a wait.
///
/// A step is about what a server's core does in a nanosecond. Steps are counted and not timed, so that a pair has the same
/// scores on every machine and in every run.
package struct StepBudget: Sendable {
    private var left: Int
    /// Whether something was not done for want of steps; then nothing more is.
    package private(set) var isSpent = false

    package init(_ steps: Int) {
        left = steps
    }

    /// Pays for a piece of work that is about to be done.
    ///
    /// - Parameter steps: 0 or more.
    /// - Returns: false where fewer are left; then the piece is not to be done, nor anything that rests on it.
    package mutating func pay(_ steps: Int) -> Bool {
        guard !isSpent, steps <= left else {
            isSpent = true
            return false
        }
        left -= steps
        return true
    }
}
