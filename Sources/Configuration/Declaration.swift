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
    package var declaration: String { JSONText.text(of: declarationJSON) }

    /// Sixteen hexadecimal digits that change when the declaration does.
    ///
    /// FNV-1a with 64 bits (draft-eastlake-fnv): it notices edits, it does not withstand an adversary.
    package var declarationFingerprint: String {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in declaration.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    private var declarationJSON: JSONText.Value {
        var members: [String: JSONText.Value] = [
            "experiment": experimentJSON,
            "sampling": .object([
                "rate": .number(sampling.rate),
                "unit": .text(sampling.unit.rawValue),
                "session_from": .list(sampling.sessionFrom.map { .text($0.description) }),
                "control_rate": .number(sampling.controlRate),
                "target_per_day": .whole(sampling.targetPerDay),
                "rates": .object(sampling.rates.mapValues { .number($0) }),
            ]),
            "prompts": .object(["text": .text(prompts.text.rawValue)]),
            "intents": .list(intents.map(\.json)),
            "min_share": .number(minShare),
            "accept": .list(
                accept.map { .object(["class": .text($0.intent), "reason": .text($0.reason)]) }
            ),
            "gates": .list(gates.map(\.json)),
        ]
        if let stable {
            members["stable"] = .object([
                "model": .text(stable.model), "version": .text(stable.version),
                "max_error_rate": .number(stable.maxErrorRate),
            ])
        }
        if let shadow {
            members["shadow"] = .object([
                "model": .text(shadow.model), "version": .text(shadow.version),
                "timeout": .text(DurationText.text(shadow.timeout)),
            ])
        }
        return .object(members)
    }
}

extension UnderstudyConfiguration {
    fileprivate var experimentJSON: JSONText.Value {
        var members: [String: JSONText.Value] = [
            "name": .text(experiment.name), "horizon": .text(DurationText.text(experiment.horizon)),
        ]
        if let extended = experiment.extendedHorizon {
            members["extended_horizon"] = .text(DurationText.text(extended))
        }
        return .object(members)
    }
}

extension Gate {
    var json: JSONText.Value {
        var members: [String: JSONText.Value] = ["metric": .text(metric), "scope": .text(scope.rawValue)]
        switch margin {
        case .absolute(let margin): members["margin"] = .number(margin)
        case .ratio(let ratio): members["ratio"] = .number(ratio)
        }
        return .object(members)
    }
}

extension IntentRule {
    var json: JSONText.Value {
        switch self {
        case .callersWord(let field, let classes):
            return .object(["from": .text(field.description), "classes": .list(classes.map { .text($0) })])
        case .prompt(let name, let conditions):
            var members: [String: JSONText.Value] = ["class": .text(name)]
            if !conditions.anyOf.isEmpty { members["any_of"] = .list(conditions.anyOf.map { .text($0) }) }
            if let matches = conditions.matches { members["matches"] = .text(matches) }
            if !conditions.pasted.isEmpty { members["pasted"] = .list(conditions.pasted.map { .text($0.rawValue) }) }
            return .object(members)
        }
    }
}
