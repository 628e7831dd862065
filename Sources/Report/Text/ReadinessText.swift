// The evaluation for a terminal: the verdict first, then its reasons, then class by class with the tails first.

import Evaluation
import Foundation
import Statistics
import Vocabulary

extension Readiness {
    /// The text that `evaluate --format text` prints, with a newline at the end.
    package var text: String {
        var lines = [headline]
        lines += reasons.map { "  - \($0.text)" }
        lines += notes.map { "  note: \($0)" }
        lines.append("")
        lines.append(counts)
        lines += TextTable.lines(of: overall, title: "overall", detail: nil, withMagnitudes: true)
        for intent in intents {
            let detail = Wording.percent(intent.share) + (intent.isGated ? "" : ", below min_share: listed only")
            lines += TextTable.lines(
                of: intent.scope,
                title: intent.intent.rawValue,
                detail: detail,
                withMagnitudes: false
            )
        }
        // Names that a server chose may hold what a terminal takes for commands.
        return lines.map { $0.visible() }.joined(separator: "\n") + "\n"
    }

    private var headline: String {
        let versions = [experiment.stableVersion, experiment.shadowVersion].compactMap(\.self)
        let names = versions.count == 2 ? ", \(versions[0]) → \(versions[1])" : ""
        let time =
            horizon.declared.map { ", \(Wording.duration(horizon.elapsed)) of \(Wording.duration($0))" }
            ?? ", no horizon"
        return "\(verdict.rawValue.uppercased())  \(experiment.name)\(names)\(time)"
    }

    private var counts: String {
        var parts = [
            "\(Wording.count(overall.pairs, "pair")) in \(Wording.count(overall.sessions, "session"))"
        ]
        if overall.pairsNotCompared > 0 {
            parts.append("\(Wording.grouped(overall.pairsNotCompared)) of them not compared")
        }
        if funnel.seen > 0 {
            parts.append(
                "of \(Wording.count(funnel.seen, "request")) seen, \(Wording.grouped(funnel.sampled)) sampled, "
                    + "\(Wording.grouped(funnel.shedTotal + funnel.failedTotal)) lost"
            )
        }
        return parts.joined(separator: ", ")
    }
}

private enum TextTable {
    static func lines(
        of scope: ScopeReadiness,
        title: String,
        detail: String?,
        withMagnitudes: Bool
    ) -> [String] {
        var head = "\(title): \(Wording.count(scope.pairs, "pair")), \(Wording.count(scope.sessions, "session"))"
        if let detail { head += ", \(detail)" }
        var lines = ["", head]
        for gate in scope.gates.sorted(by: { order($0) < order($1) }) { lines.append("  \(line(of: gate))") }
        for metric in scope.metrics {
            switch metric.body {
            case .score(let figures): lines.append("  \(line(of: metric.name, figures))")
            case .harm(let figures, _):
                guard figures.shadowOnly + figures.stableOnly > 0 || (figures.stable.value ?? 0) > 0 else { continue }
                lines.append("  \(line(of: metric.name, figures))")
            case .magnitude(let figures) where withMagnitudes:
                lines.append("  \(line(of: metric.name, metric.unit, figures))")
            case .churn(let figures) where withMagnitudes: lines.append("  \(line(of: metric.name, figures))")
            case .magnitude, .churn: continue
            }
        }
        return lines
    }

    /// What needs attention stands first.
    private static func order(_ gate: GateResult) -> Int {
        switch gate.state {
        case _ where gate.rejects: 0
        case .fail: 1
        case .undecided: 2
        case .accepted: 3
        case .pass: gate.worse ? 4 : 5
        case .notApplicable: 6
        }
    }

    private static func line(of gate: GateResult) -> String {
        let scale: (Double?) -> String = { $0.map { Wording.points($0) } ?? "–" }
        var text = "\(padded(gate.rejects ? "REJECT" : gate.state.rawValue, 14)) \(padded(gate.metric, 26))"
        if gate.estimate == nil, gate.state != .notApplicable {
            text += " no figure, n \(Wording.grouped(gate.sessions))"
        } else if gate.state != .notApplicable {
            text += " harm \(scale(gate.estimate)) (\(scale(gate.lower)) … \(scale(gate.upper))), "
            text += "margin \(Wording.points(gate.margin.harm)), n \(Wording.grouped(gate.sessions))"
        }
        if let needed = gate.neededSessions { text += " of about \(Wording.grouped(needed))" }
        if let eValue = gate.eValue, let threshold = gate.eThreshold, eValue > 1 {
            text += ", e \(Wording.significant(eValue)) of \(Wording.significant(threshold))"
        }
        if gate.worse { text += ", worse within the margin" }
        if let reason = gate.acceptedReason { text += ", accepted: \(reason)" }
        return text
    }

    private static func line(of name: String, _ figures: ScoreFigures) -> String {
        let tail = figures.tailMass
        let mass = tail.value.map { Wording.decimal($0, places: 3) } ?? missing(tail)
        return padded(name, 22)
            + " tail mass \(mass)\(interval(tail, places: 3)), severe \(figures.severeShadow) against "
            + "\(figures.severeStable), p05 \(value(figures.stable.p05)) → \(value(figures.shadow.p05)), "
            + "mean \(value(figures.stable.mean)) → \(value(figures.shadow.mean))\(interval(figures.difference, places: 3))"
    }

    private static func line(of name: String, _ figures: HarmFigures) -> String {
        let rate: (Estimate) -> String = { $0.value.map { Wording.percent($0) } ?? "–" }
        return padded(name, 22)
            + " \(rate(figures.stable)) → \(rate(figures.shadow)), only the shadow \(figures.shadowOnly), "
            + "only stable \(figures.stableOnly)"
    }

    private static func line(of name: String, _ unit: String?, _ figures: MagnitudeFigures) -> String {
        let sides = [
            ("p99", figures.stable.p99, figures.shadow.p99, figures.ratio.p99),
            ("p95", figures.stable.p95, figures.shadow.p95, figures.ratio.p95),
            ("p50", figures.stable.p50, figures.shadow.p50, figures.ratio.p50),
        ]
        let parts = sides.map { name, stable, shadow, ratio in
            let factor = ratio.value.map { ", ×\(Wording.decimal($0, places: 2))" } ?? ""
            return "\(name) \(value(stable)) → \(value(shadow))\(factor)\(interval(ratio, places: 2))"
        }
        return padded(name, 22) + " " + parts.joined(separator: "; ") + (unit.map { " (\($0))" } ?? "")
    }

    private static func line(of name: String, _ figures: ChurnFigures) -> String {
        let control = figures.control.map { ", stable against itself \(value($0))" } ?? ", no control"
        let excess = figures.excess.map { ", excess \(value($0))\(interval($0, places: 3))" } ?? ""
        return padded(name, 22) + " \(value(figures.shadow))\(control)\(excess)"
    }

    private static func value(_ estimate: Estimate) -> String {
        estimate.value.map { Wording.significant($0) } ?? missing(estimate)
    }

    private static func missing(_ estimate: Estimate) -> String {
        estimate.neededSessions.map { "n < \(Wording.grouped($0))" } ?? "–"
    }

    private static func interval(_ estimate: Estimate, places: Int) -> String {
        estimate.interval.map {
            " (\(Wording.decimal($0.lower, places: places)) … \(Wording.decimal($0.upper, places: places)))"
        } ?? ""
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }
}
