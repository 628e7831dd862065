package import JSON

/// The structure that a request asks of its answer, independent of the API.
package struct AskedStructure: Sendable {
    /// A tool on offer.
    package struct Tool: Sendable {
        package let name: String
        /// The schema of its arguments; nil without one.
        package let parameters: JSON?
    }

    /// Whether the answer's text has to be JSON.
    package private(set) var wantsJSON = false
    /// The schema of the text; nil where any JSON is valid.
    package private(set) var schema: JSON?
    package private(set) var tools: [Tool] = []

    /// Reads the forms of `response_format` and `tools` of OpenAI and Anthropic; unreadable ones ask for nothing.
    ///
    /// Imported pairs mix them, so every form is read, whatever the API.
    package init(responseFormat: JSON?, tools: JSON?) {
        if let responseFormat { read(format: responseFormat) }
        for tool in tools?.arrayValue ?? [] {
            let function = tool["function"] ?? tool
            guard let name = function["name"]?.stringValue else { continue }
            self.tools.append(Tool(name: name, parameters: function["parameters"] ?? function["input_schema"]))
        }
    }

    private mutating func read(format: JSON) {
        // `/v1/responses` nests it: `text: { format: { … } }`.
        let format = format["format"] ?? format
        switch format["type"]?.stringValue {
        case "json_object": wantsJSON = true
        case "json_schema":
            wantsJSON = true
            schema = format["json_schema"]?["schema"] ?? format["schema"]
        default: break
        }
    }
}

extension APIShape {
    /// The structure that the response format and the tools of a stored request ask for.
    package func structure(responseFormat: JSON?, tools: JSON?) -> AskedStructure {
        request.structure(responseFormat, tools)
    }
}
