import JSON
import Vocabulary

/// The sections that say what is sampled, how it is classed and how it is judged.
extension Reading {
    func sampling(_ root: Section) -> SamplingConfiguration {
        let section = root.section("sampling")
        let builtIn = SamplingConfiguration()
        let rate = ScalarKind<Double>.number("a rate", example: "0.1")
        let sampling = SamplingConfiguration(
            rate: section.value("rate", rate, default: builtIn.rate),
            unit: section.value("unit", .choice("the unit of sampling"), default: builtIn.unit),
            sessionFrom: sessionFrom(section),
            controlRate: section.value("control_rate", rate, default: builtIn.controlRate),
            targetPerDay: section.value(
                "target_per_day",
                .whole("the target per class and day, 0 for a fixed rate,", in: 0...1_000_000_000, example: 600),
                default: builtIn.targetPerDay
            )
        )
        return sampling
    }

    /// The rates by class, read once the classes are known, because each of these has a variable of its own.
    func rates(_ root: Section, classes: [IntentClass]) -> [IntentClass: Double] {
        let section = root.section("sampling").section("rates")
        let given = section.givenKeys.map { IntentClass(rawValue: $0.name) }
        var rates: [IntentClass: Double] = [:]
        for intent in given + classes where rates[intent] == nil {
            if let rate = section.value(intent.rawValue, .number("a rate", example: "1.0")) { rates[intent] = rate }
        }
        return rates
    }

    private func sessionFrom(_ section: Section) -> [RequestField] {
        let items = section.list("session_from", of: "places in a request", example: "[header:x-session-id, body:user]")
        guard let items else {
            if places["sampling.session_from"] == nil {
                let text = RequestField.defaultSessionFields.map(\.description).joined(separator: ", ")
                note("sampling.session_from", value: "[\(text)]", nil)
            }
            return RequestField.defaultSessionFields
        }
        var seen: [RequestField] = []
        for item in items {
            guard let field = item.scalar(ScalarKind<RequestField>.field) else { continue }
            if seen.contains(field) {
                report(.contradiction, item.place, item.key, "\(item.key) is \(field) a second time; take it out.")
            }
            seen.append(field)
        }
        return seen
    }

    func prompts(_ root: Section) -> PromptsConfiguration {
        let section = root.section("prompts")
        let builtIn = PromptsConfiguration()
        var prompts = PromptsConfiguration(
            text: section.value("text", .choice("what is kept of a text"), default: builtIn.text),
            retention: section.value(
                "retention",
                .duration(in: .seconds(60) ... .seconds(36_500 * 86_400), example: "30d"),
                default: builtIn.retention
            )
        )
        let example = "[{ name: TICKET, matches: 'T-[0-9]{6}' }]"
        for item in section.list("redact", of: "rules with name and matches", example: example) ?? [] {
            guard let rule = item.mapping(example: "{ name: TICKET, matches: 'T-[0-9]{6}' }") else { continue }
            let name = rule.required("name", .placeholderName, fix: "name the placeholder, as in name: TICKET")
            let matches = rule.required(
                "matches",
                .pattern(example: "'T-[0-9]{6}'", refusingEmptyMatch: true),
                fix: "give the regular expression, as in matches: 'T-[0-9]{6}'"
            )
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
        let builtIn = ExperimentConfiguration()
        let lengths = Duration.seconds(1) ... .seconds(366 * 86_400)
        return ExperimentConfiguration(
            name: section.value("name", .text("a name", example: "v1.2.0-week"), default: builtIn.name),
            horizon: section.value("horizon", .duration(in: lengths, example: "7d"), default: builtIn.horizon),
            extendedHorizon: section.value("extended_horizon", .duration(in: lengths, example: "14d"))
        )
    }

    func minShare(_ root: Section) -> Double {
        root.value("min_share", .number("a share of the traffic", example: "0.02"), default: 0.02)
    }

    func accept(_ root: Section) -> [Acceptance] {
        let example = "[{ class: small_talk, reason: 'rare and harmless' }]"
        var accepted: [Acceptance] = []
        for item in root.list("accept", of: "classes with a reason", example: example) ?? [] {
            guard let section = item.mapping(example: "{ class: small_talk, reason: 'rare and harmless' }") else {
                continue
            }
            let name = section.required("class", .className, fix: "name the class, as in class: small_talk")
            let reason = section.required(
                "reason",
                .text("a reason", example: "'rare and harmless'"),
                fix: "say why an undecided class is accepted, since the report prints it, as in reason: 'rare'"
            )
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
        let example = "[{ metric: error, margin: 0.01, scope: every_intent }]"
        guard let items = root.list("gates", of: "conditions", example: example) else {
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
            guard let section = item.mapping(example: "{ metric: error, margin: 0.01 }"),
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
        let metric = section.required("metric", .metric, fix: "name what is judged, as in metric: error")
        let margin = section.value("margin", .number("a margin", open: true, example: "0.02"))
        let ratio = section.value("ratio", .ratio)
        let scope = section.value("scope", ScalarKind<Gate.Scope>.choice("a scope")) ?? .everyIntent
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
