import Vocabulary

/// The ordered rules that give a request its class.
extension Reading {
    func intents(_ root: Section) -> [IntentRule] {
        let example = "[{ class: payment, any_of: [refund] }]"
        var rules: [IntentRule] = []
        for item in root.list("intents", of: "rules", example: example) ?? [] {
            guard let section = item.mapping(example: "{ class: payment, any_of: [refund] }"),
                let rule = intentRule(section, item.key)
            else { continue }
            rules.append(rule)
        }
        return rules
    }

    private func intentRule(_ section: Section, _ key: String) -> IntentRule? {
        let from = section.value("from", .field)
        let classes = strings(section, "classes", of: "class names", example: "[order_status, returns]", .className)
        let name = section.value("class", .className)
        let anyOf = strings(
            section,
            "any_of",
            of: "texts",
            example: "[refund, invoice]",
            .text("a text to look for", example: "refund")
        )
        let matches = section.value("matches", .pattern(example: "'(?i)^how (do|can) i'", refusingEmptyMatch: false))
        let pasted: [PastedKind]? = items(
            section,
            "pasted",
            of: "kinds of structure",
            example: "[json, table]",
            .choice("what can be pasted")
        )

        let says = { (name: String) in section.has(name) }
        let conditions = ["any_of", "matches", "pasted"].filter(says)
        if says("from") {
            for other in ["class"] + conditions where says(other) {
                report(
                    .contradiction,
                    at: "\(key).\(other)",
                    "\(key).\(other) does not go with from, which takes the caller's own word; "
                        + "write it as a rule of its own."
                )
                return nil
            }
            if !says("classes") {
                report(
                    .missing,
                    at: key,
                    "\(key).classes is missing; list the words that the caller may say, "
                        + "as in classes: [order_status, returns]."
                )
            }
            guard let from, let classes else { return nil }
            return .callersWord(from, classes: classes.map(IntentClass.init(rawValue:)))
        }
        if says("classes") {
            report(
                .contradiction,
                at: "\(key).classes",
                "\(key).classes needs a from, the place of the caller's own word, as in from: header:x-intent-class; "
                    + "for a rule on the prompt write class."
            )
            return nil
        }
        if !says("class") {
            report(
                .missing,
                at: key,
                "\(key) has neither class nor from; name the class that it assigns, as in class: payment."
            )
        } else if conditions.isEmpty {
            report(
                .missing,
                at: key,
                "\(key) has a class but no condition; add any_of, matches or pasted, as in any_of: [refund]."
            )
        }
        guard let name else { return nil }
        return .prompt(
            class: IntentClass(rawValue: name),
            PromptConditions(anyOf: anyOf ?? [], matches: matches, pasted: pasted ?? [])
        )
    }

    private func strings(
        _ section: Section,
        _ name: String,
        of noun: String,
        example: String,
        _ kind: ScalarKind<String>
    ) -> [String]? {
        items(section, name, of: noun, example: example, kind)
    }

    /// The scalars of a list that must not be empty and in which nothing stands twice.
    private func items<Value: Equatable>(
        _ section: Section,
        _ name: String,
        of noun: String,
        example: String,
        _ kind: ScalarKind<Value>
    ) -> [Value]? {
        guard let items = section.list(name, of: noun, example: example) else { return nil }
        let key = section.path(of: name)
        if items.isEmpty {
            report(.wrongValue, at: key, "\(key) is empty; list at least one of the \(noun), for example \(example).")
        }
        var values: [Value] = []
        for item in items {
            guard let value = item.scalar(kind) else { continue }
            if values.contains(value) {
                report(
                    .contradiction,
                    item.place,
                    item.key,
                    "\(item.key) is \(kind.show(value)) a second time; take it out."
                )
            }
            values.append(value)
        }
        return values
    }
}
