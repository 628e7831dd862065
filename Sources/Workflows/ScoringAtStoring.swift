package import PairStore
package import Scoring
import Threads
package import Vocabulary

/// Gives a pair's built-in scores to the store's writer.
package final class ScoringAtStoring: PairScoring {
    private let scorers = Locked(Scorers())
    private let observe: @Sendable (Pair, ComputedScores) -> Void

    /// - Parameter observe: told of each pair's scores as they are made; must be quick.
    package init(observe: @escaping @Sendable (Pair, ComputedScores) -> Void = { _, _ in }) {
        self.observe = observe
    }

    package func scores(of pair: Pair) -> [ScorerValues] {
        let computed = scorers.withLock { $0.score(pair) }
        observe(pair, computed)
        return ScoringPass.values(computed)
    }
}
