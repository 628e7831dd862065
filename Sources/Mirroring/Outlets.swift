package import Vocabulary

/// Where finished pairs go; `understudy` wires it to the store.
package protocol PairSink: Sendable {
    /// Takes a pair to keep; must not block.
    ///
    /// - Parameters:
    ///   - pair: with the texts as they were; what must not touch the disk is the sink's care.
    ///   - completion: called once, on any thread, when the pair is kept or is lost; never when the answer was false.
    /// - Returns: false where there is no room.
    func store(_ pair: Pair, completion: @escaping @Sendable (PairSinkResult) -> Void) -> Bool
}

/// What became of a pair.
package enum PairSinkResult: Sendable {
    case stored
    case failed
}

/// Hears of what mirroring does, for metrics; called on mirroring's thread, where it must return at once.
package protocol MirroringObserver: Sendable {
    /// A leg of a sampled request has ended.
    func legFinished(_ report: LegReport)

    /// A new table of rates is in force: at the start, at the first request of a UTC day, and after an operator's
    /// change.
    func ratesChanged(_ table: RateTable)

    /// The shadow's breaker has opened, is probing, or has closed.
    func breakerChanged(_ state: CircuitBreaker.State)
}

extension MirroringObserver {
    package func ratesChanged(_ table: RateTable) {}
    package func breakerChanged(_ state: CircuitBreaker.State) {}
}

/// One leg of one sampled request, as metrics want it.
package struct LegReport: Sendable {
    package var leg: Leg
    package var intent: IntentClass
    package var endpoint: Endpoint
    /// Whether the request asked for a stream.
    package var stream: Bool
    package var samplingProbability: Double
    /// The leg itself; its text is for scores, never for labels.
    package var answer: LegAnswer
}
