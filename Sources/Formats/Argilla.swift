// Ratings out of Argilla's records (`dataset.records.to_json()` and its relatives; see
// argilla/src/argilla/records/_resource.py, `to_dict`, and _io/_generic.py for the flattened form).
//
// The exported item is `metadata.item`, `fields.item`, or the record's own id. Questions: `choice`, `harm`, `comment`.
// Three shapes are met:
//   2.x nested     "responses": {"choice": [{"value": "a", "user_id": "…"}], …}
//   2.x flattened  "choice.responses": ["a"], "choice.responses.users": ["…"], "choice.responses.status": ["submitted"]
//   1.x            "responses": [{"user_id": "…", "status": "submitted", "values": {"choice": {"value": "a"}}}]
// An answer that is not `submitted`, where the shape tells, is a draft or was discarded.

import JSON

enum Argilla {
    static func isRecord(_ value: JSON) -> Bool {
        guard let members = value.objectValue?.members else { return false }
        return members.contains { member in
            member.key.hasSuffix(".responses") || (member.key == "responses" && !member.value.isNull)
        }
    }

    /// The ratings of one record, and how many of its answers are none.
    static func ratings(of record: JSON) throws(LineError) -> (ratings: [RatingLine], skipped: Int) {
        let item = [
            record["metadata"]?["item"], record["fields"]?["item"], record["item"], record["external_id"], record["id"],
        ].lazy.compactMap(\.self).first { !$0.isNull }
        guard let item else { throw .missing("id", "a record needs it, or `metadata.item`") }
        var ratings: [RatingLine] = []
        var skipped = 0
        let answers = answers(of: record)
        for answer in answers {
            guard answer.isSubmitted, let choice = answer.values["choice"], !choice.isNull else {
                skipped += 1
                continue
            }
            var line: JSON.Object = ["item": item, "choice": choice]
            line["rater"] = answer.user
            if let harm = answer.values["harm"], harm.stringValue != "none" { line["harm"] = harm }
            line["comment"] = answer.values["comment"]
            ratings.append(try RatingLine(.object(line)))
        }
        return (ratings, answers.isEmpty ? 1 : skipped)
    }

    /// What one user said about a record.
    private struct Answer {
        var user: JSON?
        var isSubmitted = true
        var values = JSON.Object()
    }

    private static func answers(of record: JSON) -> [Answer] {
        if let list = record["responses"]?.arrayValue {
            return list.map { response in
                var answer = Answer(user: response["user_id"])
                answer.isSubmitted = response["status"]?.stringValue ?? "submitted" == "submitted"
                for value in response["values"]?.objectValue?.members ?? [] {
                    answer.values[value.key] = value.value["value"] ?? value.value
                }
                return answer
            }
        }
        var answers: [Answer] = []
        func add(_ question: String, value: JSON, user: JSON?, status: JSON?) {
            let position = answers.firstIndex { $0.user == user } ?? answers.count
            if position == answers.count { answers.append(Answer(user: user)) }
            answers[position].values[question] = value
            if let status = status?.stringValue, status != "submitted" { answers[position].isSubmitted = false }
        }
        for question in record["responses"]?.objectValue?.members ?? [] {
            for response in question.value.arrayValue ?? [] {
                add(
                    question.key,
                    value: response["value"] ?? nil,
                    user: response["user_id"],
                    status: response["status"]
                )
            }
        }
        for member in record.objectValue?.members ?? [] where member.key.hasSuffix(".responses") {
            let users = record[member.key + ".users"]
            let statuses = record[member.key + ".status"]
            for (index, value) in (member.value.arrayValue ?? []).enumerated() {
                add(
                    String(member.key.dropLast(".responses".count)),
                    value: value,
                    user: users?[index],
                    status: statuses?[index]
                )
            }
        }
        return answers
    }
}
