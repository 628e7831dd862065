import Gateway
import Testing
import Vocabulary

@testable import Mirroring
@testable import Wire

/// What mirroring does for an API that it has never heard of.
struct FurtherShapeTests {
    private static let shape = APIShape(
        endpoint: Endpoint(rawValue: "/made-up"),
        path: .naming(prefix: "/made-up/", whole: ":ask", streamed: ":stream", query: "as=events"),
        credential: .field("X-Made-Up-Key"),
        forwardedFields: ["made-up-version"],
        request: RequestForm(
            canonicalMembers: ["messages"],
            turns: MirroredRequest.turns,
            maximumTokens: { _ in nil },
            responseFormat: { _ in nil },
            glance: .whole
        ),
        answer: APIShape.chatCompletions.answer
    )
    private static let shapes = APIShapes(APIShape.all + [shape])

    private func lines(_ fields: [(String, String)]) -> [String] { fields.map { "\($0.0): \($0.1)" } }

    @Test func `its requests are found by a path that holds the model's name`() throws {
        func place(_ method: String, _ target: String) throws -> APIShape? {
            let head = try #require(RequestHead(method: method, target: target, headers: []))
            return Self.shapes.place(of: head).map { Self.shapes.all[$0] }
        }
        #expect(try place("POST", "/made-up/one:ask") == Self.shape)
        #expect(try place("POST", "/made-up/one:stream?as=events&key=k") == Self.shape)
        #expect(try place("GET", "/made-up/one:ask") == nil)
        #expect(try place("POST", "/made-up/one:other") == nil)
        for shape in APIShape.all {
            #expect(try place("POST", shape.endpoint.rawValue) == shape)
            #expect(try place("POST", shape.endpoint.rawValue + "?a=b") == shape)
            #expect(try place("POST", shape.endpoint.rawValue + "/a") == nil)
        }
    }

    @Test func `its key goes to the server that it was meant for, and its own fields go along`() {
        let client = [("X-Made-Up-Key", "client"), ("Made-Up-Version", "3"), ("X-Other", "o")]
            .map { (name: $0.0, value: $0.1) }
        let headers = ForwardedHeaders(additional: ["x-made-up-key"], shapes: Self.shapes)
        #expect(
            lines(headers.shadow(client: client, apiKey: "ours", shape: Self.shape)) == [
                "Made-Up-Version: 3", "Content-Type: application/json", "X-Made-Up-Key: ours", "User-Agent: understudy",
                "X-Understudy-Leg: shadow",
            ]
        )
        let control = lines(headers.control(client: client, apiKey: nil, shape: Self.shape))
        #expect(control.contains("X-Made-Up-Key: client") && !control.contains("X-Other: o"))
    }
}
