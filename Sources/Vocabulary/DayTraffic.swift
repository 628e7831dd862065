/// What passed in one class on one UTC day.
package struct DayTraffic: Sendable, Equatable {
    /// UTC days since 1970.
    package var day: Int
    package var intent: IntentClass
    /// Eligible requests, sampled or not.
    package var requests: Int
    /// Distinct sessions of these; an estimate above 1,024 (standard error 3 %).
    package var sessions: Int
    /// Requests whose shadow reported its tokens.
    package var played: Int
    /// Tokens of these, input and output.
    package var tokens: Int
    /// The part of the day that was observed, 0…1.
    package var observedShare: Double

    package init(
        day: Int,
        intent: IntentClass,
        requests: Int,
        sessions: Int,
        played: Int = 0,
        tokens: Int = 0,
        observedShare: Double = 1
    ) {
        self.day = day
        self.intent = intent
        self.requests = requests
        self.sessions = sessions
        self.played = played
        self.tokens = tokens
        self.observedShare = observedShare
    }
}

/// The rates in force on one UTC day.
///
/// Replicas with the same table draw alike.
package struct RateTable: Sendable, Equatable {
    /// UTC days since 1970.
    package var day: Int
    /// The rates of the classes that have one of their own, 0…1.
    package var rates: [IntentClass: Double]
    /// The rate of every other class, 0…1.
    package var otherwise: Double

    package init(day: Int, rates: [IntentClass: Double], otherwise: Double) {
        self.day = day
        self.rates = rates
        self.otherwise = otherwise
    }

    /// The probability with which a session of this class is drawn.
    package func rate(of intent: IntentClass) -> Double {
        rates[intent] ?? otherwise
    }
}
