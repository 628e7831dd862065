// What a further API costs: this file, and its name in `APIShape.all`, for which `APIShapes` stands in here.
//
// The API is made up, and unlike the four in all that it may be: the model and the wish for a stream stand in the path, and
// every member, event and error has a name of its own.

import JSON
import Testing
import Vocabulary

@testable import Wire

extension APIShape {
    /// `POST /aviary/NAME:say`, and `POST /aviary/NAME:sing?as=events` for a stream.
    fileprivate static let aviary = APIShape(
        endpoint: Endpoint(rawValue: "/aviary/NAME:say"),
        path: .naming(prefix: "/aviary/", whole: ":say", streamed: ":sing", query: "as=events"),
        credential: .field("X-Aviary-Seed"),
        forwardedFields: ["aviary-dialect"],
        request: RequestForm(
            canonicalMembers: ["rules", "heard", "tricks", "perform"],
            canonicalParts: ["perform": "schema"],
            turns: Aviary.turns,
            maximumTokens: { $0["limits"]?["words"]?.intValue },
            responseFormat: { $0["perform"] },
            tools: { $0["tricks"] },
            structure: Aviary.structure,
            statefulness: { $0.isPresent("continue") ? .previousResponse : nil },
            glance: .lastTurn(conversation: "heard", turn: Aviary.turn, members: ["continue"]),
            storage: .unlessRefused(member: "remember")
        ),
        answer: AnswerForm(
            readEvent: Aviary.read,
            readDocument: Aviary.readDocument,
            document: Aviary.document,
            events: Aviary.events
        ),
        error: ErrorForm(cause: { $0["squawk"] ?? $0 }) { type, message, _ in
            ["squawk": ["type": .string(type), "words": .string(message)]]
        }
    )
}

private enum Aviary {
    // MARK: Requests

    static func turns(of body: JSON) throws(MirroredRequestError) -> [MirroredRequest.Message] {
        guard let heard = body["heard"]?.arrayValue else { throw .missing(member: "heard") }
        return MirroredRequest.instructions(body["rules"]) + heard.map(turn)
    }

    static func turn(_ value: JSON) -> MirroredRequest.Message {
        let words = value["line"]?.stringValue ?? ""
        return .init(role: value["by"] == "bird" ? "assistant" : "user", text: words, words: words)
    }

    static func structure(_ perform: JSON?, _ tricks: JSON?) -> AskedStructure {
        let tools = (tricks?.arrayValue ?? []).map { trick -> JSON in
            ["name": trick["trick"] ?? .null, "parameters": trick["takes"] ?? .null]
        }
        let format: JSON? = perform?["schema"].map { ["type": "json_schema", "schema": $0] }
        return AskedStructure(responseFormat: format, tools: .array(tools))
    }

    // MARK: Answers

    static func read(_ draft: inout AnswerDraft, _ event: JSON) {
        if event["squawk"] != nil { return draft.fail(with: event["squawk"] ?? event) }
        draft.name(model: event["bird"]?.stringValue)
        draft.append(text: event["says"]?.stringValue, toChoice: 0)
        for (index, trick) in (event["tricks"]?.arrayValue ?? []).enumerated() {
            draft.append(
                toolCall: .index(index),
                id: trick["id"]?.stringValue,
                name: trick["trick"]?.stringValue,
                arguments: trick["with"]?.text(),
                toChoice: 0
            )
        }
        guard let over = event["over"]?.stringValue else { return }
        _ = draft.position(ofChoice: 0)
        draft.finish(choice: 0, reason: over)
        draft.usage = TokenUsage(inputTokens: event["heard"]?.tokenCount, outputTokens: event["said"]?.tokenCount)
        draft.ended = true
    }

    /// A whole answer is the one event of its stream.
    static func readDocument(_ draft: inout AnswerDraft, _ document: JSON) -> Bool {
        read(&draft, document)
        return document["over"] != nil || document["squawk"] != nil
    }

    private static func last(_ writer: AnswerWriter) -> JSON.Object {
        let tricks = writer.toolCalls.enumerated().map { index, call -> JSON in
            [
                "id": .string(writer.callID(index)), "trick": .string(call.name),
                "with": (try? JSON(parsing: call.arguments)) ?? [:],
            ]
        }
        return [
            "bird": .string(writer.model), "tricks": .array(tricks), "over": .string(writer.finishReason ?? "done"),
            "heard": .number(.init(writer.usage.inputTokens ?? 0)),
            "said": .number(.init(writer.usage.outputTokens ?? 0)),
        ]
    }

    static func document(_ writer: AnswerWriter) -> JSON {
        var document = last(writer)
        document["says"] = .string(writer.text)
        return .object(document)
    }

    static func events(_ writer: AnswerWriter, _ pieces: [String]) -> [[UInt8]] {
        let pieces = pieces.map { JSON.object(["says": .string($0)]) }
        return (pieces + [.object(last(writer))]).map { AnswerWriter.event(data: $0.bytes()) }
    }
}

struct MadeUpShapeTests {
    private static let shapes = APIShapes(APIShape.all + [.aviary])

    private static let body: JSON = [
        "rules": "Be brief.", "limits": ["words": 7], "remember": true, "perch": 3,
        "heard": [
            ["by": "human", "line": "Who is there?"], ["by": "bird", "line": "I am."], ["by": "human", "line": "Who?"],
        ],
        "perform": ["schema": ["type": "object"], "voice": "low"],
        "tricks": [["trick": "wave", "takes": ["type": "object"], "api_key": "CANARY"]],
    ]

    private static func request(
        _ body: JSON = Self.body,
        _ target: String = "/aviary/polly:say"
    ) throws
        -> MirroredRequest
    {
        let shape = try #require(shapes.shape(target: target))
        return try MirroredRequest(shape: shape, path: shape.path.words(ofOwnTarget: target), body: body.bytes())
    }

    @Test func `it is found by its path, which holds the model and the wish for a stream`() throws {
        for shape in APIShape.all { #expect(Self.shapes.shape(target: shape.endpoint.rawValue) == shape) }
        for (target, isStreamed) in [("/aviary/polly:say", false), ("/aviary/polly:sing?key=secret", true)] {
            #expect(Self.shapes.shape(target: target) == .aviary)
            let request = try Self.request(Self.body, target)
            #expect(request.model == "polly")
            #expect(request.stream == isStreamed && request.parameters.stream == isStreamed)
        }
        for target in ["/aviary/:say", "/aviary/a/b:say", "/aviary/polly", "/aviary/polly:sa", "/aviar/polly:say", "/"]
        {
            #expect(Self.shapes.shape(target: target) == nil, "\(target)")
        }
        #expect(APIShapes.provided.shape(target: "/aviary/polly:say") == nil)
    }

    @Test func `a leg asks the shadow's model at the shadow's path, and leaves the client's query behind`() {
        let path = APIShape.aviary.path
        #expect(path.target(path.words(ofOwnTarget: "/aviary/polly:say"), model: "jack") == "/aviary/jack:say")
        let streamed = path.words(ofOwnTarget: "/aviary/polly:sing?key=secret")
        #expect(path.target(streamed, model: "jack") == "/aviary/jack:sing?as=events")
        #expect(path.target(streamed, model: nil) == "/aviary/polly:sing?as=events")
        #expect(APIShape.aviary.credential.field(for: "k") == ("X-Aviary-Seed", "k"))
    }

    @Test func `its requests are read, at a glance and in whole`() throws {
        let request = try Self.request()
        #expect(request.promptText == "system: Be brief.\n\nuser: Who is there?\n\nassistant: I am.\n\nuser: Who?")
        #expect(request.lastUserText == "Who?")
        #expect(request.parameters.maximumTokens == 7)
        #expect(request.parameters.responseFormat == #"{"schema":{"type":"object"},"voice":"low"}"#)
        #expect(request.parameters.tools == #"[{"trick":"wave","takes":{"type":"object"}}]"#)
        #expect(request.statefulness == nil)
        let glance = try RequestGlance(fields: ["perch"]).request(shape: .aviary, body: Self.body.bytes())
        #expect(glance.lastUserText == "Who?" && glance.statefulness == nil && glance.field("perch") == "3")
        let stateful = try JSON(parsing: #"{"heard":[{"by":"human","line":"x"}],"continue":"c"}"#)
        #expect(try Self.request(stateful).statefulness == .previousResponse)
        let seen = try RequestGlance(fields: []).request(shape: .aviary, body: stateful.bytes())
        #expect(seen.statefulness == .previousResponse)
        #expect(throws: MirroredRequestError.missing(member: "heard")) { try Self.request([:]) }
        #expect(throws: MirroredRequestError.missing(member: "heard")) {
            try RequestGlance(fields: []).request(shape: .aviary, body: "{}".utf8)
        }
    }

    @Test func `what its model reads is hashed, and nothing else`() throws {
        var other = try #require(Self.body.objectValue)
        other["limits"] = nil
        other["remember"] = nil
        other["perform"] = ["schema": ["type": "object"]]
        let bytes = try Self.request().canonicalBytes
        #expect(try Self.request(.object(other), "/aviary/jack:sing").canonicalBytes == bytes)
        other["rules"] = "Be long."
        #expect(try Self.request(.object(other)).canonicalBytes != bytes)
    }

    @Test func `a leg's copy is not stored, has no credentials and names no model in the body`() throws {
        let body = #"{"remember": true, "api_key":"CANARY","heard":[]}"#
        let copy = try ShadowRequest.rewrite(body: body.utf8, shape: .aviary, model: "jack")
        #expect(String(decoding: copy, as: UTF8.self) == #"{"remember": false,"heard":[]}"#)
        let bare = try ShadowRequest.rewrite(body: #"{"heard":[]}"#.utf8, shape: .aviary, model: "jack")
        #expect(String(decoding: bare, as: UTF8.self) == #"{"remember":false,"heard":[]}"#)
    }

    @Test func `what its request asks of an answer is known to the scorers`() throws {
        let parameters = try Self.request().parameters
        let asked = APIShape.aviary.structure(
            responseFormat: try parameters.responseFormat.map { try JSON(parsing: $0) },
            tools: try parameters.tools.map { try JSON(parsing: $0) }
        )
        #expect(asked.wantsJSON && asked.schema == ["type": "object"])
        #expect(asked.tools.map(\.name) == ["wave"] && asked.tools.first?.parameters == ["type": "object"])
    }

    @Test func `its answers are written and read back, as a document and as events`() {
        let calls = [ToolCall(id: "c", name: "wave", arguments: #"{"wing":1}"#)]
        let writer = AnswerWriter(
            shape: .aviary,
            model: "polly",
            id: "1",
            created: 0,
            text: "It is me.",
            toolCalls: calls,
            usage: TokenUsage(inputTokens: 3, outputTokens: 4)
        )
        let document = assemble(
            [writer.document()],
            shape: .aviary,
            contentType: AnswerWriter.documentContentType
        )
        let events = assemble(writer.events(), shape: .aviary)
        for answer in [document, events] {
            #expect(answer.outcome == .ok)
            #expect(answer.text == "It is me." && answer.toolCalls == calls && answer.usage == writer.usage)
            #expect(answer.reportedModel == "polly" && answer.finishReason == "done")
        }
        #expect(events.streamed && events.timings.firstToken == .milliseconds(1))
        #expect(assemble(writer.events().dropLast(), shape: .aviary).outcome == .truncated)
        #expect(assemble(text: "{}", shape: .aviary, contentType: "application/json").outcome == .malformed)
    }

    @Test func `its errors are errors`() {
        let error = AnswerWriter.error(shape: .aviary, type: "tired", message: "Too late.")
        #expect(String(decoding: error, as: UTF8.self) == #"{"squawk":{"type":"tired","words":"Too late."}}"#)
        for status in [200, 503] {
            let answer = assemble([error], shape: .aviary, status: status, contentType: "application/json")
            #expect(answer.outcome == .httpError && answer.errorCode == "tired")
        }
    }
}
