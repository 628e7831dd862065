// Ratings out of Label Studio's JSON export: an array of tasks, each with its annotations.
//
// What a task must hold in its `data`: `item`, the exported item; or `pair` (or `pair_id`) with `left_is` (`stable` or
// `shadow`). What an annotation may hold: a `pairwise` result (`left` is answer a), or `choices` under the name
// `choice` with one of the blind choices; `choices` under `harm`; a `textarea` under `comment`. The rater is the e-mail
// address of `completed_by`, else its number.

import Foundation
import JSON
import Vocabulary

enum LabelStudio {
    /// The ratings of one task, and how many of its annotations are none.
    static func ratings(of task: JSON) throws(LineError) -> (ratings: [RatingLine], skipped: Int) {
        var ratings: [RatingLine] = []
        var skipped = 0
        let annotations = task["annotations"]?.arrayValue ?? []
        for annotation in annotations {
            let answers = Answers(annotation["result"]?.arrayValue ?? [])
            if annotation["was_cancelled"]?.boolValue == true || answers.choice == nil {
                skipped += 1
                continue
            }
            ratings.append(try rating(of: answers, annotation: annotation, data: task["data"] ?? [:]))
        }
        return (ratings, annotations.isEmpty ? 1 : skipped)
    }

    private static func rating(of answers: Answers, annotation: JSON, data: JSON) throws(LineError) -> RatingLine {
        var line = JSON.Object()
        let completedBy = annotation["completed_by"]
        line["rater"] = completedBy?["email"] ?? completedBy?["id"] ?? completedBy
        line["comment"] = answers.comment
        // Only as precise as a rating needs; a time that is not RFC 3339 is none.
        line["time"] = annotation["created_at"]?.stringValue.flatMap { Timestamp.date($0) == nil ? nil : .string($0) }
        if let item = data["item"], !item.isNull {
            line["item"] = item
            line["choice"] = answers.choice
            line["harm"] = answers.harm
            return try RatingLine(.object(line))
        }
        let leftIs = data["left_is"]?.stringValue.flatMap(RatingChoice.init)
        guard let pair = data["pair"] ?? data["pair_id"], let left = leftIs, left == .stable || left == .shadow
        else {
            throw .missing("data.item", "a task needs it, or `pair` and `left_is` (\"stable\" or \"shadow\")")
        }
        let right = left == .stable ? RatingChoice.shadow : .stable
        /// Whose answer a blind word means; both of an attribute is what `both` says.
        func opened(_ value: JSON?, both: String) -> JSON? {
            switch value?.stringValue {
            case "a": .string(left.rawValue)
            case "b": .string(right.rawValue)
            case "both_good", "both_bad", "both": .string(both)
            default: value
            }
        }
        line["pair"] = pair
        line["preferred"] = opened(answers.choice, both: RatingChoice.tie.rawValue)
        line["harm"] = opened(answers.harm, both: RatingHarm.both.rawValue)
        return try RatingLine(.object(line))
    }

    /// What one annotator put into the form.
    private struct Answers {
        var choice: JSON?
        var harm: JSON?
        var comment: JSON?

        init(_ results: [JSON]) {
            for result in results {
                let value = result["value"]
                switch (result["type"]?.stringValue, result["from_name"]?.stringValue) {
                case ("pairwise", _):
                    switch value?["selected"]?.stringValue {
                    case "left": choice = "a"
                    case "right": choice = "b"
                    default: break
                    }
                case ("choices", "harm"): harm = Self.bounded(value)
                case ("choices", "choice"): choice = value?["choices"]?[0]
                case ("textarea", _):
                    let lines = value?["text"]?.arrayValue?.compactMap(\.stringValue) ?? []
                    comment = .string(lines.joined(separator: "\n"))
                default: break
                }
            }
        }

        /// The harm; nil for a choice that says there is none.
        private static func bounded(_ value: JSON?) -> JSON? {
            let word = value?["choices"]?[0]
            return word?.stringValue == "none" ? nil : word
        }
    }
}
