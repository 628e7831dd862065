/// What of a text may reach the disk (`prompts.text: off | redacted | full`).
///
/// The policy is applied to every text that the store writes. One call of `makeRedactor` is one scope: the prompt and
/// all answers of a pair go through the same function, so that the same address has the same placeholder everywhere in
/// the pair.
package struct TextPolicy: Sendable {
    /// Replaces what must not be kept.
    package typealias Redact = (String) -> String

    /// Whether prompts are kept at all.
    package let keepsPrompts: Bool
    private let makeRedactor: @Sendable () -> Redact?

    private init(keepsPrompts: Bool, makeRedactor: @escaping @Sendable () -> Redact?) {
        self.keepsPrompts = keepsPrompts
        self.makeRedactor = makeRedactor
    }

    /// Everything is kept as it came.
    package static let full = TextPolicy(keepsPrompts: true, makeRedactor: { nil })

    /// Prompts and answers are kept redacted.
    ///
    /// - Parameter makeRedactor: gives a function that redacts the texts of one pair, called for one after another.
    /// - Returns: the policy.
    package static func redacted(by makeRedactor: @escaping @Sendable () -> Redact) -> TextPolicy {
        TextPolicy(keepsPrompts: true, makeRedactor: { makeRedactor() })
    }

    /// Prompts are not kept; answers are kept redacted.
    ///
    /// - Parameter makeRedactor: as for `redacted(by:)`.
    /// - Returns: the policy.
    package static func promptsOff(redactedBy makeRedactor: @escaping @Sendable () -> Redact) -> TextPolicy {
        TextPolicy(keepsPrompts: false, makeRedactor: { makeRedactor() })
    }

    /// The texts of one pair.
    func scope() -> TextScope {
        TextScope(redactor: makeRedactor())
    }
}

/// The redaction of one pair's texts; used on one thread.
struct TextScope {
    let redactor: TextPolicy.Redact?

    func redact(_ text: String) -> String {
        guard let redactor, !text.isEmpty else { return text }
        return EscapedStrings.redact(text, with: redactor)
    }
}
