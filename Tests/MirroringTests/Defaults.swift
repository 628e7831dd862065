import Vocabulary

@testable import Mirroring

// Values for tests that do not care; what holds in the program is the configuration's.

extension MirroringLimits {
    init(
        timeout: Duration = .seconds(120),
        maximumInFlight: Int = 32,
        maximumQueued: Int = 256,
        maximumBufferedBytes: Int = 256 << 20,
        maximumControlsInFlight: Int = 8,
        breaker: CircuitBreaker.Settings = CircuitBreaker.Settings(failures: 20)
    ) {
        self.init(
            timeout: timeout,
            connectTimeout: .seconds(5),
            maximumInFlight: maximumInFlight,
            maximumQueued: maximumQueued,
            maximumBufferedBytes: maximumBufferedBytes,
            maximumControlsInFlight: maximumControlsInFlight,
            breaker: breaker
        )
    }
}

extension CircuitBreaker.Settings {
    init(failures: Int) {
        self.init(failures: failures, probeEvery: .seconds(5))
    }
}

extension SamplingSettings {
    init(
        rate: Double = 0.1,
        fixedRates: [IntentClass: Double] = [:],
        targetPerDay: Int = 600,
        controlRate: Double = 0.1,
        tokensPerMinute: Int? = nil,
        seed: String
    ) {
        self.init(
            rate: rate,
            fixedRates: fixedRates,
            unit: .session,
            targetPerDay: targetPerDay,
            controlRate: controlRate,
            tokensPerMinute: tokensPerMinute,
            sessionFrom: RequestField.defaultSessionFields,
            seed: seed
        )
    }
}
