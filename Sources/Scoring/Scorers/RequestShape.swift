import JSON
import Vocabulary
import Wire

/// What structure a request asked for, read once from its parameters.
struct RequestShape: Sendable, Equatable {
    /// Bytes of `response_format` and `tools` together; longer ones are not read, and nothing is said about the structure.
    static let maximumBytes = 1 << 20

    /// Whether it was read; a request that asks for more than that much is not.
    private(set) var isKnown = true
    /// Whether the answer's text has to be JSON.
    private(set) var wantsJSON = false
    /// The schema that the text has to fit; nil where any JSON will do.
    private(set) var schema: JSONSchema?
    /// The tools that were offered, with their parameters' schema where they have one.
    private(set) var tools: [ExactText: JSONSchema?] = [:]

    /// Reads what a request of an API asked for; what cannot be read asks for nothing.
    ///
    /// - Parameters:
    ///   - request: the parameters as they were kept.
    ///   - shape: whose request it is; nil for an API that is not known.
    init(_ request: RequestParameters, of shape: APIShape?) {
        guard request.structureByteCount <= Self.maximumBytes else {
            isKnown = false
            return
        }
        let format = request.responseFormat.flatMap { try? JSON(parsing: $0) }
        let offered = request.tools.flatMap { try? JSON(parsing: $0) }
        let asked =
            shape?.structure(responseFormat: format, tools: offered)
            ?? AskedStructure(responseFormat: format, tools: offered)
        wantsJSON = asked.wantsJSON
        schema = asked.schema.map(JSONSchema.init)
        for tool in asked.tools { tools[ExactText(tool.name)] = .some(tool.parameters.map(JSONSchema.init)) }
    }

    /// What an answer makes of the structure that was asked for.
    enum Finding {
        /// Nothing is violated in the part of the schema that is understood.
        case intact
        /// The check takes more steps than there are, or the request asks for more than is read.
        case givenUp
        case broken
    }

    /// Whether an answer keeps to the structure that was asked for; nil where none was, and none was given.
    ///
    /// Text is taken as a client takes it: all of it has to parse, so JSON in a code fence or behind "Here is the JSON" is broken.
    func finding(in answer: LegAnswer) -> Finding? {
        guard isKnown else { return .givenUp }
        var budget = StepBudget.structure
        if !answer.toolCalls.isEmpty {
            var finding = Finding.intact
            for call in answer.toolCalls {
                switch self.finding(in: call, &budget) {
                case .intact: break
                case .givenUp: finding = .givenUp
                case .broken: return .broken
                }
            }
            return finding
        }
        if wantsJSON {
            guard let value = try? JSON(parsing: answer.text) else { return .broken }
            return finding(of: value, against: schema, &budget)
        }
        return tools.isEmpty ? nil : .intact
    }

    private func finding(in call: ToolCall, _ budget: inout StepBudget) -> Finding {
        guard let schema = tools[ExactText(call.name)] else { return .broken }
        // Some servers send no text at all for a call without arguments.
        let text = call.arguments.allSatisfy(\.isWhitespace) ? "{}" : call.arguments
        guard let value = try? JSON(parsing: text), value.objectValue != nil else { return .broken }
        return finding(of: value, against: schema, &budget)
    }

    private func finding(of value: JSON, against schema: JSONSchema?, _ budget: inout StepBudget) -> Finding {
        switch schema?.check(value, &budget) {
        case .violates: .broken
        case .givenUp: .givenUp
        case .fits, .notChecked, nil: .intact
        }
    }
}

extension RequestParameters {
    /// Bytes of what says which structure is asked for.
    var structureByteCount: Int { (responseFormat?.utf8.count ?? 0) + (tools?.utf8.count ?? 0) }
}
