import Vocabulary

/// The ordered rules that give a request its class.
extension Reading {
    func intents(_ root: Section) -> [IntentRule] {
        var rules: [IntentRule] = []
        for item in root.list(ConfigurationKeys.keys.intents.list) ?? [] {
            guard let section = item.mapping(),
                let rule = intentRule(section, item.key)
            else { continue }
            rules.append(rule)
        }
        return rules
    }

    private func intentRule(_ section: Section, _ key: String) -> IntentRule? {
        let keys = ConfigurationKeys.keys.intents
        let from = section.value(keys.from)
        let classes = items(section, keys.classes)
        let name = section.value(keys.name)
        let anyOf = items(section, keys.anyOf)
        let matches = section.value(keys.matches)
        let pasted = items(section, keys.pasted)

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

    /// The scalars of a list that must not be empty and in which nothing stands twice.
    private func items<Value: Equatable>(_ section: Section, _ listKey: ScalarListKey<Value>) -> [Value]? {
        let (list, kind) = (listKey.list, listKey.kind)
        guard let items = section.list(list) else { return nil }
        let key = section.path(of: list.name)
        if items.isEmpty {
            report(
                .wrongValue,
                at: key,
                "\(key) is empty; list at least one of the \(list.noun), for example \(list.example)."
            )
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
