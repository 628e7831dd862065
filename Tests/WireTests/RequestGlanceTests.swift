import Foundation
import Statistics
import Testing
import Vocabulary

@testable import Wire

/// A glance says of a request what reading all of it says.
struct RequestGlanceTests {
    private struct Said: Equatable {
        var text: String?
        var statefulness: Statefulness?
        var fields: [String?] = []
        var error: MirroredRequestError?

        init(_ paths: [String], _ read: () throws(MirroredRequestError) -> MirroredRequest) {
            do {
                let request = try read()
                text = request.lastUserText
                statefulness = request.statefulness
                fields = paths.map(request.field)
            } catch {
                self.error = error
            }
        }
    }

    private static let paths = ["user", "metadata.session_id", "metadata.tags.0", "prompt.id", "container", "n"]

    private func expectSame(_ shape: APIShape, _ body: [UInt8], paths: [String] = Self.paths) -> Said {
        let whole = Said(paths) { () throws(MirroredRequestError) in
            try MirroredRequest(shape: shape, body: body)
        }
        let glance = Said(paths) { () throws(MirroredRequestError) in
            try RequestGlance(fields: paths).request(shape: shape, body: body)
        }
        #expect(glance == whole, "\(shape) \(String(decoding: body, as: UTF8.self))")
        return whole
    }

    @Test(arguments: [
        #"{"messages":[{"role":"user","content":"a\n\"b\u00e9"},{"role":"assistant","content":"c"}],"user":"u"}"#,
        #"{"messages":[{"role":"user","content":"a"},{"role":"user","content":[{"type":"image_url"}]}]}"#,
        #"{"messages":[{"role":"system","content":"only this"}],"metadata":{"session_id":7,"tags":["t"]}}"#,
        #"{"messages":[],"system":"s"}"#, #"{"messages":[1,null,"x"]}"#, #"{"messages":{"a":1}}"#,
        #"{"messages":null}"#,
        #"{"messages":[{"content":"no role"}],"messages":[{"role":"user","content":"the last counts"}]}"#,
        #"{"messages":[{"role":"user","content":"x"}],"messages":2}"#,
        #"{"system":[{"type":"text","text":"s"}],"messages":[{"role":"user","content":"x"}],"container":"c"}"#,
        #"{"messages":[{"role":"user","content":"x"}],"mcp_servers":[{"name":"m"}]}"#,
        #"{"prompt":["a","b"],"user":"u"}"#, #"{"prompt":null}"#, #"{"prompt":{"id":"p"}}"#, #"{"n":1}"#,
        #"{"input":[{"type":"item_reference","id":"i"}]}"#, #"{"input":"x","previous_response_id":"r"}"#,
        #"[{"messages":[]}]"#, "7", "", "{", #"{"messages":[{"role":"user","content":"x"}]} x"#,
        "{\"messages\":[{\"role\":\"user\",\"content\":\"tab\there\"}]}", #"{"messages":[{"role":"user",}]}"#,
        #"{"tools":[{"a":[1,2,{"b":-0.5e3}]}],"messages":[{"role":"user","content":"ünïcode €"}]}"#,
        #"{"tools":[01],"messages":[{"role":"user","content":"x"}]}"#,
    ])
    func `a glance says what the whole says`(body: String) {
        for shape in APIShape.all { _ = expectSame(shape, Array(body.utf8)) }
    }

    /// In a member and in a turn that a glance steps over, and in the one that it reads.
    @Test(arguments: [
        #"\u00e9"#, #"\ud83d\ude00"#, #"\ud800"#, #"\ude00\ud83d"#, #"\u12"#, #"\u12x4"#, #"\q"#, #"\"#, #"\\"#,
        #"\/\b\f\t\r"#, #"\""#,
        #"\u"#, "\u{1}", #"\uD83D\q"#,
    ])
    func `every escape is taken or refused alike, wherever it stands`(escape: String) {
        for (first, second, third) in [(escape, "", ""), ("", escape, ""), ("", "", escape)] {
            let text = "12345678\(escape)9"
            for escape in [escape, text] {
                let body = """
                    {"x":"\(first.isEmpty ? "" : escape)","messages":[{"role":"user","content":\
                    "\(second.isEmpty ? "" : escape)"},{"role":"user","content":"z\(third.isEmpty ? "" : escape)"}]}
                    """
                _ = expectSame(.chatCompletions, Array(body.utf8))
            }
        }
        // Cut off behind it.
        _ = expectSame(.chatCompletions, Array(#"{"messages":[],"x":"12345678"#.utf8) + Array(escape.utf8))
    }

    @Test func `escapes are read as what they stand for`() {
        let body = #"{"x":"\ud83d\ude00","messages":[{"role":"user","content":"\u00e9\n"}]}"#
        #expect(expectSame(.chatCompletions, Array(body.utf8)).text == "é\n")
        for wrong in [#"\q"#, #"\u12"#] {
            let body = #"{"x":"\#(wrong)","messages":[{"role":"user","content":"a"}]}"#
            #expect(expectSame(.chatCompletions, Array(body.utf8)).error != nil)
        }
    }

    @Test func `a field is found by another spelling of the same letters`() {
        let body = Array("{\"e\u{301}\":{\"id\":\"s\"},\"messages\":[{\"role\":\"user\",\"content\":\"a\"}]}".utf8)
        #expect(expectSame(.chatCompletions, body, paths: ["\u{e9}.id"]).fields == ["s"])
    }

    @Test func `bytes that are no text are no request either way`() {
        let start = Array(#"{"x":""#.utf8)
        let end = Array(#"","messages":[{"role":"user","content":"a"}]}"#.utf8)
        for middle: [UInt8] in [[0xff], [0xc3], [0xe2, 0x82], [0xed, 0xa0, 0x80], [0xc3, 0xa9]] {
            let said = expectSame(.chatCompletions, start + middle + end)
            #expect((said.error == nil) == (middle == [0xc3, 0xa9]))
        }
        var deep = Array(#"{"messages":[{"role":"user","content":"a"}],"x":"#.utf8)
        deep += Array(repeating: UInt8(ascii: "["), count: 400)
        #expect(expectSame(.chatCompletions, deep).error != nil)
    }

    @Test func `requests that were changed at random places are taken or refused alike`() {
        var random = SplitMix64(seed: 11)
        let whole = Array(
            #"""
            {"model":"m","messages":[{"role":"system","content":"Be \"brief\"."},{"role":"user","content":
            [{"type":"text","text":"How do I …\n?"}]},{"role":"assistant","content":null,"tool_calls":[]}],"user":"u-1",
            "temperature":0.25,"stream":true,"metadata":{"session_id":"s","tags":["a",null]},"tools":[{"type":"mcp"}]}
            """#.utf8
        )
        var refused = 0
        for _ in 0..<4_000 {
            var body = whole
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let place = Int.random(in: body.indices, using: &random)
                switch UInt8.random(in: 0..<3, using: &random) {
                case 0: body[place] = whole[Int.random(in: whole.indices, using: &random)]
                case 1: body.remove(at: place)
                default: body.insert(UInt8.random(in: .min ... .max, using: &random), at: place)
                }
            }
            for shape in [APIShape.chatCompletions, .messages] where expectSame(shape, body).error != nil {
                refused += 1
            }
        }
        // Otherwise the changes would show nothing.
        #expect(refused > 1_000 && refused < 7_900)
    }

    @Test func `a field inside the conversation is found`() {
        let body = Array(#"{"messages":[{"role":"user","content":"a"},{"role":"user","content":"b"}]}"#.utf8)
        #expect(expectSame(.chatCompletions, body, paths: ["messages.0.content"]).fields == ["a"])
    }
}
