import Vocabulary

/// The reference page of the configuration file, in Markdown, from the table of keys.
package enum ConfigurationReference {
    package static var markdown: String {
        var lines = [
            "# Configuration file",
            "",
            "Every key of the YAML file, its default, and when a change of it holds.",
            "",
            "<!-- Written from the table in Sources/Configuration/Keys by ConfigurationTests; edit that. -->",
            "",
            "## Overview",
            "",
            "Every key outside a list can be set from the environment as `UNDERSTUDY_` and its path in capitals, with `_` for "
                + "what is no letter or digit: `sampling.rate` is `UNDERSTUDY_SAMPLING_RATE`. A flag wins over the "
                + "environment, that over the file, and that over the default. Secrets are only ever read from the "
                + "environment, by the name that a key ending in `_env` gives. `understudy check` prints what is in force "
                + "and from where.",
            "",
            "A size is a number with `B`, `KiB`, `MiB`, `GiB`, `kB`, `MB` or `GB`; a duration one with `ms`, `s`, `m`, `h` or "
                + "`d`. What is *live* is taken over from the file at SIGHUP; the rest holds from the next start on.",
        ]
        for (title, entries) in groups {
            lines += [
                "", "## \(title)", "", "| key | value | default | change | meaning |",
                "| --- | --- | --- | --- | --- |",
            ]
            lines += entries.map(line)
        }
        lines += metrics
        return lines.joined(separator: "\n") + "\n"
    }

    /// The entries by the first component of their paths; single keys, which are no section, come first.
    private static var groups: [(title: String, entries: [KeyEntry])] {
        var single: [KeyEntry] = []
        var sections: [(title: String, entries: [KeyEntry])] = []
        for entry in ConfigurationKeys.entries {
            let name = String(entry.path.prefix { $0 != "." && $0 != "[" })
            let isSingle = entry.path == name && entry.form.isValue
            if isSingle {
                single.append(entry)
            } else if sections.last?.title == name {
                sections[sections.count - 1].entries.append(entry)
            } else {
                sections.append((name, [entry]))
            }
        }
        return [("Single keys", single)] + sections
    }

    private static func line(_ entry: KeyEntry) -> String {
        let value = (entry.isList ? "list: " : "") + entry.form.words + (entry.unit.map { " \($0)" } ?? "")
        let builtIn =
            entry.builtIn.map { entry.isBuiltInWords ? $0 : "`\($0)`" } ?? (entry.isRequired ? "required" : "none")
        let short = entry.shortFormOf.map { " `\($0): …` with this value alone is short for it." } ?? ""
        let cells = [
            "`\(entry.path)`", value, builtIn, entry.effect == .live ? "live" : "restart", entry.meaning + short,
        ]
        return "| " + cells.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ") + " |"
    }

    /// What a gate can be on.
    private static var metrics: [String] {
        [
            "", "## Metrics of gates", "",
            "A harm, a harm of a pair and a churn are named as they stand; a score by "
                + GateMetric.ScoreFigure.allCases.map { "`.\($0.rawValue)`" }.joined(separator: ", ")
                + "; a magnitude by " + GateMetric.quantiles.map { "`.\($0.name)`" }.joined(separator: ", ")
                + ". `\(MetricCatalogue.scorePrefix)NAME` is a score that pairs carry.",
            "", "| metric | kind | better | unit | defined on |", "| --- | --- | --- | --- | --- |",
        ]
            + MetricCatalogue.all.map { metric in
                "| `\(metric.name)` | \(metric.kind.rawValue) | \(metric.kind.better.rawValue) | \(metric.unit ?? "share") | "
                    + "\(metric.definedOn) |"
            }
    }
}

extension ValueForm {
    fileprivate var isValue: Bool {
        if case .section = self { false } else { true }
    }
}
