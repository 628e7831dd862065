import PairStore

extension Store {
    /// Scores what has no score yet, which most pairs of `serve` have.
    ///
    /// - Parameters:
    ///   - workers: how many batches are scored at a time; nil: one for each core.
    ///   - isWanted: asked now and then; what is not scored when it says no is scored another time.
    /// - Throws: what the store throws.
    package func scoreWhatLacksScores(
        workers: Int? = nil,
        while isWanted: @escaping @Sendable () -> Bool = { true }
    ) throws {
        let pass = workers.map { ScoringPass(store: self, workers: $0) } ?? ScoringPass(store: self)
        try pass.run(while: isWanted) {
            Output.progress("scored \($0) pairs of \(path)")
        } unreadable: { error in
            Output.endProgress()
            Output.complain("\(error) No score is defined on it, nor on any other pair of \(path) of which that is so.")
        }
        Output.endProgress()
    }
}
