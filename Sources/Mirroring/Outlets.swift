package import Vocabulary

/// Receives finished pairs; `Serving` wires it to the store.
package protocol PairSink: Sendable {
    /// Takes a pair to keep; must not block.
    ///
    /// - Parameters:
    ///   - pair: with the original texts; the sink has to redact them before they reach the disk.
    ///   - completion: called once, on any thread, when the pair is kept or lost; never if false was returned.
    /// - Returns: false without room.
    func store(_ pair: Pair, completion: @escaping @Sendable (PairSinkResult) -> Void) -> Bool
}

/// The end of a pair.
package enum PairSinkResult: Sendable {
    case stored
    case failed
}

/// Is told of mirroring's events, for metrics; called on mirroring's thread, must return at once.
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

/// One leg of one sampled request, for metrics.
package struct LegReport: Sendable {
    package var leg: Leg
    package var intent: IntentClass
    package var endpoint: Endpoint
    /// Whether the request asked for a stream.
    package var stream: Bool
    package var samplingProbability: Double
    /// The answer; its text is for scores, never for labels.
    package var answer: LegAnswer
}
