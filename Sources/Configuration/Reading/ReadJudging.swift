import JSON
import Vocabulary

/// The sections that say what is sampled, how it is classed and how it is judged.
extension Reading {
    private var keys: ConfigurationKeys { .keys }

    func sampling(_ root: Section) -> SamplingConfiguration {
        let section = root.section("sampling")
        return SamplingConfiguration(
            rate: section.value(keys.sampling.rate),
            unit: section.value(keys.sampling.unit),
            sessionFrom: sessionFrom(section),
            controlRate: section.value(keys.sampling.controlRate),
            targetPerDay: section.value(keys.sampling.targetPerDay)
        )
    }

    /// The rates by class, read once the classes are known, because each of these has a variable of its own.
    func rates(_ root: Section, classes: [IntentClass]) -> [IntentClass: Double] {
        let section = root.section("sampling").section("rates")
        let given = section.givenKeys.map { IntentClass(rawValue: $0.name) }
        var rates: [IntentClass: Double] = [:]
        for intent in given + classes where rates[intent] == nil {
            if let rate = section.value(intent.rawValue, keys.sampling.rates.kind) { rates[intent] = rate }
        }
        return rates
    }

    private func sessionFrom(_ section: Section) -> [RequestField] {
        let key = keys.sampling.sessionFrom
        guard let items = section.list(key.list) else {
            if places[key.list.path] == nil { note(key.list.path, value: key.list.builtInText, nil) }
            return RequestField.defaultSessionFields
        }
        var seen: [RequestField] = []
        for item in items {
            guard let field = item.scalar(key.kind) else { continue }
            if seen.contains(field) {
                report(.contradiction, item.place, item.key, "\(item.key) is \(field) a second time; take it out.")
            }
            seen.append(field)
        }
        return seen
    }

    func prompts(_ root: Section) -> PromptsConfiguration {
        let section = root.section("prompts")
        var prompts = PromptsConfiguration(
            text: section.value(keys.prompts.text),
            retention: section.value(keys.prompts.retention)
        )
        for item in section.list(keys.prompts.redact) ?? [] {
            guard let rule = item.mapping() else { continue }
            let name = rule.required(keys.prompts.name)
            let matches = rule.required(keys.prompts.matches)
            guard let name, let matches else { continue }
            if prompts.redact.contains(where: { $0.name == name }) {
                report(
                    .contradiction,
                    at: "\(item.key).name",
                    "\(item.key).name is \(name) a second time; join the two expressions with |, or rename one."
                )
            }
            prompts.redact.append(RedactionRule(name: name, matches: matches))
        }
        return prompts
    }

    func experiment(_ root: Section) -> ExperimentConfiguration {
        let section = root.section("experiment")
        return ExperimentConfiguration(
            name: section.value(keys.experiment.name),
            horizon: section.value(keys.experiment.horizon),
            extendedHorizon: section.value(keys.experiment.extendedHorizon)
        )
    }

    func minShare(_ root: Section) -> Double { root.value(keys.minShare) }

    func accept(_ root: Section) -> [Acceptance] {
        var accepted: [Acceptance] = []
        for item in root.list(keys.accept.list) ?? [] {
            guard let section = item.mapping() else { continue }
            let name = section.required(keys.accept.name)
            let reason = section.required(keys.accept.reason)
            guard let name, let reason else { continue }
            if accepted.contains(where: { $0.intent == name }) {
                report(
                    .contradiction,
                    at: "\(item.key).class",
                    "\(item.key).class is \(name) a second time; keep one entry with one reason."
                )
            }
            accepted.append(Acceptance(intent: name, reason: reason))
        }
        return accepted
    }

    func gates(_ root: Section) -> [Gate] {
        guard let items = root.list(keys.gates.list) else {
            if places["gates"] == nil {
                for (index, gate) in Gate.defaults.enumerated() {
                    note("gates[\(index)]", value: gate.json.text(.yaml), nil)
                }
            }
            return Gate.defaults
        }
        if items.isEmpty {
            report(
                .contradiction,
                at: "gates",
                "gates is empty, and without a gate every shadow would pass; leave the key out for the default gates."
            )
        }
        var gates: [Gate] = []
        for item in items {
            guard let section = item.mapping(),
                let gate = gate(section, item.key)
            else { continue }
            if gates.contains(where: { $0.metric == gate.metric && $0.scope == gate.scope }) {
                report(
                    .contradiction,
                    item.place,
                    item.key,
                    "\(item.key) is a second gate on \(gate.metric) with scope \(gate.scope.rawValue); keep one of the two."
                )
            }
            gates.append(gate)
        }
        return gates
    }

    private func gate(_ section: Section, _ key: String) -> Gate? {
        let metric = section.required(keys.gates.metric)
        let margin = section.value(keys.gates.margin)
        let ratio = section.value(keys.gates.ratio)
        let scope = section.value(keys.gates.scope.key) ?? keys.gates.scope.builtIn
        guard let metric, let kind = GateMetric(metric)?.comparison else { return nil }
        let saysMargin = places["\(key).margin"] != nil
        let saysRatio = places["\(key).ratio"] != nil
        let (right, wrong) = kind == .difference ? ("margin: 0.02", "ratio") : ("ratio: 1.2", "margin")
        if saysMargin, saysRatio {
            report(
                .contradiction,
                at: "\(key).\(wrong)",
                "\(key).\(wrong) stands beside \(right.prefix { $0 != ":" }), which alone fits \(metric); take the \(wrong) out."
            )
        } else if kind == .difference ? saysRatio : saysMargin {
            report(
                .contradiction,
                at: "\(key).\(wrong)",
                "\(key).\(wrong) does not fit \(metric), which is a \(kind == .difference ? "rate or a score" : "magnitude"); "
                    + "write for example \(right)."
            )
        } else if !saysMargin, !saysRatio {
            report(
                .missing,
                at: key,
                "\(key) has neither margin nor ratio; say how much worse the shadow may be, for \(metric) as in \(right)."
            )
        }
        switch kind {
        case .difference: return margin.map { Gate(metric: metric, margin: .absolute($0), scope: scope) }
        case .quotient: return ratio.map { Gate(metric: metric, margin: .ratio($0), scope: scope) }
        }
    }
}

extension ScalarKind where Value == String {
    /// The name of a metric that a gate may use.
    static let metric = ScalarKind(
        form: .text("name of a metric"),
        expected: "there is no metric of that name; write for example error, quality.mean or total_time.p99",
        parse: { text throws(Flaw) in
            if GateMetric(text) != nil { return text }
            if MetricCatalogue.magnitudes.contains(where: { $0.name == text }) {
                throw Flaw("a magnitude is judged at a quantile; write for example \(text).p99")
            }
            if MetricCatalogue.scores.contains(where: { $0.name == text })
                || text.hasPrefix(MetricCatalogue.scorePrefix)
            {
                throw Flaw(
                    "a score is judged by .mean, .tail_mass or .severe; write for example "
                        + (text.hasPrefix(MetricCatalogue.scorePrefix) ? "score.NAME.mean" : "\(text).mean")
                )
            }
            let nearest = NearestName.nearest(to: text, among: MetricCatalogue.gateMetricNames)
            throw Flaw("there is no metric of that name; did you mean \(nearest?.name ?? MetricName.error)?")
        },
        show: { $0 }
    )
}
