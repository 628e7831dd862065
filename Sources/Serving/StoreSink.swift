import Mirroring
import PairStore
import Vocabulary

/// Hands the mirror's pairs to the store's writer.
struct StoreSink: PairSink {
    let writer: PairWriter

    func store(_ pair: Pair, completion: @escaping @Sendable (PairSinkResult) -> Void) -> Bool {
        writer.append(pair) { result in
            switch result {
            case .stored: completion(.stored)
            case .failed: completion(.failed)
            }
        }
    }
}
