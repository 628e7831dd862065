import Vocabulary

/// Why a request must not be played a second time.
///
/// The shadow does not share the provider's memory, and what a provider runs by itself would run twice.
package enum Statefulness: String, Sendable, Hashable, CaseIterable {
    /// `previous_response_id`: continues what the provider stored.
    case previousResponse = "previous_response"
    /// `conversation`: appends to what the provider keeps.
    case conversation
    /// `background: true`: the answer is fetched later, by its id.
    case background
    /// An input item refers to one that the provider stored.
    case itemReference = "item_reference"
    /// A tool that the provider calls itself, with effects outside: an MCP server.
    case remoteTool = "remote_tool"
    /// A named container, whose files outlive the request.
    case container
}

extension MirroredRequest {
    /// Why this request must not be played twice; nil where it may be.
    ///
    /// Provider-side storage of the answer (`store`) is no reason: the shadow's copy of the request switches it off.
    package var statefulness: Statefulness? {
        switch endpoint {
        case .chatCompletions, .completions: return nil
        case .messages:
            if body["mcp_servers"]?.arrayValue?.isEmpty == false { return .remoteTool }
            return isPresent("container") ? .container : nil
        case .responses:
            if isPresent("previous_response_id") { return .previousResponse }
            if isPresent("conversation") { return .conversation }
            if body["background"]?.boolValue == true { return .background }
            if body["input"]?.arrayValue?.contains(where: { $0["type"]?.stringValue == "item_reference" }) == true {
                return .itemReference
            }
            let tools = body["tools"]?.arrayValue ?? []
            if tools.contains(where: { $0["type"]?.stringValue == "mcp" }) { return .remoteTool }
            if tools.contains(where: { $0["container"]?.stringValue != nil }) { return .container }
            return nil
        }
    }

    private func isPresent(_ member: String) -> Bool {
        body[member].map { !$0.isNull } ?? false
    }
}
