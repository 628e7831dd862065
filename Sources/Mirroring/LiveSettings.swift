import Vocabulary

/// The settings of mirroring that can be changed while it runs.
package struct LiveSettings: Sendable, Equatable {
    package var isPaused: Bool
    package var sampling: SamplingSettings
    package var limits: MirroringLimits

    /// The settings at the start.
    init(_ configuration: MirroringConfiguration) {
        isPaused = false
        sampling = configuration.sampling
        limits = configuration.limits
    }

    /// The settings that differ from `earlier`, one by one, for the record of changes.
    func changes(since earlier: LiveSettings) -> [SettingChange] {
        LiveSetting.all.compactMap { setting in
            let (before, after) = (setting.text(earlier), setting.text(self))
            return before == after ? nil : SettingChange(name: setting.name, before: before, after: after)
        }
    }

    /// Takes over chosen settings of another value.
    ///
    /// - Parameters:
    ///   - other: the source of the values.
    ///   - isTaken: whether to take over the setting of this name, which is its key in the configuration file, if it has one.
    package mutating func take(from other: LiveSettings, where isTaken: (String) -> Bool) {
        for setting in LiveSetting.all where isTaken(setting.name) { setting.copy(other, &self) }
    }
}

/// One setting that was changed while mirroring ran.
package struct SettingChange: Sendable, Equatable {
    /// The key of the configuration file, dotted.
    package var name: String
    package var before: String
    package var after: String
}

/// A setting with its key in the configuration file, or, where it has none, a name of that form.
private struct LiveSetting: Sendable {
    let name: String
    let text: @Sendable (LiveSettings) -> String
    let copy: @Sendable (LiveSettings, inout LiveSettings) -> Void

    init<Value>(
        _ name: String,
        _ path: any WritableKeyPath<LiveSettings, Value> & Sendable,
        text: @escaping @Sendable (Value) -> String = { "\($0)" }
    ) {
        self.name = name
        self.text = { text($0[keyPath: path]) }
        copy = { $1[keyPath: path] = $0[keyPath: path] }
    }

    static let all = [
        LiveSetting("sampling.paused", \.isPaused),
        LiveSetting("sampling.rate", \.sampling.rate),
        LiveSetting("sampling.rates", \.sampling.fixedRates) { rates in
            rates.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }.joined(separator: ", ")
        },
        LiveSetting("sampling.unit", \.sampling.unit) { $0.rawValue },
        LiveSetting("sampling.target_per_day", \.sampling.targetPerDay),
        LiveSetting("sampling.control_rate", \.sampling.controlRate),
        LiveSetting("sampling.seed", \.sampling.seed),
        LiveSetting("sampling.session_from", \.sampling.sessionFrom) { fields in
            fields.map(\.description).joined(separator: ", ")
        },
        LiveSetting("shadow.tokens_per_minute", \.sampling.tokensPerMinute) { $0.map { "\($0)" } ?? "none" },
        LiveSetting("shadow.timeout", \.limits.timeout),
        LiveSetting("shadow.connect_timeout", \.limits.connectTimeout),
        LiveSetting("shadow.stall_timeout", \.limits.stallTimeout),
        LiveSetting("shadow.max_in_flight", \.limits.maximumInFlight),
        LiveSetting("shadow.max_queue", \.limits.maximumQueued),
        LiveSetting("shadow.max_buffered", \.limits.maximumBufferedBytes),
        LiveSetting("shadow.max_controls_in_flight", \.limits.maximumControlsInFlight),
        LiveSetting("shadow.max_answer", \.limits.maximumAnswerBytes),
        LiveSetting("shadow.breaker.failures", \.limits.breaker.failures),
        LiveSetting("shadow.breaker.probe_every", \.limits.breaker.probeEvery),
    ]
}
