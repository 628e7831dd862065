import JSON
import Vocabulary

/// Why a request must not be played a second time.
///
/// The shadow does not share the provider's memory, and tools that the provider runs would run twice.
package enum Statefulness: String, Sendable, Hashable, CaseIterable {
    /// `previous_response_id`: continues a response that the provider stored.
    case previousResponse = "previous_response"
    /// `conversation`: appends to a conversation that the provider keeps.
    case conversation
    /// `background: true`: the answer is fetched later, by its id.
    case background
    /// An input item refers to one that the provider stored.
    case itemReference = "item_reference"
    /// A tool that the provider calls itself, with external effects: an MCP server.
    case remoteTool = "remote_tool"
    /// A named container, whose files outlive the request.
    case container
}

extension MirroredRequest {
    /// Why this request must not be played twice; nil where it may be.
    ///
    /// Provider-side storage of the answer (`store`) is no reason: the shadow's copy of the request switches it off.
    package var statefulness: Statefulness? { shape.request.statefulness(body) }
}

extension JSON {
    /// Whether a member is there and not null.
    func isPresent(_ member: String) -> Bool { self[member].map { !$0.isNull } ?? false }
}

/// A tool on a server of its own.
enum RemoteTool {
    /// Members that only such a tool has: its address, connector, label or name.
    private static let members: Set<String> = ["server_url", "connector_id", "server_label", "mcp_server_name"]

    /// The placeholder for such a tool in the read part of a request.
    static let standIn: JSON = [["type": "mcp"]]

    /// Whether a body names MCP servers, which gateways call for every API.
    ///
    /// In `tools` (OpenAI, LiteLLM), or in `mcp_servers` (Anthropic). Every member of the name counts, since servers differ in
    /// which of several they take.
    static func isNamed(in body: JSON) -> Bool {
        (body.objectValue?.members ?? []).contains { member in
            switch member.key {
            case "mcp_servers": member.value.arrayValue?.isEmpty == false
            case "tools": member.value.arrayValue?.contains(where: isRemote) == true
            default: false
            }
        }
    }

    static func isRemote(_ tool: JSON) -> Bool {
        tool.objectValue?.members.contains {
            isRemote(member: $0.key) || $0.key == "type" && isRemote(type: $0.value.stringValue)
        }
            == true
    }

    /// Whether a list of tools holds one; steps over the list without building it.
    static func isAny(in parser: inout JSONParser) throws(JSONError) -> Bool {
        guard try parser.peek() == UInt8(ascii: "[") else {
            try parser.skipValue(depth: 1)
            return false
        }
        var isAny = false
        try parser.forEachElement(depth: 2) { parser throws(JSONError) in
            guard try parser.peek() == UInt8(ascii: "{") else { return try parser.skipValue(depth: 2) }
            try parser.forEachMember(depth: 3) { parser, key, _ throws(JSONError) in
                if isRemote(member: key) { isAny = true }
                guard key == "type", try parser.peek() == UInt8(ascii: "\"") else {
                    return try parser.skipValue(depth: 3)
                }
                if isRemote(type: try parser.string()) { isAny = true }
            }
        }
        return isAny
    }

    private static func isRemote(member name: String) -> Bool { members.contains(name) }

    /// `mcp` (OpenAI), `mcp_toolset` (Anthropic).
    private static func isRemote(type: String?) -> Bool { type?.lowercased().hasPrefix("mcp") == true }
}
