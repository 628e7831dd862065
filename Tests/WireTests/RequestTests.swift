import JSON
import Statistics
import TestSupport
import Testing
import Vocabulary
import Wire

struct RequestTests {
    private func request(_ shape: APIShape, _ body: JSON) throws -> MirroredRequest {
        try MirroredRequest(shape: shape, body: body.bytes())
    }

    @Test func `a chat reads as text, and the rules see the last user message`() throws {
        let chat = try request(
            .chatCompletions,
            [
                "model": "m", "stream": true, "temperature": 0.2, "max_completion_tokens": 9, "n": 2,
                "response_format": ["type": "json_object"], "tools": [["type": "function", "function": ["name": "f"]]],
                "metadata": ["session_id": "s1", "n": 4],
                "messages": [
                    ["role": "system", "content": "Be brief."],
                    ["role": "user", "content": "Hello"],
                    [
                        "role": "assistant", "content": nil,
                        "tool_calls": [["function": ["name": "f", "arguments": "{}"]]],
                    ],
                    ["role": "tool", "content": "42"],
                    ["role": "user", "content": [["type": "text", "text": "And this?"], ["type": "image_url"]]],
                ],
            ]
        )
        #expect(
            chat.promptText == """
                system: Be brief.

                user: Hello

                assistant: [tool call f {}]

                tool: 42

                user: And this?
                [image]
                """
        )
        #expect(chat.lastUserText == "And this?")
        #expect(chat.model == "m")
        #expect(
            chat.parameters
                == RequestParameters(
                    temperature: 0.2,
                    maximumTokens: 9,
                    stream: true,
                    responseFormat: "{\"type\":\"json_object\"}",
                    tools: "[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}]"
                )
        )
        #expect(chat.field("metadata.session_id") == "s1")
        #expect(chat.field("metadata.n") == "4")
        #expect(chat.field("metadata") == nil)
        #expect(chat.field("user") == nil)
    }

    @Test func `a lone user message is its text`() throws {
        let chat = try request(.chatCompletions, ["messages": [["role": "user", "content": "Hi"]]])
        #expect(chat.promptText == "Hi")
        #expect(chat.parameters == RequestParameters())
        let plain = try request(.chatCompletions, ["messages": [], "response_format": ["type": "text"], "tools": []])
        #expect(plain.parameters == RequestParameters())
    }

    @Test func `without words of a user all words count`() throws {
        let chat = try request(
            .chatCompletions,
            [
                "messages": [
                    ["role": "system", "content": "Extract."], ["role": "user", "content": [["type": "image_url"]]],
                ]
            ]
        )
        #expect(chat.lastUserText == "Extract.")
    }

    @Test func `prompts of completions are strings, lists of strings or tokens`() throws {
        #expect(try request(.completions, ["prompt": "a", "max_tokens": 3]).promptText == "a")
        #expect(try request(.completions, ["prompt": ["a", "b"]]).lastUserText == "a\n\nb")
        #expect(try request(.completions, ["prompt": [1, 2]]).promptText == "[token ids]")
    }

    @Test func `inputs of responses are a string or items`() throws {
        let plain = try request(.responses, ["input": "Hi", "max_output_tokens": 5])
        #expect(plain.promptText == "Hi")
        #expect(plain.parameters.maximumTokens == 5)
        let items = try request(
            .responses,
            [
                "instructions": "Be brief.",
                "text": ["format": ["type": "json_schema", "name": "n"], "verbosity": "low"],
                "tools": [["type": "function", "name": "f"], ["type": "web_search"]],
                "input": [
                    ["role": "user", "content": [["type": "input_text", "text": "Weather?"]]],
                    ["type": "reasoning", "summary": []],
                    ["type": "function_call", "name": "f", "arguments": "{\"a\":1}"],
                    ["type": "function_call_output", "output": "sunny"],
                ],
            ]
        )
        #expect(
            items.promptText
                == "system: Be brief.\n\nuser: Weather?\n\nassistant: [tool call f {\"a\":1}]\n\ntool: sunny"
        )
        #expect(items.lastUserText == "Weather?")
        #expect(items.parameters.responseFormat == "{\"type\":\"json_schema\",\"name\":\"n\"}")
    }

    @Test func `Anthropic's system prompt and blocks, where a tool's result is not the user's words`() throws {
        let messages = try request(
            .messages,
            [
                "system": [["type": "text", "text": "Be brief."]], "max_tokens": 7,
                "messages": [
                    ["role": "user", "content": "Weather?"],
                    ["role": "assistant", "content": [["type": "tool_use", "name": "f", "input": ["a": 1]]]],
                    [
                        "role": "user",
                        "content": [["type": "tool_result", "content": [["type": "text", "text": "sunny"]]]],
                    ],
                ],
            ]
        )
        #expect(
            messages.promptText
                == "system: Be brief.\n\nuser: Weather?\n\nassistant: [tool call f {\"a\":1}]\n\n"
                + "user: [tool result] sunny"
        )
        #expect(messages.lastUserText == "Weather?")
        #expect(messages.parameters.maximumTokens == 7)
    }

    @Test func `what is no request says why`() {
        func error(_ shape: APIShape, _ text: String) -> String {
            do {
                _ = try MirroredRequest(shape: shape, body: text.utf8)
                return ""
            } catch {
                return "\(error)"
            }
        }
        #expect(
            error(.chatCompletions, "{")
                == "The request's body cannot be read. The JSON is invalid at byte 1: it ends before it is complete."
        )
        #expect(error(.chatCompletions, "[]") == "The request's body must be a JSON object.")
        #expect(error(.chatCompletions, "{}") == "The request's body must hold `messages`.")
        #expect(error(.completions, "{\"prompt\":null}") == "The request's body must hold `prompt`.")
        #expect(error(.responses, "{}") == "The request's body must hold `input`.")
        #expect(error(.messages, "{\"messages\":\"x\"}") == "The request's body must hold `messages`.")
    }

    @Test func `what must not happen twice is stateful`() throws {
        let stateful: [(APIShape, JSON.Object, Statefulness)] = [
            (.responses, ["previous_response_id": "r"], .previousResponse),
            (.responses, ["conversation": "c"], .conversation),
            (.responses, ["conversation": ["id": "c"]], .conversation), (.responses, ["background": true], .background),
            (.responses, ["input": [["type": "item_reference", "id": "i"]]], .itemReference),
            (.responses, ["tools": [["type": "mcp"]]], .remoteTool),
            (.responses, ["tools": [["type": "code_interpreter", "container": "cntr_1"]]], .container),
            (.messages, ["mcp_servers": [["url": "u"]]], .remoteTool), (.messages, ["container": "c"], .container),
        ]
        for (shape, members, reason) in stateful {
            var body: JSON.Object = ["input": "x", "messages": []]
            for member in members.members { body[member.key] = member.value }
            #expect(try request(shape, .object(body)).statefulness == reason)
        }
        let harmless: JSON = [
            "input": "x", "messages": [], "store": true, "background": false, "previous_response_id": nil,
            "conversation": nil,
            "tools": [["type": "code_interpreter", "container": ["type": "auto"]]],
        ]
        for shape in [APIShape.responses, .chatCompletions, .messages] {
            #expect(try request(shape, harmless).statefulness == nil)
        }
    }

    // MARK: Canonical form

    @Test func `the canonical form has the members that the model reads and no others`() throws {
        let body = try JSON(
            parsing: """
                { "stream": true, "messages": [ {"role":"user", "content":"Hé\\u006c\\n"} ], "model":"m",
                  "temperature": 0,
                  "tools": [{"parameters":{"z":1.0,"a":null}}], "user":"u", "tool_choice": null, "max_tokens": 5 }
                """
        )
        let canonical = CanonicalRequest.bytes(shape: .chatCompletions, body: body)
        #expect(
            String(decoding: canonical, as: UTF8.self)
                == #"{"messages":[{"content":"Hél\n","role":"user"}],"tools":[{"parameters":{"a":null,"z":1}}]}"#
        )
    }

    @Test(arguments: APIShape.all)
    func `order, spacing, spelling and transport do not change the canonical form, and content does`(
        shape: APIShape
    ) throws {
        let mute: JSON.Object = [
            "model": "x", "stream": true, "user": "u", "metadata": ["a": 1], "temperature": 1, "max_tokens": 4, "n": 2,
            "seed": 1,
            "store": true, "stream_options": ["include_usage": true], "stop": ["a"], "top_p": 0.5, "logprobs": true,
        ]
        for seed in 0..<25 {
            var random = SplitMix64(seed: seed)
            var body = JSON.Object()
            for name in CanonicalRequest.members(of: shape) { body[name] = .random(depth: 3, using: &random) }
            if shape == .responses {
                body["text"] = ["format": .random(depth: 2, using: &random)]
                body["reasoning"] = ["effort": "low"]
            }
            body["messages"] = []
            body["prompt"] = "p"
            body["input"] = "i"
            let bytes = try request(shape, .object(body)).canonicalBytes
            var other = body
            other.members += mute.members
            if shape == .responses {
                other["text"] = ["verbosity": "low", "format": body["text"]?["format"] ?? nil]
            }
            let text = JSON.object(other).shuffled(using: &random).respelled(using: &random)
            #expect(try MirroredRequest(shape: shape, body: text.utf8).canonicalBytes == bytes, "seed \(seed)")
            for name in CanonicalRequest.members(of: shape) where shape != .responses {
                var changed = body
                changed[name] = .string("changed \(name)")
                if name == "messages" { changed[name] = [["role": "user"]] }
                #expect(try request(shape, .object(changed)).canonicalBytes != bytes, "seed \(seed) \(name)")
            }
        }
    }

    @Test func `plain prompts and messages hash as the requests they stand for`() throws {
        let messages: JSON = [["role": "user", "content": "Hi"]]
        #expect(
            try request(.chatCompletions, ["model": "m", "messages": messages]).canonicalBytes
                == CanonicalRequest.bytes(messages: messages)
        )
        #expect(try request(.completions, ["prompt": "Hi"]).canonicalBytes == CanonicalRequest.bytes(prompt: "Hi"))
    }

    // MARK: The shadow's copy

    private func rewritten(_ shape: APIShape, _ text: String, model: String? = "new") throws -> String {
        String(decoding: try ShadowRequest.rewrite(body: text.utf8, shape: shape, model: model), as: UTF8.self)
    }

    @Test func `a body that names its model again and again does not grow with each`() throws {
        func body(_ count: Int) -> String {
            "{" + [String](repeating: #""model":"m""#, count: count).joined(separator: ",") + "}"
        }
        #expect(try rewritten(.messages, body(64)).utf8.count == body(64).utf8.count + 64 * 2)
        #expect(throws: JSONError.self) { try rewritten(.messages, body(65)) }
    }

    @Test func `only the model's bytes change`() throws {
        #expect(
            try rewritten(.chatCompletions, " {\"a\" : 1.0,\"mod\\u0065l\" :  \"old\" , \"x\":[ {\"model\":1}]}\n")
                == " {\"a\" : 1.0,\"mod\\u0065l\" :  \"new\" , \"x\":[ {\"model\":1}]}\n"
        )
        #expect(
            try rewritten(.messages, "{\"model\":\"a\",\"model\":\"b\"}") == "{\"model\":\"new\",\"model\":\"new\"}"
        )
        #expect(try rewritten(.completions, "{ \"prompt\":\"p\"}") == "{\"model\":\"new\", \"prompt\":\"p\"}")
        #expect(try rewritten(.messages, "{}", model: "a\"b") == "{\"model\":\"a\\\"b\"}")
        #expect(try rewritten(.chatCompletions, "{\"model\":1}", model: nil) == "{\"model\":1}")
        #expect(throws: JSONError.self) { try rewritten(.chatCompletions, "[]") }
        #expect(throws: JSONError.self) { try rewritten(.chatCompletions, "{\"model\":\"a\"") }
    }

    @Test func `provider-side storage is off`() throws {
        #expect(
            try rewritten(.responses, "{\"model\":\"a\",\"input\":\"i\"}")
                == "{\"store\":false,\"model\":\"new\",\"input\":\"i\"}"
        )
        #expect(
            try rewritten(.responses, "{\"store\": true,\"model\":\"a\"}") == "{\"store\": false,\"model\":\"new\"}"
        )
        #expect(try rewritten(.responses, "{}") == "{\"model\":\"new\",\"store\":false}")
        #expect(
            try rewritten(.chatCompletions, "{\"model\":\"a\",\"store\":true}") == "{\"model\":\"new\",\"store\":false}"
        )
        #expect(try rewritten(.chatCompletions, "{\"model\":\"a\"}") == "{\"model\":\"new\"}")
        #expect(try rewritten(.messages, "{\"model\":\"a\",\"store\":true}") == "{\"model\":\"new\",\"store\":true}")
    }

    @Test func `random bodies keep every other member`() throws {
        for seed in 0..<200 {
            var random = SplitMix64(seed: seed)
            var body = JSON.Object()
            for index in 0..<Int.random(in: 0...5, using: &random) {
                body["m\(index)"] = .random(depth: 3, using: &random)
            }
            if Bool.random(using: &random) { body["model"] = .random(depth: 2, using: &random) }
            if Bool.random(using: &random) { body["store"] = .random(depth: 2, using: &random) }
            let shuffled = JSON.object(body).shuffled(using: &random)
            let text = shuffled.respelled(using: &random)
            let result = try JSON(parsing: ShadowRequest.rewrite(body: text.utf8, shape: .responses, model: "new"))
            body["model"] = "new"
            body["store"] = false
            #expect(result.canonicalBytes == JSON.object(body).canonicalBytes, "seed \(seed)")
        }
    }
}
