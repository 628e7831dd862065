package import Foundation
package import JSON
package import Vocabulary

/// One rating, from any of the forms that are read.
package struct RatingLine: Sendable, Equatable {
    package enum Judgement: Sendable, Equatable {
        /// Against an exported item, whose key tells whose answer was `a`; one of `RatingChoice.blind`.
        case blind(item: String, choice: RatingChoice, harm: RatingHarm?)
        /// Against a pair, by its id; one of `RatingChoice.open`.
        case open(pair: String, preferred: RatingChoice, harm: RatingHarm?)
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
            guard let choice = try line.choice("choice", of: RatingChoice.blind) else {
                throw .missing("choice", "a blind rating needs one of \(LineReader.list(RatingChoice.blind))")
            }
            judgement = .blind(item: item, choice: choice, harm: try line.choice("harm", of: RatingHarm.blind))
        case (nil, let pair?):
            guard let preferred = try line.choice("preferred", of: RatingChoice.open) else {
                throw .missing("preferred", "a rating of a pair needs one of \(LineReader.list(RatingChoice.open))")
            }
            judgement = .open(pair: pair, preferred: preferred, harm: try line.choice("harm", of: RatingHarm.open))
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
