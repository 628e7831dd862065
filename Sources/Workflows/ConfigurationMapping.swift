package import Configuration
package import Evaluation
package import Mirroring
package import PairStore
import Redaction
import Scoring
package import Vocabulary

/// The configuration file in the terms of the modules, which do not know it.
package enum ConfigurationMapping {
    /// How requests are drawn, under the seed of the experiment.
    package static func sampling(
        _ configuration: UnderstudyConfiguration,
        _ shadow: ShadowConfiguration,
        seed: String
    ) -> SamplingSettings {
        let sampling = configuration.sampling
        return SamplingSettings(
            rate: sampling.rate,
            fixedRates: sampling.rates,
            unit: sampling.unit,
            targetPerDay: sampling.targetPerDay,
            controlRate: sampling.controlRate,
            tokensPerMinute: shadow.tokensPerMinute,
            sessionFrom: sampling.sessionFrom,
            seed: seed
        )
    }

    /// What the shadow may take.
    package static func limits(_ shadow: ShadowConfiguration) -> MirroringLimits {
        MirroringLimits(
            timeout: shadow.timeout,
            maximumInFlight: shadow.maxInFlight,
            maximumQueued: shadow.maxQueue,
            maximumBufferedBytes: shadow.maxBuffered.bytes,
            breaker: .init(failures: shadow.breaker.failures, probeEvery: shadow.breaker.probeEvery)
        )
    }

    /// What may reach the disk; redaction of e-mail addresses and their like where no file says otherwise.
    package static func textPolicy(_ prompts: PromptsConfiguration) throws -> TextPolicy {
        let redactor = try Redactor(rules: prompts.redact.map { .init(name: $0.name, pattern: $0.matches) })
        let makeRedactor: @Sendable () -> TextPolicy.Redact = {
            var scope = RedactionScope()
            return { redactor.redact($0, in: &scope) }
        }
        switch prompts.text {
        case .off: return .promptsOff(redactedBy: makeRedactor)
        case .redacted: return .redacted(by: makeRedactor)
        case .full: return .full
        }
    }

    /// The declaration of a whole configuration.
    package static func declaration(_ configuration: UnderstudyConfiguration) -> Declaration {
        var declaration = Declaration(
            gates: configuration.gates,
            minimumShare: configuration.minShare,
            accept: configuration.accept,
            horizon: configuration.experiment.horizon,
            extendedHorizon: configuration.experiment.extendedHorizon,
            classes: configuration.intentClasses.filter { $0 != .other }
        )
        if let stable = configuration.stable { declaration.stableMaximumErrorRate = stable.maxErrorRate }
        return declaration
    }

    /// The plan of a configuration before anything was seen: its target of sessions a day is taken to be reached.
    package static func plan(_ configuration: UnderstudyConfiguration) -> Plan {
        let target = configuration.sampling.targetPerDay
        return Plan(declaration(configuration), sessionsPerDay: target > 0 ? Double(target) : nil)
    }

    /// What a file declares for an evaluation; what it does not say is as `stored`.
    static func declaration(_ declared: DeclaredEvaluation, over stored: Declaration) -> Declaration {
        var declaration = stored
        if let gates = declared.gates { declaration.gates = gates }
        declaration.minimumShare = declared.minShare ?? declaration.minimumShare
        declaration.accept = declared.accept ?? declaration.accept
        declaration.horizon = declared.horizon ?? declaration.horizon
        declaration.extendedHorizon = declared.extendedHorizon ?? declaration.extendedHorizon
        declaration.stableMaximumErrorRate = declared.maxErrorRate ?? declaration.stableMaximumErrorRate
        return declaration
    }
}
