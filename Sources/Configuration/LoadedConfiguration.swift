package import Vocabulary

/// What a configuration is loaded for, and so what it has to say.
package enum ConfigurationPurpose: Sendable, Equatable {
    /// To serve: `stable` and `shadow` are required, and every secret that is named has to be set.
    case serve
    /// To be checked: as ``serve``, but a secret that is not set is a warning.
    case check
    /// To judge pairs that are there: every section is optional.
    case evaluate
}

/// A configuration that has passed validation, with where each value comes from.
package struct LoadedConfiguration: Sendable, Equatable {
    package var configuration: UnderstudyConfiguration
    /// The parts that an evaluation takes from a file, nil where neither file nor environment says them.
    package var declared: DeclaredEvaluation
    package var secrets: Secrets
    /// The environment variables that the configuration names as those of secrets, set or not.
    package var secretVariables: Set<String>
    /// Every value in force, in the order of the file format.
    package var rows: [ConfigurationRow]
    /// Whole sentences for the log: what is odd but not wrong.
    package var warnings: [String]

    /// Where the value of a key was said, or nil where there is no such key.
    package func origin(of key: String) -> ConfigurationOrigin? {
        rows.first { $0.key == key }?.origin
    }
}

/// What a file or a stored declaration says about how to judge; nil where it says nothing.
package struct DeclaredEvaluation: Sendable, Equatable {
    package var experimentName: String?
    package var horizon: Duration?
    package var extendedHorizon: Duration?
    package var stableVersion: String?
    package var shadowVersion: String?
    /// `stable.max_error_rate`, 0…1.
    package var maxErrorRate: Double?
    package var controlRate: Double?
    /// The classes that the intent rules can assign, `other` last; nil where there are no rules.
    package var intentClasses: [IntentClass]?
    package var minShare: Double?
    package var accept: [Acceptance]?
    package var gates: [Gate]?

    package init(
        experimentName: String? = nil,
        horizon: Duration? = nil,
        extendedHorizon: Duration? = nil,
        stableVersion: String? = nil,
        shadowVersion: String? = nil,
        maxErrorRate: Double? = nil,
        controlRate: Double? = nil,
        intentClasses: [IntentClass]? = nil,
        minShare: Double? = nil,
        accept: [Acceptance]? = nil,
        gates: [Gate]? = nil
    ) {
        self.experimentName = experimentName
        self.horizon = horizon
        self.extendedHorizon = extendedHorizon
        self.stableVersion = stableVersion
        self.shadowVersion = shadowVersion
        self.maxErrorRate = maxErrorRate
        self.controlRate = controlRate
        self.intentClasses = intentClasses
        self.minShare = minShare
        self.accept = accept
        self.gates = gates
    }
}
