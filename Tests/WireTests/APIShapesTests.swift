import JSON
import Testing
import Vocabulary

@testable import Wire

struct APIShapesTests {
    @Test(arguments: [
        ("/v1/chat/completions", APIShape.chatCompletions), ("/v1/messages?beta=true", .messages),
        ("/v1/responses", .responses), ("/v1/completions", .completions),
    ])
    func `a target names its API whatever the query`(target: String, shape: APIShape) {
        #expect(APIShapes.provided.shape(target: target) == shape)
    }

    @Test(arguments: ["/v1/chat/completions/x", "/V1/messages", "/", "", "?/v1/messages"])
    func `other targets are of no API of ours`(target: String) {
        #expect(APIShapes.provided.shape(target: target) == nil)
    }

    @Test func `the names that stores hold stay as they are`() {
        #expect(
            APIShape.all.map(\.endpoint.rawValue).sorted() == [
                "/v1/chat/completions", "/v1/completions", "/v1/messages", "/v1/responses",
            ]
        )
        for shape in APIShape.all {
            #expect(APIShapes.provided.shape(of: shape.endpoint) == shape)
            // A leg is asked at the name's path, without the client's query.
            #expect(shape.path.target(PathWords(), model: "new") == shape.endpoint.rawValue)
        }
        #expect(APIShapes.provided.shape(of: Endpoint(rawValue: "/v1/embeddings")) == nil)
    }

    @Test func `an API whose answers are no text is known by name and not mirrored`() throws {
        let embeddings = APIShape(
            endpoint: Endpoint(rawValue: "/v1/embeddings"),
            path: .fixed("/v1/embeddings"),
            request: RequestForm(
                canonicalMembers: ["input"],
                turns: MirroredRequest.turns,
                maximumTokens: { _ in nil },
                responseFormat: { _ in nil },
                glance: .whole
            ),
            answer: nil
        )
        let shapes = APIShapes([embeddings, .messages])
        #expect(shapes.shape(target: "/v1/embeddings") == nil)
        #expect(shapes.shape(of: embeddings.endpoint) == embeddings)
        #expect(shapes.shape(target: "/v1/messages") == .messages)
        let answer = assemble(text: "{\"data\":[]}", shape: embeddings, contentType: "application/json")
        #expect(answer.malformedReason == .unexpectedShape)
    }
}
