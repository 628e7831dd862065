import Vocabulary

/// Which requests are mirrored.
struct SamplingKeys: Sendable {
    let rate = DefaultedKey<Double>(
        "sampling.rate",
        .number("a rate", example: "0.1"),
        default: 0.10,
        effect: .live,
        "Share of requests mirrored; with `target_per_day` above 0 (the default) it holds for the first UTC day only."
    )
    let unit = DefaultedKey<SamplingUnit>(
        "sampling.unit",
        .choice("the unit of sampling"),
        default: .session,
        "What is drawn: whole sessions, or each request by itself."
    )
    let sessionFrom = ScalarListKey<RequestField>(
        "sampling.session_from",
        .field,
        of: "places in a request",
        example: "[header:x-session-id, body:user]",
        default: "[\(RequestField.defaultSessionFields.map(\.description).joined(separator: ", "))]",
        "Where a session's id is looked for, in this order."
    )
    let controlRate = DefaultedKey<Double>(
        "sampling.control_rate",
        .number("a rate", example: "0.1"),
        default: 0.1,
        effect: .live,
        "Share of the sampled requests that go to stable twice."
    )
    let targetPerDay = DefaultedKey<Int>(
        "sampling.target_per_day",
        .whole("the target per class and day, 0 for a fixed rate,", in: 0...1_000_000_000, example: 600),
        default: 600,
        unit: "sessions",
        effect: .live,
        "Sessions per class and UTC day; 0 keeps the rate fixed."
    )
    let rates = Key<Double>(
        "sampling.rates.CLASS",
        .number("a rate", example: "1.0"),
        effect: .live,
        "Fixes the rate of a class."
    )
}

/// What is kept of other people's words.
struct PromptsKeys: Sendable {
    let text = DefaultedKey<PromptsConfiguration.Text>(
        "prompts.text",
        .choice("what is kept of a text"),
        default: .redacted,
        "Whether, and in what form, texts are stored."
    )
    let retention = DefaultedKey<Duration>(
        "prompts.retention",
        .duration(in: .seconds(60) ... .seconds(36_500 * 86_400), example: "30d"),
        default: .seconds(30 * 86_400),
        "Prompt texts are deleted after it."
    )
    let redact = ListKey(
        "prompts.redact",
        of: "rules with name and matches",
        example: "[{ name: TICKET, matches: 'T-[0-9]{6}' }]",
        item: "{ name: TICKET, matches: 'T-[0-9]{6}' }",
        "What is replaced besides the built-in kinds."
    )
    let name = Key<String>(
        "prompts.redact[].name",
        .placeholderName,
        fix: "name the placeholder, as in name: TICKET",
        "The placeholder's name: `TICKET` gives `<TICKET_1>`."
    )
    let matches = Key<String>(
        "prompts.redact[].matches",
        .pattern(example: "'T-[0-9]{6}'", refusingEmptyMatch: true),
        fix: "give the regular expression, as in matches: 'T-[0-9]{6}'",
        "What is replaced."
    )
}

/// The ordered rules that give a request its class; the first that matches wins.
struct IntentKeys: Sendable {
    let list = ListKey(
        "intents",
        of: "rules",
        example: "[{ class: payment, any_of: [refund] }]",
        item: "{ class: payment, any_of: [refund] }",
        "Ordered rules that give a request its class: the caller's own word (`from`, `classes`), or what the prompt looks "
            + "like (`class` and every condition given); the first that matches wins, the rest is `other`."
    )
    let from = Key<RequestField>("intents[].from", .field, "Where the caller's own word stands.")
    let classes = ScalarListKey<String>(
        "intents[].classes",
        .className,
        of: "class names",
        example: "[order_status, returns]",
        "The words of the caller that count; required with `from`."
    )
    let name = Key<String>("intents[].class", .className, "What a match is called; required without `from`.")
    let anyOf = ScalarListKey<String>(
        "intents[].any_of",
        .text("a text to look for", example: "refund"),
        of: "texts",
        example: "[refund, invoice]",
        "One of these occurs, as whole words, whatever the case."
    )
    let matches = Key<String>(
        "intents[].matches",
        .pattern(example: "'(?i)^how (do|can) i'", refusingEmptyMatch: false),
        "Found somewhere in the prompt."
    )
    let pasted = ScalarListKey<PastedKind>(
        "intents[].pasted",
        .choice("what can be pasted"),
        of: "kinds of structure",
        example: "[json, table]",
        "One of these is pasted into the prompt."
    )
}

/// Undecided classes that the operator takes as they are.
struct AcceptKeys: Sendable {
    let list = ListKey(
        "accept",
        of: "classes with a reason",
        example: "[{ class: small_talk, reason: 'rare and harmless' }]",
        item: "{ class: small_talk, reason: 'rare and harmless' }",
        "Undecided classes that the operator takes as they are, with the reason that is printed."
    )
    let name = Key<String>(
        "accept[].class",
        .className,
        fix: "name the class, as in class: small_talk",
        "The class."
    )
    let reason = Key<String>(
        "accept[].reason",
        .text("a reason", example: "'rare and harmless'"),
        fix: "say why an undecided class is accepted, since the report prints it, as in reason: 'rare'",
        "Why an undecided class is accepted."
    )
}

/// What the shadow is held to.
struct GateKeys: Sendable {
    let list = ListKey(
        "gates",
        of: "conditions",
        example: "[{ metric: error, margin: 0.01, scope: every_intent }]",
        item: "{ metric: error, margin: 0.01 }",
        default: "the default gates",
        "What the shadow is held to; a list that is given replaces the default."
    )
    let metric = Key<String>(
        "gates[].metric",
        .metric,
        fix: "name what is judged, as in metric: error",
        "What is judged."
    )
    let margin = Key<Double>(
        "gates[].margin",
        .number("a margin", open: true, example: "0.02"),
        "How much worse the shadow may be, for a rate or a score."
    )
    let ratio = Key<Double>(
        "gates[].ratio",
        .ratio,
        "How many times as large as stable's the shadow's figure may be, for a magnitude."
    )
    let scope = DefaultedKey<Gate.Scope>(
        "gates[].scope",
        .choice("a scope"),
        default: .everyIntent,
        "Whether each class is judged, or all together."
    )
}
