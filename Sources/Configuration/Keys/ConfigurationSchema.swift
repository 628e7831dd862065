package import JSON

/// The JSON schema of the configuration file, for editors, from the table of keys.
///
/// It says what a value looks like. What ``ConfigurationLoader`` checks beyond that (values that contradict one another, keys
/// that only `serve` needs) is not in it.
package enum ConfigurationSchema {
    package static var json: JSON {
        var tree = Tree()
        for entry in ConfigurationKeys.entries { tree.add(entry, at: components(of: entry.path)[...]) }
        var schema: JSON.Object = [
            "$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Understudy's configuration file",
        ]
        schema.members += tree.object(requires: false).members
        return .object(schema)
    }

    /// `prompts.redact[].name` in four: an item of a list is a component of its own.
    private static func components(of path: String) -> [String] {
        path.replacing("[]", with: ".[]").split(separator: ".").map(String.init)
    }

    /// A key and those below it.
    private struct Tree {
        var entry: KeyEntry?
        var children: [(name: String, tree: Tree)] = []

        mutating func add(_ entry: KeyEntry, at path: ArraySlice<String>) {
            guard let name = path.first else {
                self.entry = entry
                return
            }
            let index = children.firstIndex { $0.name == name } ?? children.count
            if index == children.count { children.append((name, Tree())) }
            children[index].tree.add(entry, at: path.dropFirst())
        }

        var schema: JSON.Object {
            var schema: JSON.Object
            if let item = children.first, item.name == "[]" {
                schema = ["type": "array", "items": .object(item.tree.object(requires: true))]
            } else if !children.isEmpty {
                schema = object(requires: false)
                if let short = children.lazy.compactMap(\.tree.entry).first(where: { $0.shortFormOf != nil }) {
                    schema = ["anyOf": [.object(short.form.schema), .object(schema)]]
                }
            } else if let entry, entry.isList {
                schema = ["type": "array", "items": .object(entry.form.schema)]
            } else {
                schema = entry?.form.schema ?? [:]
            }
            if let entry {
                schema["description"] = .string(entry.meaning)
                schema["default"] = entry.builtInJSON
            }
            return schema
        }

        /// The children as members.
        ///
        /// - Parameter requires: whether those that have to be said are asked for: in an item of a list they are, in a section
        ///   it depends on what the file is for.
        /// - Returns: the schema of a mapping.
        func object(requires: Bool) -> JSON.Object {
            var schema: JSON.Object = ["type": "object"]
            let named = children.filter { $0.name != "CLASS" }
            if !named.isEmpty {
                schema["properties"] = .object(
                    JSON.Object(members: named.map { .init(key: $0.name, value: .object($0.tree.schema)) })
                )
            }
            let required = named.filter { $0.tree.entry?.isRequired == true }.map(\.name)
            if requires, !required.isEmpty { schema["required"] = JSON(required) }
            let other = children.first { $0.name == "CLASS" }
            schema["additionalProperties"] = other.map { .object($0.tree.schema) } ?? false
            return schema
        }
    }
}

extension KeyEntry {
    /// The default as a value; nil where there is none that can be written down.
    fileprivate var builtInJSON: JSON? {
        guard let builtIn, !isBuiltInWords else { return nil }
        switch form {
        case .number, .ratio, .whole: return Double(builtIn).map { JSON($0) }
        default: return .string(builtIn)
        }
    }
}
