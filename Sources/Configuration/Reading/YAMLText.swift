internal import Yams

/// From text to YAML's tree, with the parser's complaints turned into our own sentences.
enum YAMLText {
    /// The top-level mapping of the only document.
    static func topLevel(_ text: String, file: String) throws(ConfigurationError) -> Node.Mapping {
        let root: Node?
        do {
            root = try Yams.compose(yaml: text)
        } catch let error as YamlError {
            throw sentence(for: error, text: text, file: file)
        } catch {
            throw fault(file, line: 1, column: nil, "this is not valid YAML; compare it with the example in the README")
        }
        guard let root else {
            throw fault(file, line: 1, column: nil, "the file is empty; begin with the sections stable and shadow")
        }
        switch root {
        case .mapping(let mapping): return mapping
        case .scalar(let scalar) where scalar.string.isEmpty:
            throw fault(file, line: 1, column: nil, "the file is empty; begin with the sections stable and shadow")
        default:
            throw fault(
                file,
                root.mark,
                "the file is not a mapping of keys to values; write keys at the left margin, as in listen: 127.0.0.1:8080"
            )
        }
    }

    private static func sentence(for error: YamlError, text: String, file: String) -> ConfigurationError {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _):
            if hasTabAtStart(line: mark.line, of: text) {
                return fault(file, mark, "the line is indented with a tab, which YAML forbids; indent with spaces")
            }
            return fault(
                file,
                mark,
                "this is not valid YAML (\(problem)); look for a missing bracket, quote, colon or space on this line "
                    + "or the one before"
            )
        case .composer(_, let problem, let mark, _):
            let fix =
                problem.contains("alias")
                ? "an alias *NAME needs an anchor &NAME before it; quote the text if no alias is meant"
                : "the file holds a second document after a line '---'; keep one"
            return fault(file, mark, fix)
        case .duplicatedKeysInMapping(let names, let context):
            let name = names.first ?? ""
            let again = secondLine(of: name, after: context.mark, in: text)
            var error = fault(
                file,
                line: again ?? context.mark.line,
                column: context.mark.column,
                "\(name) is written twice in the same section (first on line \(context.mark.line)); keep one of the two"
            )
            error.key = name
            return error
        case .reader(_, let offset, _, _):
            let line = offset.map { text.prefix($0).filter(\.isNewline).count + 1 }
            return fault(
                file,
                line: line,
                column: nil,
                "the line has a control character, which YAML forbids; take it out"
            )
        default:
            return fault(
                file,
                line: 1,
                column: nil,
                "this is not valid YAML; compare it with the example in the README"
            )
        }
    }

    private static func fault(_ file: String, _ mark: Mark?, _ message: String) -> ConfigurationError {
        fault(file, line: mark?.line, column: mark?.column, message)
    }

    private static func fault(_ file: String, line: Int?, column: Int?, _ message: String) -> ConfigurationError {
        ConfigurationError(
            kind: .syntax,
            place: .file(file, line: line, column: column),
            key: "",
            message: message + "."
        )
    }

    private static func lines(_ text: String) -> [Substring] {
        text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    }

    private static func hasTabAtStart(line: Int, of text: String) -> Bool {
        let lines = lines(text)
        guard lines.indices.contains(line - 1) else { return false }
        return lines[line - 1].prefix { $0 == " " || $0 == "\t" }.contains("\t")
    }

    /// The next line on which a key of that name starts in the same column; the parser names only the first.
    private static func secondLine(of name: String, after mark: Mark, in text: String) -> Int? {
        lines(text).enumerated().first { index, line in
            guard index >= mark.line else { return false }
            let start = line.unicodeScalars.prefix { $0 == " " || $0 == "-" }
            let rest = line.unicodeScalars.dropFirst(start.count)
            return start.count == mark.column - 1 && String(rest).hasPrefix(name + ":")
        }.map { $0.offset + 1 }
    }
}
