/// What of mirroring can be changed while it runs.
package struct LiveSettings: Sendable, Equatable {
    package var isPaused: Bool
    package var sampling: SamplingSettings
    package var limits: MirroringLimits

    /// What holds when mirroring starts.
    init(_ configuration: MirroringConfiguration) {
        isPaused = false
        sampling = configuration.sampling
        limits = configuration.limits
    }

    /// The settings that differ from `earlier`, one by one, for the record of changes.
    func changes(since earlier: LiveSettings) -> [SettingChange] {
        zip(earlier.named, named).compactMap { before, after in
            before.value == after.value
                ? nil : SettingChange(name: after.name, before: before.value, after: after.value)
        }
    }

    private var named: [(name: String, value: String)] {
        [
            ("sampling.paused", "\(isPaused)"), ("sampling.rate", "\(sampling.rate)"),
            (
                "sampling.rates",
                sampling.fixedRates.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }.joined(separator: ", ")
            ),
            ("sampling.unit", sampling.unit.rawValue), ("sampling.target_per_day", "\(sampling.targetPerDay)"),
            ("sampling.control_rate", "\(sampling.controlRate)"), ("sampling.seed", sampling.seed),
            ("sampling.session_from", sampling.sessionFrom.map(\.description).joined(separator: ", ")),
            ("shadow.tokens_per_minute", sampling.tokensPerMinute.map { "\($0)" } ?? "none"),
            ("shadow.timeout", "\(limits.timeout)"), ("shadow.connect_timeout", "\(limits.connectTimeout)"),
            ("shadow.stall_timeout", "\(limits.stallTimeout)"), ("shadow.max_in_flight", "\(limits.maximumInFlight)"),
            ("shadow.max_queue", "\(limits.maximumQueued)"), ("shadow.max_buffered", "\(limits.maximumBufferedBytes)"),
            ("shadow.max_controls_in_flight", "\(limits.maximumControlsInFlight)"),
            ("shadow.max_answer", "\(limits.maximumAnswerBytes)"),
            ("shadow.breaker.failures", "\(limits.breaker.failures)"),
            ("shadow.breaker.probe_every", "\(limits.breaker.probeEvery)"),
        ]
    }
}

/// One setting that was changed while mirroring ran.
package struct SettingChange: Sendable, Equatable {
    /// The key of the configuration file, dotted.
    package var name: String
    package var before: String
    package var after: String
}
