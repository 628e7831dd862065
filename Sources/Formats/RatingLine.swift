package import Foundation
package import JSON

/// What a rater who did not know which answer is whose said.
package enum BlindChoice: String, Sendable, Hashable, CaseIterable {
    case a
    case b
    case bothGood = "both_good"
    case bothBad = "both_bad"
}

/// Which of two blinded answers does harm.
package enum BlindHarm: String, Sendable, Hashable, CaseIterable {
    case a
    case b
    case both
}

/// What a rater who is known by whose answer is better said.
package enum OpenPreference: String, Sendable, Hashable, CaseIterable {
    case stable
    case shadow
    case tie
}

/// Which of two models' answers does harm.
package enum OpenHarm: String, Sendable, Hashable, CaseIterable {
    case stable
    case shadow
    case both
}

/// One rating, from any of the forms that are read.
package struct RatingLine: Sendable, Equatable {
    package enum Judgement: Sendable, Equatable {
        /// Against an exported item, whose key tells whose answer was `a`.
        case blind(item: String, choice: BlindChoice, harm: BlindHarm?)
        /// Against a pair, by its id.
        case open(pair: String, preferred: OpenPreference, harm: OpenHarm?)
    }

    package var judgement: Judgement
    package var rater: String
    package var comment: String?
    package var time: Date?

    package init(judgement: Judgement, rater: String, comment: String? = nil, time: Date? = nil) {
        self.judgement = judgement
        self.rater = rater
        self.comment = comment
        self.time = time
    }
}

extension RatingLine {
    /// Reads a rating in this project's own form.
    ///
    /// - Throws: `LineError`, a sentence without the file and the line, which the caller puts in front.
    package init(_ value: JSON) throws(LineError) {
        let line = try LineReader(value)
        guard let rater = try line.identifier("rater") else { throw .missing("rater", "a rating needs its rater") }
        self.rater = rater
        comment = try line.string("comment")
        time = try line.string("time").map { text throws(LineError) in
            guard let date = Timestamp.date(text) else {
                throw LineError("The key `time` must be an RFC 3339 time such as \"2026-11-16T09:00:00Z\".")
            }
            return date
        }
        switch (try line.identifier("item"), try line.identifier("pair")) {
        case (let item?, nil):
            guard let choice = try line.choice("choice", BlindChoice.self) else {
                throw .missing("choice", "a blind rating needs one of \(LineReader.list(BlindChoice.self))")
            }
            judgement = .blind(item: item, choice: choice, harm: try line.choice("harm", BlindHarm.self))
        case (nil, let pair?):
            guard let preferred = try line.choice("preferred", OpenPreference.self) else {
                throw .missing("preferred", "a rating of a pair needs one of \(LineReader.list(OpenPreference.self))")
            }
            judgement = .open(pair: pair, preferred: preferred, harm: try line.choice("harm", OpenHarm.self))
        case (nil, nil):
            throw .missing("item", "a rating needs `item` (blind) or `pair` (open)")
        case (_?, _?):
            throw LineError("A rating has either `item` (blind) or `pair` (open), and this one has both.")
        }
    }

    /// The rating in this project's own form; what is absent is left out.
    package var json: JSON {
        var line = JSON.Object()
        switch judgement {
        case .blind(let item, let choice, let harm):
            line["item"] = .string(item)
            line["rater"] = .string(rater)
            line["choice"] = .string(choice.rawValue)
            line["harm"] = harm.map { .string($0.rawValue) }
        case .open(let pair, let preferred, let harm):
            line["pair"] = .string(pair)
            line["rater"] = .string(rater)
            line["preferred"] = .string(preferred.rawValue)
            line["harm"] = harm.map { .string($0.rawValue) }
        }
        line["comment"] = comment.map(JSON.string)
        line["time"] = time.map { .string(Timestamp.text($0)) }
        return .object(line)
    }
}
