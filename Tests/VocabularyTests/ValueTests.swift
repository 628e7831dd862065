import Testing
import Vocabulary

struct ValueTests {
    @Test(arguments: [
        ("/v1/chat/completions", Endpoint.chatCompletions), ("/v1/messages?beta=true", .messages),
        ("/v1/responses", .responses), ("/v1/completions", .completions),
    ])
    func `a target names its endpoint whatever the query`(target: String, endpoint: Endpoint) {
        #expect(Endpoint(target: target) == endpoint)
    }

    @Test(arguments: ["/v1/chat/completions/x", "/V1/messages", "/", "", "?/v1/messages"])
    func `other targets are no endpoint of ours`(target: String) {
        #expect(Endpoint(target: target) == nil)
    }

    @Test func `digests are written in lower-case hexadecimal`() {
        #expect(PromptHash(bytes: [0, 0x0f, 0xa5, 0xff]).hex == "000fa5ff")
        #expect(SessionHash(bytes: []).hex.isEmpty)
    }

    @Test func `milliseconds survive the way through a duration`() {
        for value in [0.0, 0.000_001, 0.25, 180.5, 86_400_000.125] {
            #expect(Duration.fractionalMilliseconds(value).milliseconds == value)
        }
    }
}
