import Evaluation
import Formats
import Foundation
import Vocabulary

/// The report as one self-contained page.
struct HTMLPage {
    let readiness: Readiness
    let renderedAt: Date

    init(_ readiness: Readiness, renderedAt: Date) {
        self.readiness = readiness
        self.renderedAt = renderedAt
    }

    var text: String {
        let page: HTML = """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
            <title>\(readiness.verdict.rawValue.uppercased()): \(readiness.experiment.name)</title>
            <style>\(Self.style)</style>
            </head>
            <body>
            \(banner)
            \(classes)
            \(ScopeSection(title: "Overall", detail: "", scope: readiness.overall).html)
            \(HTML(joining: sections))
            \(funnel)
            \(ratings)
            \(method)
            </body>
            </html>

            """
        return page.markup
    }

    private var banner: HTML {
        let experiment = readiness.experiment
        let versions = [experiment.stableVersion, experiment.shadowVersion].compactMap(\.self).joined(separator: " → ")
        let models = [experiment.stableModel, experiment.shadowModel].compactMap(\.self)
        let model = Set(models).count == 1 ? models[0] : models.joined(separator: " → ")
        let horizon =
            readiness.horizon.declared.map {
                "\(Wording.duration(readiness.horizon.elapsed)) of \(Wording.duration($0)) declared"
            } ?? "no horizon declared"
        let facts = [experiment.name, model, versions, horizon].filter { !$0.isEmpty }
        let notes = readiness.notes.map { note -> HTML in "<p class=\"note\">\(note)</p>" }
        return """
            <header class="\(readiness.verdict.rawValue)">
            <h1>\(readiness.verdict.rawValue.uppercased())</h1>
            <p>\(facts.joined(separator: " · "))</p>
            </header>
            <h2>Why</h2>
            \(reasons)
            \(HTML(joining: notes))
            """
    }

    /// What decided stands alone; what is merely undecided is folded away behind it.
    private var reasons: HTML {
        let items = readiness.reasons.map { reason -> (isOpen: Bool, HTML) in
            (reason.kind == .gateUndecided, "<li>\(reason.text)</li>")
        }
        let decided = items.filter { !$0.isOpen }.map(\.1)
        let undecided = items.filter(\.isOpen).map(\.1)
        guard !decided.isEmpty, !undecided.isEmpty else { return "<ol>\(HTML(joining: items.map(\.1)))</ol>" }
        return """
            <ol>\(HTML(joining: decided))</ol>
            <details><summary>\(Wording.count(undecided.count, "gate")) undecided</summary>
            <ol>\(HTML(joining: undecided))</ol></details>
            """
    }

    /// Every class on one line, the gravest gate first.
    private var classes: HTML {
        let ordered = readiness.intents.sorted { one, two in
            let ranks = [one, two].map { intent in
                (intent.isGated ? 0 : 10) + (intent.gates.map(Shown.rank).min() ?? 9)
            }
            return (ranks[0], one.intent) < (ranks[1], two.intent)
        }
        let rows = ordered.map { intent -> HTML in
            let gates = intent.gates.sorted { Shown.rank($0) < Shown.rank($1) }.map { gate -> HTML in
                "<span class=\"state \(Shown.tone(gate))\" title=\"\(gate.metric)\">\(gate.metric): \(Shown.state(gate))</span>"
            }
            return """
                <tr><th scope="row"><a href="#\(anchor(intent.intent))">\(intent.intent.rawValue)</a></th>
                <td class="n">\(Wording.percent(intent.share))</td>
                <td class="n">\(Wording.grouped(intent.pairs))</td><td class="n">\(Wording.grouped(intent.sessions))</td>
                <td>\(HTML(joining: gates, separator: " "))\(intent.isGated ? "" : " (below min_share: listed only)")</td></tr>
                """
        }
        return """
            <h2>Class by class</h2>
            <table><thead><tr><th>Intent class</th><th class="n">Share</th><th class="n">Pairs</th>
            <th class="n">Sessions</th><th>Gates</th></tr></thead><tbody>
            \(HTML(joining: rows))
            </tbody></table>
            """
    }

    private var sections: [HTML] {
        readiness.intents.map { intent in
            ScopeSection(
                title: intent.intent.rawValue,
                detail: "\(Wording.percent(intent.share)) of the traffic"
                    + (intent.isGated ? "" : ", below min_share: listed, neither holds nor rejects"),
                anchor: anchor(intent.intent),
                scope: intent.scope
            ).html
        }
    }

    private func anchor(_ intent: IntentClass) -> String {
        "class-" + hexadecimal(intent.rawValue.utf8)
    }

    private var funnel: HTML {
        let funnel = readiness.funnel
        guard funnel.seen > 0 else {
            return "<h2>Funnel</h2><p>The pairs were imported; there is no funnel.</p>"
        }
        var stages: [(String, Int)] = [("seen", funnel.seen)]
        stages += funnel.notEligible.sorted { $0.key.rawValue < $1.key.rawValue }
            .map { ("not eligible: \($0.key.rawValue)", $0.value) }
        stages += [("not sampled", funnel.notSampled), ("sampled", funnel.sampled)]
        stages += [("in flight", funnel.inFlight), ("stored", funnel.stored)]
        stages += funnel.shed.sorted { $0.key.rawValue < $1.key.rawValue }.map {
            ("shed: \($0.key.rawValue)", $0.value)
        }
        stages += funnel.failed.sorted { $0.key.rawValue < $1.key.rawValue }
            .map { ("failed: \($0.key.rawValue)", $0.value) }
        let rows = stages.map { name, count -> HTML in
            let percent = Wording.percent(Double(count) / Double(funnel.seen))
            return
                "<tr><th scope=\"row\">\(name)</th><td class=\"n\">\(Wording.grouped(count))</td><td class=\"n\">\(percent)</td></tr>"
        }
        return """
            <h2>Funnel</h2>
            <p>\(funnel.addsUp ? "Every request is accounted for." : "The funnel does not add up: do not trust this report.")</p>
            <table class="narrow"><tbody>\(HTML(joining: rows))</tbody></table>
            """
    }

    private var ratings: HTML {
        guard let ratings = readiness.ratings, ratings.ratings > 0 else {
            return "<h2>Human ratings</h2><p>None.</p>"
        }
        let classes = ratings.preferenceByIntent.sorted { $0.key < $1.key }.map { intent, preference -> HTML in
            "<tr><th scope=\"row\">\(intent.rawValue)</th><td>\(Shown.both(preference))</td></tr>"
        }
        var agreement: HTML = "<p>Krippendorff’s α \(Shown.both(ratings.alpha))"
        if let kappa = ratings.judgeKappa { agreement = agreement + ", judge against humans κ \(Shown.both(kappa))" }
        agreement = agreement + ".</p>"
        return """
            <h2>Human ratings</h2>
            <p>\(Wording.count(ratings.ratings, "rating")) of \(Wording.count(ratings.items, "item")) by \
            \(Wording.count(ratings.raters, "rater")). Share that prefers the shadow (a tie is half): \
            \(Shown.both(ratings.preference)).</p>
            \(agreement)
            <table class="narrow"><tbody>\(HTML(joining: classes))</tbody></table>
            """
    }

    private var method: HTML {
        """
        <h2>How to read this</h2>
        <p>Harm is shadow − stable, positive where the shadow is worse, in points of a hundred (ratio gates: per cent over
        stable’s). A gate passes when the upper bound of its harm is below the margin and fails when the lower bound is
        above it; bounds are one-sided at \(Wording.percent(1 - readiness.horizon.alpha)), all other intervals two-sided
        at 95 %. The unit is the session. Tail mass is the share of the shadow’s answers that are as bad as stable’s worst
        5 %: 0.05 is no change. A figure below its minimum n is not shown. REJECT comes from an e-process, which may be
        looked at any time; PROMOTE is judged once, at the horizon.</p>
        <footer>Evaluated as of \(Wording.day(readiness.asOf)), rendered \(Wording.day(renderedAt)) by Understudy.</footer>
        """
    }

    private static let style: HTML = """
        :root { color-scheme: light dark; --good: #2a7d46; --bad: #b3261e; --open: #8a6100; --mute: #777; --line: #8884; }
        body { font: 15px/1.5 system-ui, sans-serif; max-width: 72rem; margin: 0 auto; padding: 1rem; }
        header { padding: .8rem 1.2rem; border-left: .6rem solid var(--mute); background: #8881; }
        header h1 { margin: 0; font-size: 2rem; } header p { margin: 0; }
        header.promote { border-color: var(--good); } header.hold { border-color: var(--open); }
        header.reject { border-color: var(--bad); }
        h2 { margin: 2rem 0 .5rem; } h3 { margin: 1.4rem 0 .3rem; font-size: 1rem; }
        table { border-collapse: collapse; width: 100%; font-size: .92em; } table.narrow { width: auto; }
        th, td { text-align: left; vertical-align: top; padding: .22rem .8rem .22rem 0; border-bottom: 1px solid var(--line); }
        th { font-weight: 600; } tbody th { font-weight: 400; }
        .n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
        .state { white-space: nowrap; padding: 0 .4em; border-radius: .3em; border: 1px solid currentColor; font-size: .9em; }
        .good { color: var(--good); } .bad { color: var(--bad); font-weight: 600; } .open { color: var(--open); }
        .mute { color: var(--mute); } .note { border-left: 3px solid var(--open); padding-left: .6rem; }
        .charts { display: flex; flex-wrap: wrap; gap: 1.5rem; } svg { max-width: 100%; height: auto; }
        svg text { font: 11px system-ui, sans-serif; fill: currentColor; }
        footer { color: var(--mute); margin-top: 2rem; } code { font-size: .9em; overflow-wrap: anywhere; }
        """
}
