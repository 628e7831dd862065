package import JSON

/// The path of an API, and the parts of a request in it.
package enum APIPath: Sendable {
    /// Always at one path. The body's `model` names the model, and its `stream` says whether the answer comes as events.
    case fixed(StaticString)
    /// At a path that holds the model's name, and whose end says whether the answer comes as events.
    ///
    /// Such as Gemini's `/v1beta/models/NAME:generateContent` and `…/NAME:streamGenerateContent?alt=sse`. `query` is the end of a
    /// streamed request's target; the rest of a client's query is dropped.
    case naming(prefix: String, whole: String, streamed: String, query: String = "")

    /// The information in a request's target; nil for a target of another API.
    package func words(ofTarget target: String) -> PathWords? {
        let path = target.prefix { $0 != "?" }
        switch self {
        case .fixed(let fixed): return path == fixed.description ? PathWords() : nil
        case .naming(let prefix, let whole, let streamed, _):
            guard path.hasPrefix(prefix) else { return nil }
            for (ending, isStreamed) in [(whole, false), (streamed, true)] where path.hasSuffix(ending) {
                let model = path.dropFirst(prefix.count).dropLast(ending.count)
                guard !model.isEmpty, path.utf8.count == prefix.utf8.count + model.utf8.count + ending.utf8.count,
                    !model.contains("/")
                else { continue }
                return PathWords(model: String(model), isStreamed: isStreamed)
            }
            return nil
        }
    }

    /// The target of a request to a server with its own name for the model.
    ///
    /// - Parameters:
    ///   - words: the information in the client's target.
    ///   - model: the name; nil leaves the client's.
    /// - Returns: the path, and the query where the API needs one.
    package func target(_ words: PathWords, model: String?) -> String {
        switch self {
        case .fixed(let path): return path.description
        case .naming(let prefix, let whole, let streamed, let query):
            let path = prefix + (model ?? words.model ?? "")
            guard words.isStreamed == true else { return path + whole }
            return path + streamed + (query.isEmpty ? "" : "?" + query)
        }
    }

    /// Whether the body names the model.
    var bodyNamesModel: Bool {
        switch self {
        case .fixed: true
        case .naming: false
        }
    }
}

extension APIPath {
    /// The information in a target that is known to be of this API.
    package func words(ofOwnTarget target: @autoclosure () -> String) -> PathWords {
        bodyNamesModel ? PathWords() : words(ofTarget: target()) ?? PathWords()
    }
}

/// The information in the target of a request; nil where it is in the body.
package struct PathWords: Sendable, Hashable {
    package var model: String?
    package var isStreamed: Bool?

    package init(model: String? = nil, isStreamed: Bool? = nil) {
        self.model = model
        self.isStreamed = isStreamed
    }

    /// The model that a request names, in its target or in its body.
    package func model(orIn body: JSON) -> String? { model ?? body["model"]?.stringValue }

    /// Whether a request wants its answer as events, by its target or by its body.
    package func isStreamed(orIn body: JSON) -> Bool { isStreamed ?? body["stream"]?.boolValue ?? false }
}
