import Evaluation
import Formats
import Vocabulary

/// One scope (a class, or the whole) with its gates, harms, tails and magnitudes.
struct ScopeSection {
    let title: String
    let detail: String
    var anchor = "overall"
    let scope: ScopeReadiness

    var html: HTML {
        let size =
            [
                Wording.count(scope.pairs, "pair"), Wording.count(scope.sessions, "session"), detail,
                scope.pairsNotCompared > 0 ? "\(Wording.grouped(scope.pairsNotCompared)) not compared" : "",
            ].filter { !$0.isEmpty }.joined(separator: ", ")
        return """
            <section id="\(anchor)">
            <h2>\(title)</h2>
            <p>\(size)</p>
            \(gates)
            <div class="charts">\(HTML(joining: charts))</div>
            \(scores)
            \(harms)
            \(magnitudes)
            \(churn)
            </section>
            """
    }

    private var gates: HTML {
        guard !scope.gates.isEmpty else { return "" }
        let rows = scope.gates.sorted { Shown.rank($0) < Shown.rank($1) }.map { gate -> HTML in
            let evidence =
                gate.eValue.map { "\(Wording.significant($0)) of \(Wording.significant(gate.eThreshold ?? 0))" } ?? "–"
            let needed = gate.neededSessions.map { " of about \(Wording.grouped($0))" } ?? ""
            let unit = if case .ratio = gate.margin { "%" } else { "points" }
            return """
                <tr><th scope="row">\(gate.metric)</th>
                <td><span class="state \(Shown.tone(gate))">\(Shown.state(gate))</span></td>
                <td class="n">\(Shown.points(gate.estimate))</td>
                <td class="n">\(Shown.points(gate.lower)) … \(Shown.points(gate.upper))</td>
                <td class="n">\(Wording.points(gate.margin.harm)) \(unit)</td>
                <td class="n">\(Wording.grouped(gate.sessions))\(needed)</td>
                <td class="n">\(evidence)</td><td>\(gate.acceptedReason ?? "")</td></tr>
                """
        }
        return """
            <h3>Gates</h3>
            <table><thead><tr><th>Metric</th><th>State</th><th class="n">Harm</th><th class="n">Bounds</th>
            <th class="n">Margin</th><th class="n">Sessions</th><th class="n">Evidence</th><th></th></tr></thead>
            <tbody>\(HTML(joining: rows))</tbody></table>
            """
    }

    private var charts: [HTML] {
        var charts = [GateChart(gates: scope.gates).svg].compactMap(\.self)
        for metric in scope.metrics {
            if case .score(let figures) = metric.body {
                charts.append(
                    HistogramChart(
                        title: metric.name,
                        stable: figures.stable.histogram,
                        shadow: figures.shadow.histogram
                    ).svg
                )
            }
        }
        return charts
    }

    private var scores: HTML {
        let rows = scope.metrics.flatMap { metric -> [HTML] in
            guard case .score(let figures) = metric.body else { return [] }
            let sides = [("stable", figures.stable), ("shadow", figures.shadow), ("control", figures.control)]
            return sides.compactMap { name, side -> HTML? in
                guard let side else { return nil }
                let tail = name == "shadow" ? Shown.both(figures.tailMass) : ""
                let difference = name == "shadow" ? Shown.both(figures.difference) : ""
                return """
                    <tr><th scope="row">\(metric.name)</th><td>\(name)</td><td class="n">\(tail)</td>
                    <td class="n">\(Shown.value(side.p01))</td><td class="n">\(Shown.value(side.p05))</td>
                    <td class="n">\(Shown.value(side.p10))</td><td class="n">\(Shown.both(side.cvar05))</td>
                    <td class="n">\(Shown.both(side.mean))</td><td class="n">\(difference)</td></tr>
                    """
            }
        }
        guard !rows.isEmpty else { return "" }
        return """
            <h3>Scores, tails first</h3>
            <table><thead><tr><th>Score</th><th>Side</th><th class="n">Tail mass</th><th class="n">p1</th>
            <th class="n">p5</th><th class="n">p10</th><th class="n">Worst 5 %</th><th class="n">Mean</th>
            <th class="n">Difference</th></tr></thead><tbody>\(HTML(joining: rows))</tbody></table>
            \(worst)
            """
    }

    /// Pairs by id, for whoever may read the store.
    private var worst: HTML {
        let rows = scope.metrics.compactMap { metric -> HTML? in
            guard case .score(let figures) = metric.body, !figures.worst.isEmpty else { return nil }
            let pairs = figures.worst.map { pair -> HTML in
                "<li><code>\(pair.id.description)</code> \(Wording.significant(pair.stable)) → \(Wording.significant(pair.shadow))</li>"
            }
            return "<details><summary>Worst pairs by \(metric.name)</summary><ul>\(HTML(joining: pairs))</ul></details>"
        }
        return HTML(joining: rows)
    }

    private var harms: HTML {
        let rows = scope.metrics.compactMap { metric -> HTML? in
            guard case .harm(let figures, let asymmetric) = metric.body else { return nil }
            let control = figures.control.map { Shown.value($0, { Wording.percent($0) }) } ?? ""
            return """
                <tr><th scope="row">\(metric.name)\(asymmetric ? " (net)" : "")</th>
                <td class="n">\(Shown.both(figures.stable, { Wording.percent($0) }))</td>
                <td class="n">\(Shown.both(figures.shadow, { Wording.percent($0) }))</td><td class="n">\(control)</td>
                <td class="n">\(Shown.both(figures.difference, { Wording.percent($0) }))</td>
                <td class="n">\(figures.shadowOnly) / \(figures.stableOnly)</td>
                <td class="n">\(Wording.grouped(metric.sessions))</td></tr>
                """
        }
        guard !rows.isEmpty else { return "" }
        return """
            <h3>Harms</h3>
            <table><thead><tr><th>Harm</th><th class="n">Stable</th><th class="n">Shadow</th><th class="n">Control</th>
            <th class="n">Difference</th><th class="n">Only shadow / only stable</th><th class="n">Sessions</th></tr></thead>
            <tbody>\(HTML(joining: rows))</tbody></table>
            """
    }

    private var magnitudes: HTML {
        let rows = scope.metrics.flatMap { metric -> [HTML] in
            guard case .magnitude(let figures) = metric.body else { return [] }
            let quantiles: [(String, KeyPath<MagnitudeSide, Estimate>)] = [
                ("p99.9", \.p999), ("p99", \.p99), ("p95", \.p95), ("p50", \.p50),
            ]
            return quantiles.map { name, side -> HTML in
                """
                <tr><th scope="row">\(metric.name)\(metric.unit.map { " (\($0))" } ?? "")</th><td>\(name)</td>
                <td class="n">\(Shown.value(figures.stable[keyPath: side]))</td>
                <td class="n">\(Shown.value(figures.shadow[keyPath: side]))</td>
                <td class="n">\(Shown.both(figures.ratio[keyPath: side]))</td></tr>
                """
            }
        }
        guard !rows.isEmpty else { return "" }
        return """
            <h3>Magnitudes</h3>
            <table class="narrow"><thead><tr><th>Magnitude</th><th>Quantile</th><th class="n">Stable</th>
            <th class="n">Shadow</th><th class="n">Shadow ÷ stable</th></tr></thead>
            <tbody>\(HTML(joining: rows))</tbody></table>
            """
    }

    private var churn: HTML {
        let rows = scope.metrics.compactMap { metric -> HTML? in
            guard case .churn(let figures) = metric.body else { return nil }
            return """
                <tr><th scope="row">\(metric.name)</th><td class="n">\(Shown.both(figures.shadow))</td>
                <td class="n">\(figures.control.map { Shown.both($0) } ?? "no control")</td>
                <td class="n">\(figures.excess.map { Shown.both($0) } ?? "")</td></tr>
                """
        }
        guard !rows.isEmpty else { return "" }
        return """
            <h3>How often the answers differ at all, and how often stable differs from itself</h3>
            <table class="narrow"><thead><tr><th>Difference</th><th class="n">Shadow against stable</th>
            <th class="n">Stable against itself</th><th class="n">Excess</th></tr></thead>
            <tbody>\(HTML(joining: rows))</tbody></table>
            """
    }
}
