// The evaluation as JSON, as `evaluate --format json` prints it.
//
// A figure below its minimum n is null with `needed_sessions` beside it: a number where the object holds one figure, an
// object by figure where it holds several. `JSON(Double?)` writes null for what is not finite, so neither NaN nor an
// infinity can be written.

import Evaluation
import Formats
import Foundation
package import JSON
import Statistics
import Vocabulary

extension Readiness {
    /// The document that `evaluate --format json` prints and the console serves.
    package var json: JSON {
        JSON.object([
            "verdict": JSON(verdict.rawValue),
            "reasons": JSON(reasons.map(\.json)),
            "experiment": experiment.json,
            "horizon": horizon.json,
            "funnel": funnel.json,
            "overall": JSON.object(JSON.Object(members: overall.members)),
            "intents": JSON(intents.map(\.json)),
            "ratings": (ratings ?? RatingsFigures()).json,
            "as_of": JSON(Wording.day(asOf)),
            "notes": JSON(notes),
        ])
    }
}

extension Reason {
    fileprivate var json: JSON {
        [
            "kind": JSON(kind.rawValue), "intent": JSON(intent?.rawValue), "metric": JSON(metric), "text": JSON(text),
        ]
    }
}

extension Experiment {
    fileprivate var json: JSON {
        [
            "name": JSON(name),
            "started_at": JSON(startedAt.map(Wording.day)),
            "stable": ["model": JSON(stableModel), "version": JSON(stableVersion)],
            "shadow": ["model": JSON(shadowModel), "version": JSON(shadowVersion)],
        ]
    }
}

extension HorizonState {
    fileprivate var json: JSON {
        [
            "declared": JSON(declared.map(Wording.duration)),
            "extended": JSON(extended.map(Wording.duration)),
            "elapsed": JSON(Wording.duration(elapsed)),
            "reached": JSON(isReached),
            "look": JSON(look),
            "alpha": JSON(alpha),
        ]
    }
}

extension ScopeReadiness {
    fileprivate var members: [JSON.Object.Member] {
        [
            .init(key: "pairs", value: JSON(pairs)),
            .init(key: "sessions", value: JSON(sessions)),
            .init(key: "pairs_not_compared", value: JSON(pairsNotCompared)),
            .init(key: "metrics", value: JSON(metrics.map(\.json))),
            .init(key: "gates", value: JSON(gates.map(\.json))),
        ]
    }
}

extension IntentReadiness {
    fileprivate var json: JSON {
        let own: [JSON.Object.Member] = [
            .init(key: "intent", value: JSON(intent.rawValue)),
            .init(key: "share", value: JSON(share)),
            .init(key: "gated", value: JSON(isGated)),
        ]
        return .object(JSON.Object(members: own + scope.members))
    }
}

extension GateResult {
    fileprivate var json: JSON {
        var object: JSON.Object = [
            "metric": JSON(metric),
            "margin": JSON(margin.harm),
            "state": JSON(state.rawValue),
            "worse": JSON(worse),
            "estimate": JSON(estimate),
            "lower": JSON(lower),
            "upper": JSON(upper),
            "e_value": JSON(eValue),
            "e_threshold": JSON(eThreshold),
            "needed_sessions": JSON(neededSessions),
            "sessions": JSON(sessions),
        ]
        if case .ratio(let ratio) = margin {
            object["ratio"] = JSON(ratio)
            // 1.2 − 1 is not 0.2 in binary.
            object["margin"] = JSON((margin.harm * 1e12).rounded() / 1e12)
        }
        if let acceptedReason { object["accepted_reason"] = JSON(acceptedReason) }
        return .object(object)
    }
}

// MARK: - Figures

extension Interval {
    fileprivate var json: JSON { [JSON(lower), JSON(upper)] }
}

extension Estimate {
    /// An object with this one figure under a name, its interval, and what it still needs.
    fileprivate func json(as name: String = "estimate") -> JSON {
        var object: JSON.Object = [name: JSON(value), "interval": interval?.json ?? .null]
        if let neededSessions { object["needed_sessions"] = JSON(neededSessions) }
        return .object(object)
    }
}

extension MetricFigures {
    fileprivate var json: JSON {
        var object: JSON.Object = [
            "name": JSON(name),
            "kind": JSON(kind.rawValue),
            "unit": JSON(unit),
            "pairs": JSON(pairs),
            "sessions": JSON(sessions),
        ]
        let figures: JSON.Object =
            switch body {
            case .harm(let harm, _): harm.members
            case .score(let score): score.members
            case .magnitude(let magnitude): magnitude.members
            case .churn(let churn): churn.members
            }
        object.members += figures.members
        return .object(object)
    }
}

extension HarmFigures {
    fileprivate var members: JSON.Object {
        [
            "stable": stable.json(as: "rate"),
            "shadow": shadow.json(as: "rate"),
            "control": control?.json(as: "rate") ?? .null,
            "difference": difference.json(),
            "shadow_only": JSON(shadowOnly),
            "stable_only": JSON(stableOnly),
            "worst": JSON(worst.map(\.description)),
        ]
    }
}

extension ScoreFigures {
    fileprivate var members: JSON.Object {
        [
            "stable": stable.json,
            "shadow": shadow.json,
            "control": control?.json ?? .null,
            "difference": difference.json(),
            "tail_mass": tailMass.json(),
            "severe": ["shadow": JSON(severeShadow), "stable": JSON(severeStable)],
            "worst": JSON(
                worst.map {
                    ["pair": .string($0.id.description), "stable": JSON($0.stable), "shadow": JSON($0.shadow)]
                }
            ),
        ]
    }
}

/// Several figures of one object: values by name, then intervals, then what is still needed.
private func several(
    _ figures: [(name: String, estimate: Estimate)],
    intervals: Bool = true
) -> JSON.Object {
    var object = JSON.Object()
    var found = JSON.Object()
    var needed = JSON.Object()
    for (name, estimate) in figures {
        object[name] = JSON(estimate.value)
        found[name] = estimate.interval?.json ?? .null
        if let sessions = estimate.neededSessions { needed[name] = JSON(sessions) }
    }
    if intervals { object["intervals"] = .object(found) }
    if !needed.isEmpty { object["needed_sessions"] = .object(needed) }
    return object
}

extension ScoreSide {
    fileprivate var json: JSON {
        var object: JSON.Object = ["mean": JSON(mean.value), "mean_interval": mean.interval?.json ?? .null]
        let tails = several([("p01", p01), ("p05", p05), ("p10", p10), ("cvar05", cvar05)])
        object.members += tails.members
        object["histogram"] = JSON(histogram.map { JSON($0) })
        return .object(object)
    }
}

extension MagnitudeFigures {
    fileprivate var members: JSON.Object {
        [
            "stable": stable.json,
            "shadow": shadow.json,
            "control": control?.json ?? .null,
            "ratio": .object(
                JSON.Object(members: ratio.figures.map { .init(key: $0.name, value: $0.estimate.json()) })
            ),
        ]
    }
}

extension MagnitudeSide {
    fileprivate var figures: [(name: String, estimate: Estimate)] {
        [("p50", p50), ("p95", p95), ("p99", p99), ("p999", p999)]
    }

    fileprivate var json: JSON { .object(several(figures)) }
}

extension ChurnFigures {
    fileprivate var members: JSON.Object {
        [
            "shadow": shadow.json(as: "rate"),
            "control": control?.json(as: "rate") ?? .null,
            "excess": excess?.json() ?? .null,
        ]
    }
}

extension RatingsFigures {
    fileprivate var json: JSON {
        var byIntent = JSON.Object()
        for (intent, estimate) in preferenceByIntent.sorted(by: { $0.key < $1.key }) {
            byIntent[intent.rawValue] = estimate.json()
        }
        var preference = JSON.Object()
        if items > 0, case .object(var whole) = self.preference.json() {
            whole["by_intent"] = .object(byIntent)
            preference = whole
        }
        return [
            "items": JSON(items),
            "ratings": JSON(ratings),
            "raters": JSON(raters),
            "preference": .object(preference),
            "alpha": alpha.json(),
            "judge_kappa": judgeKappa?.json() ?? .null,
            "ppi": predictionPowered?.json() ?? .null,
        ]
    }
}
