/// A tick a second, for periodic work; ends when its task is cancelled or the process stops gracefully.
struct SecondTicks: AsyncSequence {
    struct AsyncIterator: AsyncIteratorProtocol {
        private let clock = ContinuousClock()
        private var next = ContinuousClock.now

        mutating func next() async -> ContinuousClock.Instant? {
            next = Swift.max(next.advanced(by: .seconds(1)), clock.now)
            do {
                try await clock.sleep(until: next)
                return next
            } catch {
                return nil
            }
        }
    }

    func makeAsyncIterator() -> AsyncIterator { AsyncIterator() }
}
