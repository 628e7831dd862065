import Evaluation
import Foundation
import Vocabulary

/// The report in brief: verdict, reasons, a line per class.
struct MarkdownText {
    let readiness: Readiness
    let renderedAt: Date

    init(_ readiness: Readiness, renderedAt: Date) {
        self.readiness = readiness
        self.renderedAt = renderedAt
    }

    var text: String {
        let experiment = readiness.experiment
        var lines = ["# \(readiness.verdict.rawValue.uppercased()): \(escaped(experiment.name))", ""]
        if let stable = experiment.stableVersion, let shadow = experiment.shadowVersion {
            lines += ["\(escaped(stable)) → \(escaped(shadow))", ""]
        }
        lines += readiness.reasons.map { "- \(escaped($0.text))" }
        lines += readiness.notes.map { "- Note: \(escaped($0))" }
        lines += ["", "| class | share | pairs | sessions | gates |", "| --- | ---: | ---: | ---: | --- |"]
        for intent in readiness.intents {
            let gates = intent.gates.sorted { Shown.rank($0) < Shown.rank($1) }
                .map { "\($0.metric): \(Shown.state($0))" }
            let cells = [
                intent.intent.rawValue, Wording.percent(intent.share), Wording.grouped(intent.pairs),
                Wording.grouped(intent.sessions), gates.joined(separator: ", "),
            ]
            lines.append("| " + cells.map(escaped).joined(separator: " | ") + " |")
        }
        let overall = readiness.overall.gates.sorted { Shown.rank($0) < Shown.rank($1) }
            .map { "\($0.metric): \(Shown.state($0))" }
        if !overall.isEmpty { lines += ["", "Overall: " + escaped(overall.joined(separator: ", ")) + "."] }
        lines += ["", "As of \(Wording.day(readiness.asOf)), rendered \(Wording.day(renderedAt))."]
        return lines.joined(separator: "\n") + "\n"
    }

    /// Text of any origin, so that none of it is read as Markdown or as HTML.
    ///
    /// Punctuation has a backslash before it (CommonMark §2.4); what could begin a tag or an entity is an entity. Addresses
    /// and mentions, which GitHub makes links of where they stand bare, are broken by a space of no width.
    private func escaped(_ text: String) -> String {
        let text = text.visible(keepingLines: true).replacing("://", with: ":\u{200B}//").replacing(
            "@",
            with: "@\u{200B}"
        )
        .replacing("www.", with: "www\u{200B}.")
        var escaped = ""
        for character in text {
            switch character {
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "&": escaped += "&amp;"
            case _ where character.isNewline: escaped += " "
            case _ where "\\`*_{}[]#|~".contains(character): escaped += "\\\(character)"
            default: escaped.append(character)
            }
        }
        return escaped
    }
}
