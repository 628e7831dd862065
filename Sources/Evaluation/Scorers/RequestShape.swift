import Vocabulary
import Wire

/// What structure a request asked for, read once from its parameters.
struct RequestShape: Sendable, Equatable {
    /// Whether the answer's text has to be JSON.
    private(set) var wantsJSON = false
    /// The schema that the text has to fit; nil where any JSON will do.
    private(set) var schema: JSONSchema?
    /// The tools that were offered, with their parameters' schema where they have one.
    private(set) var tools: [String: JSONSchema?] = [:]

    /// Reads the OpenAI and Anthropic forms of `response_format` and `tools`; what cannot be read asks for nothing.
    init(_ request: RequestParameters) {
        if let text = request.responseFormat, let format = try? JSON(parsing: text) { read(format: format) }
        if let text = request.tools, let list = (try? JSON(parsing: text))?.arrayValue {
            for tool in list {
                let function = tool["function"] ?? tool
                guard let name = function["name"]?.stringValue else { continue }
                let parameters = function["parameters"] ?? function["input_schema"]
                tools[name] = .some(parameters.map(JSONSchema.init))
            }
        }
    }

    private mutating func read(format: JSON) {
        // The Responses endpoint nests it: `text: { format: { … } }`.
        let format = format["format"] ?? format
        switch format["type"]?.stringValue {
        case "json_object": wantsJSON = true
        case "json_schema":
            wantsJSON = true
            schema = (format["json_schema"]?["schema"] ?? format["schema"]).map(JSONSchema.init)
        default: break
        }
    }

    /// Whether an answer breaks the structure that was asked for; nil where none was, and none was given.
    ///
    /// Text is taken as a client takes it: all of it has to parse, so JSON in a code fence or behind "Here is the JSON"
    /// is malformed. 0 means that nothing was violated in the part of the schema that is understood.
    func isMalformed(_ answer: Exchange) -> Bool? {
        if !answer.toolCalls.isEmpty { return answer.toolCalls.contains(where: isMalformed) }
        if wantsJSON {
            guard let value = try? JSON(parsing: answer.text) else { return true }
            return schema?.check(value) == .violates
        }
        return tools.isEmpty ? nil : false
    }

    private func isMalformed(_ call: ToolCall) -> Bool {
        guard let schema = tools[call.name] else { return true }
        // Some servers send no text at all for a call without arguments.
        let text = call.arguments.allSatisfy(\.isWhitespace) ? "{}" : call.arguments
        guard let value = try? JSON(parsing: text), value.objectValue != nil else { return true }
        return schema?.check(value) == .violates
    }
}
