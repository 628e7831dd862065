import Vocabulary

/// A score of one answer, with a name and a version that are kept with every value.
///
/// Raise the version whenever a value can change; values of an older version are then computed anew.
protocol ResponseScorer: Sendable {
    var name: String { get }
    var version: Int { get }
    /// The score, 0…1 (harms 0 or 1); nil where it is not defined for this answer.
    func score(_ answer: AnswerFeatures) -> Double?
    /// The score of an answer that is too long to be read; nil where it rests on the text.
    func score(unread answer: LegAnswer) -> Double?
}

extension ResponseScorer {
    func score(unread answer: LegAnswer) -> Double? { nil }
}

extension Scorers {
    /// The scorers of one answer; the order is that of the values in a `ScoreList`.
    static let response: [any ResponseScorer] = [
        ErrorScorer(), RefusalScorer(), PartialRefusalScorer(), EmptyScorer(), TruncatedScorer(), MalformedScorer(),
        RepetitionScorer(),
        WrongLanguageScorer(), LeakedMarkupScorer(), InjectionObeyedScorer(), IdentifiersIgnoredScorer(),
        IdentifierRecallScorer(), QualityScorer(),
    ]
}

/// Any outcome but `ok`.
///
/// Defined on every call that was played; one that our own budget shed is nobody's error. Misses nothing that the leg noticed; an answer of nonsense with status 200 is not an error.
struct ErrorScorer: ResponseScorer {
    let name = "error"
    let version = 2

    func score(_ answer: AnswerFeatures) -> Double? { score(unread: answer.legAnswer) }

    func score(unread answer: LegAnswer) -> Double? { answer.outcome == .ok ? 0 : 1 }
}

/// The model declines the whole request.
///
/// Defined on answers with outcome `ok`. Catches and misses: `RefusalDetector`; also a finish reason of `refusal` or
/// `content_filter`.
struct RefusalScorer: ResponseScorer {
    let name = "refusal"
    let version = 4

    func score(_ answer: AnswerFeatures) -> Double? {
        answer.legAnswer.outcome == .ok ? (answer.declines ? 1 : 0) : nil
    }
}

/// The model declines a part of the request and delivers the rest.
///
/// Defined on answers with outcome `ok`; 0 for a full refusal. Often it is right to decline a part, so that a change in
/// either direction says that the models differ, and no gate stands on it by default. Catches and misses:
/// `RefusalDetector`; also caveats that sound like declining ("I can't see the table, but …").
struct PartialRefusalScorer: ResponseScorer {
    let name = "partial_refusal"
    let version = 2

    func score(_ answer: AnswerFeatures) -> Double? {
        answer.legAnswer.outcome == .ok ? (answer.declinesPart ? 1 : 0) : nil
    }
}

/// Nothing to show: no text but whitespace or reasoning, and no tool call.
///
/// Defined on answers with outcome `ok`. Misses answers of mere punctuation.
struct EmptyScorer: ResponseScorer {
    let name = "empty"
    let version = 1

    func score(_ answer: AnswerFeatures) -> Double? {
        answer.legAnswer.outcome == .ok ? (answer.isEmpty ? 1 : 0) : nil
    }
}

/// The answer was cut: outcome `truncated`, or a finish reason that says that the token limit was reached.
///
/// Defined on answers with outcome `ok` or `truncated`. A limit that the caller set on purpose cuts both legs alike and
/// cancels out in the difference. Misses models that stop early of themselves.
struct TruncatedScorer: ResponseScorer {
    let name = "truncated"
    let version = 1

    static let reasons: Set<String> = [
        "length", "max_tokens", "max_output_tokens", "model_length", "MAX_TOKENS", "incomplete",
        "model_context_window_exceeded",
    ]

    func score(_ answer: AnswerFeatures) -> Double? { score(unread: answer.legAnswer) }

    func score(unread answer: LegAnswer) -> Double? {
        switch answer.outcome {
        case .truncated: 1
        case .ok: answer.finishReason.map { Self.reasons.contains($0) } ?? false ? 1 : 0
        default: nil
        }
    }
}

/// Text or tool arguments that do not parse, or do not fit the schema or the tools that the request gave.
///
/// Defined on answers with outcome `ok` where the request asked for JSON or offered tools, or the answer called one. A
/// tool call is checked for its name and its arguments. JSON in a code fence is malformed, because a client that asked
/// for JSON parses the text as it is. Misses rules that `SchemaCheck` does not understand. Not defined where the check is
/// given up, because a schema asks for more work than an answer is worth or is larger than a mebibyte.
struct MalformedScorer: ResponseScorer {
    let name = "malformed"
    let version = 1

    func score(_ answer: AnswerFeatures) -> Double? {
        switch answer.structure {
        case .broken: 1
        case .intact: 0
        case .givenUp, nil: nil
        }
    }
}

/// The answer runs in a loop.
///
/// Defined on answers with outcome `ok` or `truncated`. Catches and misses: `RepetitionDetector`.
struct RepetitionScorer: ResponseScorer {
    let name = "repetition"
    let version = 2

    func score(_ answer: AnswerFeatures) -> Double? {
        guard answer.legAnswer.outcome == .ok || answer.legAnswer.outcome == .truncated else { return nil }
        return answer.repetition.loops ? 1 : 0
    }
}

/// None of the identifiers and amounts that the user pasted is taken up.
///
/// Defined on answers with outcome `ok` and without tool calls to a prompt that has identifiers (`Identifiers`).
struct IdentifiersIgnoredScorer: ResponseScorer {
    let name = "identifiers_ignored"
    let version = 2

    func score(_ answer: AnswerFeatures) -> Double? {
        answer.identifiers.map { $0.found == 0 ? 1 : 0 }
    }
}

/// The share of the prompt's identifiers and amounts that the answer takes up.
///
/// Defined as `identifiers_ignored` is.
struct IdentifierRecallScorer: ResponseScorer {
    let name = "identifier_recall"
    let version = 2

    func score(_ answer: AnswerFeatures) -> Double? {
        answer.identifiers.map { Double($0.found) / Double($0.of) }
    }
}

/// A heuristic composite that is graded, so that the better of two answers has the higher mean.
///
/// Defined on every call that was played, but for answers whose structure could not be checked. 0 for an outcome other than `ok`, an empty answer and
/// a refusal. Otherwise the weighted mean
/// of what is defined: identifiers taken up (3; saturates at three of them), relevance to the prompt (2; not across
/// languages), freedom from repetition (2), completeness (1); times 0.3 for broken structure, 0.2 for a loop, 0.4 for
/// the wrong language, 0.5 for all identifiers ignored, 0.6 for a cut at the token limit. It knows nothing of truth: a fluent wrong answer
/// scores high, which is what judges, answer keys and raters are for.
struct QualityScorer: ResponseScorer {
    let name = "quality"
    let version = 5

    func score(_ answer: AnswerFeatures) -> Double? {
        guard answer.legAnswer.outcome == .ok, !answer.isEmpty, !answer.declines else { return 0 }
        guard answer.structure != .givenUp else { return nil }
        var sum = 0.0
        var weight = 0.0
        func add(_ value: Double, _ itsWeight: Double) {
            sum += value * itsWeight
            weight += itsWeight
        }
        if let identifiers = answer.identifiers {
            add(min(1, Double(identifiers.found) / Double(min(3, identifiers.of))), 3)
        }
        // Words of two languages cannot be compared.
        let promptLanguage = answer.prompt?.language
        let isOtherLanguage = answer.language != nil && promptLanguage != nil && answer.language != promptLanguage
        if let relevance = answer.relevance, !isOtherLanguage { add(relevance, 2) }
        // Up to a fifth of repeated four-word sequences is ordinary prose.
        add(1 - min(1, max(0, answer.repetition.repeatedShare - 0.2) / 0.6), 2)
        add(answer.stopsShort ? 0.5 : 1, 1)
        var quality = sum / weight
        if answer.structure == .broken { quality *= 0.3 }
        if answer.repetition.loops { quality *= 0.2 }
        if answer.identifiers?.found == 0 { quality *= 0.5 }
        if TruncatedScorer().score(answer) == 1 { quality *= 0.6 }
        if answer.isInWrongLanguage == true { quality *= 0.4 }
        return quality
    }
}
