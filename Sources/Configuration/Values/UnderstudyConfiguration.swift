package import Vocabulary

/// Everything that the operator can say, with the defaults that hold where nothing is said.
///
/// The keys of the file, one struct per section. Every scalar key can be set from the environment as `UNDERSTUDY_` and
/// its path in capitals (`sampling.rate` is `UNDERSTUDY_SAMPLING_RATE`).
package struct UnderstudyConfiguration: Sendable, Equatable {
    package var listen: NetworkAddress
    package var console: ConsoleConfiguration
    /// Event loops for user traffic.
    package var threads: Int
    package var store: StoreConfiguration
    /// The path of the key file; never inside the store.
    package var keyFile: String
    package var limits: LimitsConfiguration
    /// Addresses such as 192.0.2.1, and ranges such as 10.0.0.0/8.
    package var trustedProxies: [String] = []
    /// Absent: plain HTTP.
    package var tls: TLSConfiguration?
    package var experiment: ExperimentConfiguration
    /// Never nil when loaded for ``ConfigurationPurpose/serve`` or ``ConfigurationPurpose/check``.
    package var stable: StableConfiguration?
    /// Never nil when loaded for ``ConfigurationPurpose/serve`` or ``ConfigurationPurpose/check``.
    package var shadow: ShadowConfiguration?
    package var sampling: SamplingConfiguration
    package var prompts: PromptsConfiguration
    package var intents: [IntentRule]
    /// Share of the (weighted) traffic, 0…1.
    package var minShare: Double
    package var accept: [Acceptance]
    package var gates: [Gate]

    /// The values that hold where nothing is said.
    package init(
        listen: NetworkAddress = ConfigurationKeys.keys.listen.builtIn,
        console: ConsoleConfiguration = ConsoleConfiguration(),
        threads: Int = ConfigurationKeys.keys.threads.builtIn,
        store: StoreConfiguration = StoreConfiguration(),
        keyFile: String? = nil,
        limits: LimitsConfiguration = LimitsConfiguration(),
        tls: TLSConfiguration? = nil,
        experiment: ExperimentConfiguration = ExperimentConfiguration(),
        stable: StableConfiguration? = nil,
        shadow: ShadowConfiguration? = nil,
        sampling: SamplingConfiguration = SamplingConfiguration(),
        prompts: PromptsConfiguration = PromptsConfiguration(),
        intents: [IntentRule] = [],
        minShare: Double = ConfigurationKeys.keys.minShare.builtIn,
        accept: [Acceptance] = [],
        gates: [Gate] = Gate.defaults
    ) {
        self.listen = listen
        self.console = console
        self.threads = threads
        self.store = store
        self.keyFile = keyFile ?? KeyFile.path(besideStore: store.path)
        self.limits = limits
        self.tls = tls
        self.experiment = experiment
        self.stable = stable
        self.shadow = shadow
        self.sampling = sampling
        self.prompts = prompts
        self.intents = intents
        self.minShare = minShare
        self.accept = accept
        self.gates = gates
    }

    /// Every class that the rules can assign, in the order of the rules, with `other` last.
    package var intentClasses: [IntentClass] {
        var seen = Set<IntentClass>()
        return (intents.flatMap(\.classes) + [.other]).filter { seen.insert($0).inserted }
    }
}
