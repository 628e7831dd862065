import JSON
import Vocabulary

/// The declaration: what decides which pairs there are and how they are judged, as it is stored with the experiment.
///
/// The text is canonical JSON (sorted keys, every default written out, no secrets) *in the shape of the configuration
/// file*. JSON being YAML, a stored declaration is read back by ``ConfigurationLoader`` for
/// ``ConfigurationPurpose/evaluate``, by the same rules as a file. Addresses, paths, URLs and resource limits are not
/// in it: replicas that differ in them declare the same.
extension UnderstudyConfiguration {
    /// The canonical text.
    ///
    /// Equal declarations give equal texts, on any machine.
    package var declaration: String { declarationJSON.text(.yaml) }

    private var declarationJSON: JSON {
        var sections: JSON.Object = [
            "experiment": experiment.json,
            "sampling": sampling.json,
            "prompts": ["text": .string(prompts.text.rawValue)],
            "intents": .array(intents.map(\.json)),
            "min_share": .decimal(minShare),
            "accept": .array(accept.map { ["class": .string($0.intent), "reason": .string($0.reason)] }),
            "gates": .array(gates.map(\.json)),
        ]
        if let stable {
            sections["stable"] = [
                "model": .string(stable.model), "version": .string(stable.version),
                "max_error_rate": .decimal(stable.maxErrorRate),
            ]
        }
        if let shadow {
            sections["shadow"] = [
                "model": .string(shadow.model), "version": .string(shadow.version),
                "timeout": .string(DurationText.text(shadow.timeout)),
            ]
        }
        return .object(sections)
    }
}

extension ExperimentConfiguration {
    fileprivate var json: JSON {
        var members: JSON.Object = [
            "name": .string(name), "horizon": .string(DurationText.text(horizon)),
        ]
        members["extended_horizon"] = extendedHorizon.map { .string(DurationText.text($0)) }
        return .object(members)
    }
}

extension SamplingConfiguration {
    fileprivate var json: JSON {
        [
            "rate": .decimal(rate),
            "unit": .string(unit.rawValue),
            "session_from": .array(sessionFrom.map { .string($0.description) }),
            "control_rate": .decimal(controlRate),
            "target_per_day": JSON(targetPerDay),
            "rates": .object(
                JSON.Object(members: rates.map { .init(key: $0.key.rawValue, value: .decimal($0.value)) })
            ),
        ]
    }
}

extension Gate {
    var json: JSON {
        var members: JSON.Object = ["metric": .string(metric), "scope": .string(scope.rawValue)]
        switch margin {
        case .absolute(let margin): members["margin"] = .decimal(margin)
        case .ratio(let ratio): members["ratio"] = .decimal(ratio)
        }
        return .object(members)
    }
}

extension IntentRule {
    fileprivate var json: JSON {
        switch self {
        case .callersWord(let field, let classes):
            return ["from": .string(field.description), "classes": JSON(classes.map(\.rawValue))]
        case .prompt(let intent, let conditions):
            var members: JSON.Object = ["class": .string(intent.rawValue)]
            if !conditions.anyOf.isEmpty { members["any_of"] = JSON(conditions.anyOf) }
            members["matches"] = conditions.matches.map(JSON.string)
            if !conditions.pasted.isEmpty { members["pasted"] = JSON(conditions.pasted.map(\.rawValue)) }
            return .object(members)
        }
    }
}
