import Foundation
import JSON
import Statistics
import TestSupport
import Testing
import Vocabulary

@testable import Wire

/// Credentials in bodies stay behind, on every shape (F11).
struct BodyCredentialsTests {
    private static let canary = "CANARY7f3a9Zq"

    /// What each API needs besides.
    private static func conversation(_ shape: APIShape) -> JSON.Object {
        switch shape {
        case .completions: ["prompt": "my api_key is a word here"]
        case .responses: ["input": "my api_key is a word here"]
        default: ["messages": [["role": "user", "content": "my api_key is a word here"]]]
        }
    }

    private func played(_ shape: APIShape, _ body: JSON.Object, model: String? = "new") throws -> JSON {
        try JSON(parsing: ShadowRequest.rewrite(body: JSON.object(body).bytes(), shape: shape, model: model))
    }

    @Test(arguments: APIShape.all)
    func `each name on the list, in any spelling, at the top and where it is searched`(shape: APIShape) throws {
        let ends = BodyCredentials.endings.map { "some_provider_" + $0 }
        let begins = BodyCredentials.beginnings.map { $0 + "anything" }
        for name in BodyCredentials.named + ends + begins {
            let camel = name.split(separator: "_").enumerated().map { $0 == 0 ? String($1) : $1.capitalized }.joined()
            for spelling in [name, name.uppercased(), name.replacing("_", with: "-"), camel] {
                var body = Self.conversation(shape)
                body[spelling] = ["nested": .string(Self.canary)]
                body["temperature"] = 0.5
                body["extra_body"] = [
                    "deeper": [["list": [.object([spelling: .string(Self.canary)]), 1]]], "top_k": 5,
                ]
                body["tools"] = [.object(["type": "function", spelling: .string(Self.canary), "name": "f"])]
                for model in ["new", nil] {
                    let sent = try played(shape, body, model: model)
                    #expect(!sent.text().contains(Self.canary), "\(shape) \(spelling)")
                    #expect(sent["temperature"] == 0.5 && sent["extra_body"]?["top_k"] == 5)
                    #expect(sent["tools"]?[0] == ["type": "function", "name": "f"])
                    #expect(sent["model"]?.stringValue == model)
                }
            }
        }
    }

    /// A function may well have a parameter of that name, and the user's own words and data are his.
    @Test(arguments: APIShape.all)
    func `schemas, words and metadata are left alone`(shape: APIShape) throws {
        var body = Self.conversation(shape)
        body["metadata"] = ["api_key": "mine", "session_id": "s"]
        body["user"] = "ann"
        body["max_tokens"] = 5
        body["stop_token_ids"] = [1]
        body["prompt_cache_key"] = "k"
        body["tool_choice"] = "auto"
        body["extra_body"] = [
            "guided_json": ["properties": ["password": ["type": "string"]]], "metadata": ["key": "k"],
        ]
        body["response_format"] = ["json_schema": ["schema": ["properties": ["password": ["type": "string"]]]]]
        body["tools"] = [
            [
                "type": "function",
                "function": ["name": "login", "parameters": ["properties": ["api_key": ["type": "string"]]]],
            ]
        ]
        var sent = try played(shape, body, model: nil)
        if shape == .responses, case .object(var object) = sent {
            object["store"] = nil
            sent = .object(object)
        }
        #expect(sent == .object(body))
    }

    /// Cut out of bytes, wherever they stand in a list, with one comma each.
    @Test func `what is left is what a tree without them says, for any order of members`() throws {
        for seed in 0..<400 {
            var random = SplitMix64(seed: seed)
            func object(_ depth: Int) -> (with: JSON.Object, without: JSON.Object) {
                var pair = (with: JSON.Object(), without: JSON.Object())
                for number in 0..<Int.random(in: 0...4, using: &random) {
                    let isCredential = Bool.random(using: &random)
                    let isNested = depth < 3 && Bool.random(using: &random)
                    let inner = isNested ? object(depth + 1) : nil
                    let name = isCredential ? ["api_key", "Headers", "aws_x", "secret"][number % 4] : "kept\(number)"
                    let value = inner.map { JSON.object($0.with) } ?? JSON(number)
                    pair.with.members.append(.init(key: name, value: value))
                    if !isCredential {
                        let value = inner.map { JSON.object($0.without) } ?? JSON(number)
                        pair.without.members.append(.init(key: name, value: value))
                    }
                }
                return pair
            }
            let (with, without) = object(0)
            for isPretty in [false, true] {
                let body: JSON = ["extra_body": .object(with), "messages": []]
                let bytes = body.bytes(isPretty ? .pretty : .compact)
                let sent = try JSON(parsing: ShadowRequest.rewrite(body: bytes, shape: .chatCompletions, model: nil))
                let expected: JSON = ["extra_body": .object(without), "messages": []]
                #expect(sent == expected, "seed \(seed)")
                // At the top itself, where nothing below is searched and a model is put in.
                let flat = JSON.Object(members: with.members.map { .init(key: $0.key, value: 1) })
                let kept = JSON.Object(members: without.members.map { .init(key: $0.key, value: 1) })
                let top = try ShadowRequest.rewrite(
                    body: JSON.object(flat).bytes(isPretty ? .pretty : .compact),
                    shape: .completions,
                    model: "m"
                )
                #expect(
                    try JSON(parsing: top)
                        == .object(JSON.Object(members: [.init(key: "model", value: "m")] + kept.members)),
                    "seed \(seed)"
                )
            }
        }
    }

    @Test func `keys of an index, of providers and of fallbacks are known where they stand`() throws {
        let body: JSON = [
            "messages": [],
            "data_sources": [
                [
                    "type": "azure_search",
                    "parameters": [
                        "endpoint": "https://x", "authentication": ["type": "api_key", "key": "CANARY"],
                        "embedding_dependency": ["authentication": ["key": "CANARY"]], "embeddingKey": "CANARY",
                    ],
                ]
            ],
            "providerOptions": ["gateway": ["order": ["a"], "byok": ["anthropic": [["apiKey": "CANARY"]]]]],
            "fallbacks": ["other", ["model": "m", "api_key": "CANARY", "api_base": "https://CANARY@x"]],
        ]
        let sent = try JSON(parsing: ShadowRequest.rewrite(body: body.bytes(), shape: .chatCompletions, model: nil))
        #expect(!sent.text().contains("CANARY"))
        #expect(sent["data_sources"]?[0]?["parameters"]?["endpoint"] == "https://x")
        #expect(sent["providerOptions"]?["gateway"]?["order"] == ["a"] && sent["fallbacks"]?[1] == ["model": "m"])
    }

    @Test func `an escaped name is the name that it stands for`() throws {
        let body = #"{"api\u005fkey":"CANARY","messages":[],"\u0061pi_key":"CANARY"}"#
        let sent = try ShadowRequest.rewrite(body: body.utf8, shape: .chatCompletions, model: nil)
        #expect(String(decoding: sent, as: UTF8.self) == #"{"messages":[]}"#)
    }

    @Test func `tools are kept without them`() throws {
        let body = #"{"messages":[],"tools":[{"type":"function","authorization":"CANARY","function":{"name":"f"}}]}"#
        let request = try MirroredRequest(shape: .chatCompletions, body: body.utf8)
        #expect(request.parameters.tools == #"[{"type":"function","function":{"name":"f"}}]"#)
    }

    @Test(
        arguments: APIShape.all,
        [
            #""tools":[{"type":"mcp","server_url":"https://user:CANARY@x/"}]"#, #""tools":[1,{"type":"MCP"}]"#,
            #""tools":[{"connector_id":"connector_gmail"}]"#, #""tools":[{"type":"mcp_toolset"}]"#,
            #""mcp_servers":[{"authorization_token":"CANARY"}]"#, #""tools":[{"type":"mcp"}],"tools":[]"#,
        ]
    )
    func `MCP is never played, on any endpoint`(shape: APIShape, member: String) throws {
        let body = String(JSON.object(Self.conversation(shape)).text().dropLast()) + "," + member + "}"
        #expect(try MirroredRequest(shape: shape, body: body.utf8).statefulness == .remoteTool)
        let glance = try RequestGlance(fields: ["user"]).request(shape: shape, body: body.utf8)
        #expect(glance.statefulness == .remoteTool)
    }
}
