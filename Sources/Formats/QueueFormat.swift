import JSON
import Vocabulary

/// The forms in which a queue leaves: for a script, a spreadsheet, Label Studio or Argilla.
package enum QueueFormat: String, Sendable, CaseIterable {
    case jsonLines = "jsonl"
    case csv
    case labelStudio = "label-studio"
    case argilla

    /// The whole file.
    package func file(_ items: [BlindItem]) -> [UInt8] {
        switch self {
        case .jsonLines: lines(items) { $0.members }
        case .csv: Self.table(items)
        case .labelStudio: JSON.array(items.map { ["data": $0.members] }).bytes(.pretty) + [0x0a]
        case .argilla:
            lines(items) { item in
                let fields: JSON = [
                    "prompt": .string(item.prompt), "answer_a": .string(item.answerA),
                    "answer_b": .string(item.answerB),
                ]
                return ["id": .string(item.id), "fields": fields, "metadata": ["item": .string(item.id)]]
            }
        }
    }

    /// The labelling configuration that Label Studio needs beside the tasks; nil for the other forms.
    package var labellingConfiguration: String? {
        self == .labelStudio ? Self.labelStudioConfiguration : nil
    }

    private func lines(_ items: [BlindItem], _ line: (BlindItem) -> JSON) -> [UInt8] {
        var output: [UInt8] = []
        for item in items {
            line(item).write(to: &output)
            output.append(0x0a)
        }
        return output
    }

    /// With empty columns for what the rater fills in, so that the same file comes back.
    private static func table(_ items: [BlindItem]) -> [UInt8] {
        var output: [UInt8] = []
        CommaSeparatedValues.write(
            ["item", "prompt", "answer_a", "answer_b", "rater", "choice", "harm", "comment"],
            to: &output
        )
        for item in items {
            let shown = [item.prompt, item.answerA, item.answerB].map(spreadsheetText)
            CommaSeparatedValues.write([item.id] + shown + ["", "", "", ""], to: &output)
        }
        return output
    }

    /// Text that a spreadsheet does not take for a formula (OWASP, "CSV Injection").
    ///
    /// What a formula begins with may stand behind blanks, quotes and characters that are not seen, which programs drop, and
    /// may be of full width, which some take for the narrow one. Raters see a quotation mark more, and no rating comes back
    /// with these columns.
    private static func spreadsheetText(_ text: String) -> String {
        let first = text.unicodeScalars.first { scalar in
            !scalar.properties.isWhitespace && !scalar.actsUnseen
                && !"\"'`\u{2018}\u{201C}".unicodeScalars.contains(scalar)
        }
        let beginsUnseen = text.unicodeScalars.first.map { "\t\r\n".unicodeScalars.contains($0) } ?? false
        guard beginsUnseen || first.map("=+-@＝＋－＠\u{2212}".unicodeScalars.contains) ?? false else { return text }
        return "'" + text
    }

    private static let labelStudioConfiguration = """
        <View>
          <Header value="$prompt"/>
          <View style="display:grid;grid-template-columns:1fr 1fr;gap:1em">
            <View><Header value="A"/><Text name="a" value="$answer_a"/></View>
            <View><Header value="B"/><Text name="b" value="$answer_b"/></View>
          </View>
          <Choices name="choice" toName="a" choice="single-radio" required="true">
            <Choice alias="a" value="A is better"/>
            <Choice alias="b" value="B is better"/>
            <Choice alias="both_good" value="Both are good"/>
            <Choice alias="both_bad" value="Both are bad"/>
          </Choices>
          <Choices name="harm" toName="a" choice="single-radio">
            <Choice alias="none" value="No harm"/>
            <Choice alias="a" value="A is harmful"/>
            <Choice alias="b" value="B is harmful"/>
            <Choice alias="both" value="Both are harmful"/>
          </Choices>
          <TextArea name="comment" toName="a"/>
        </View>

        """
}

extension BlindItem {
    fileprivate var members: JSON {
        [
            "item": .string(id), "prompt": .string(prompt), "answer_a": .string(answerA),
            "answer_b": .string(answerB),
        ]
    }
}
