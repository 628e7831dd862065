package import Vocabulary
import Wire

/// Every score of one pair.
package struct ComputedScores: Sendable, Equatable {
    package var stable = ScoreList(Scorers.ofAnswers)
    package var shadow = ScoreList(Scorers.ofAnswers)
    /// Those of the control's answer, and its agreement with stable's first answer; empty where no control was drawn.
    package var control = ScoreList(Scorers.ofControls)
    /// Agreement of shadow and stable.
    package var pair = ScoreList(Scorers.ofPairs)

    package init() {}
}

/// The built-in scorers: pure functions of a pair, with names and versions.
///
/// What a pair costs is bounded whatever its texts are: each is gone through a fixed number of times up to a length, and what
/// is not linear is paid for in steps (`StepBudget`). A score that would take more is not defined.
///
/// A value, because it remembers the schemas of the last requests; use one per thread.
package struct Scorers {
    /// Bytes of an answer, its tool calls included.
    ///
    /// Of a longer one only those scores are defined that rest on no text.
    package static let maximumAnswerBytes = 1 << 20
    /// Bytes of a prompt; a longer one counts as not known.
    package static let maximumPromptBytes = 2 << 20

    /// The scorers of one answer.
    package static let ofAnswers = response.map { Scorer(name: $0.name, version: String($0.version)) }

    /// The scorers of two answers to one request.
    package static let ofPairs = pairwise.map { Scorer(name: $0.name, version: String($0.version)) }

    /// All of them.
    package static let all = ofAnswers + ofPairs

    /// The scores of a control: those of its answer, and of the two answers of stable.
    static let ofControls = all

    /// A few requests' schemas; as trees they take up to some twenty times the bytes of their texts.
    private var shapes: [ShapeKey: RequestShape] = [:]
    /// Of the texts by which they are known.
    private var shapeBytes = 0
    private static let maximumShapeBytes = 512 << 10
    private static let maximumShapes = 256

    private struct ShapeKey: Hashable {
        var endpoint: String
        var responseFormat: String?
        var tools: String?
    }

    package init() {}

    /// Every score that is defined for a pair.
    package mutating func score(_ pair: Pair) -> ComputedScores {
        let shape = shape(of: pair.request, endpoint: pair.endpoint)
        let known = pair.prompt.flatMap { $0.utf8.count <= Self.maximumPromptBytes ? $0 : nil } ?? ""
        var text = known
        let prompt = text.isEmpty ? nil : text.withUTF8 { PromptFeatures(known, $0) }
        var scores = ComputedScores()
        func features(_ answer: LegAnswer, _ list: inout ScoreList) -> AnswerFeatures? {
            // What our own budget shed was never asked, so nothing is known of it.
            guard answer.outcome != .shed else { return nil }
            guard answer.readByteCount <= Self.maximumAnswerBytes else {
                for (place, scorer) in Self.response.enumerated() {
                    list.values[place] = scorer.score(unread: answer)
                }
                return nil
            }
            let features = AnswerFeatures(answer, shape: shape, prompt: prompt)
            for (place, scorer) in Self.response.enumerated() { list.values[place] = scorer.score(features) }
            return features
        }
        let stable = features(pair.stable, &scores.stable)
        let shadow = features(pair.shadow, &scores.shadow)
        if let stable, let shadow {
            for (place, scorer) in Self.pairwise.enumerated() {
                scores.pair.values[place] = scorer.score(stable, shadow)
            }
        }
        guard let answer = pair.control else { return scores }
        let control = features(answer, &scores.control)
        if let stable, let control {
            for (place, scorer) in Self.pairwise.enumerated() {
                scores.control.values[Self.ofAnswers.count + place] = scorer.score(stable, control)
            }
        }
        return scores
    }

    private mutating func shape(of request: RequestParameters, endpoint: String) -> RequestShape {
        guard request.responseFormat != nil || request.tools != nil else {
            return RequestShape(request, of: nil)
        }
        let key = ShapeKey(endpoint: endpoint, responseFormat: request.responseFormat, tools: request.tools)
        if let known = shapes[key] { return known }
        let shape = RequestShape(request, of: APIShapes.provided.shape(of: Endpoint(rawValue: endpoint)))
        // Requests of one application share a few schemas; whatever overflows, or is large, is parsed again.
        let bytes = request.structureByteCount
        guard bytes <= Self.maximumShapeBytes / 8 else { return shape }
        if shapes.count >= Self.maximumShapes || shapeBytes + bytes > Self.maximumShapeBytes {
            shapes = [:]
            shapeBytes = 0
        }
        shapes[key] = shape
        shapeBytes += bytes
        return shape
    }
}

extension LegAnswer {
    /// Bytes that the scorers would read.
    fileprivate var readByteCount: Int {
        toolCalls.reduce(text.utf8.count) { $0 + $1.name.utf8.count + $1.arguments.utf8.count }
    }
}

extension Pair {
    /// This pair with its built-in scores joined; scores that it carries under other names stay.
    package func scored(by scorers: inout Scorers) -> (pair: Pair, pairScores: [String: Double]) {
        let scores = scorers.score(self)
        var copy = self
        copy.stable.scores.merge(scores.stable.byName) { $1 }
        copy.shadow.scores.merge(scores.shadow.byName) { $1 }
        copy.control?.scores.merge(scores.control.byName) { $1 }
        return (copy, scores.pair.byName)
    }
}
