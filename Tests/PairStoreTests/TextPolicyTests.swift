import Foundation
import Testing
import Vocabulary

@testable import PairStore

struct TextPolicyTests {
    private static let canary = "canary@example.org"

    /// Replaces canaries and counts them per scope, as a real redactor does.
    @Sendable private static func redactor() -> (String) -> String {
        var known: [String: String] = [:]
        return { text in
            text.replacing(/canary[0-9]*@example\.org/) { match in
                let found = String(match.output)
                let placeholder = known[found] ?? "<EMAIL_\(known.count + 1)>"
                known[found] = placeholder
                return placeholder
            }
        }
    }

    /// A pair with the canary in every place where a text can stand.
    private func pair() -> Pair {
        func answer(_ number: Int) -> LegAnswer {
            LegAnswer(
                version: "v1.0.0",
                reportedModel: "model \(Self.canary)",
                outcome: .ok,
                status: 200,
                finishReason: "because \(Self.canary)",
                text: "Write to \(Self.canary), or canary\(number)@example.org.",
                otherChoices: ["or \(Self.canary)"],
                toolCalls: [
                    ToolCall(
                        id: "id \(Self.canary)",
                        name: "mail \(Self.canary)",
                        arguments: #"{"to":"canary\u0040example.org","\#(Self.canary)":1}"#
                    )
                ]
            )
        }
        var pair = Pair.example("p", prompt: "I am canary9@example.org and \(Self.canary)")
        pair.endpoint = "/v1/\(Self.canary)"
        pair.request.responseFormat = #"{"name":"\#(Self.canary)"}"#
        pair.request.tools = #"[{"description":"\#(Self.canary)"}]"#
        (pair.stable, pair.shadow, pair.control) = (answer(2), answer(3), answer(2))
        return pair
    }

    private func isAnywhere(_ text: String, in store: Store) throws -> Bool {
        try everyValue(of: store).contains(text: text) || files(of: store).contains(text: text)
    }

    @Test(arguments: [TextPolicy.redacted(by: redactor), .promptsOff(redactedBy: redactor)])
    func `no text reaches the disk unredacted, by the writer, the import or a rating`(_ policy: TextPolicy) async throws
    {
        try await withStore { store, experiment in
            let writer = try PairWriter(store: store, experiment: experiment, policy: policy)
            #expect(writer.append(pair()) { _ in })
            await writer.close()
            var second = pair()
            second.id = "q"
            _ = try store.pairs.add([ImportedPair(pair: second)], into: experiment, policy: policy)
            _ = try store.ratings.save(
                [StoredRating(subject: .pair("q"), rater: "r", choice: .tie, comment: "it says \(Self.canary)")],
                policy: policy
            )
            for text in ["canary", "example.org", "u0040"] { #expect(try !isAnywhere(text, in: store), "\(text)") }
            #expect(try everyValue(of: store).contains(text: "<EMAIL_1>"))
        }
    }

    @Test func `the search finds the canary where nothing is redacted`() async throws {
        try await withStore { store, experiment in
            _ = try store.pairs.add([ImportedPair(pair: pair())], into: experiment, policy: .full)
            #expect(try isAnywhere(Self.canary, in: store))
        }
    }

    @Test func `placeholders agree between the prompt and all answers of a pair`() async throws {
        try await withStore { store, experiment in
            let policy = TextPolicy.redacted(by: Self.redactor)
            _ = try store.pairs.add([ImportedPair(pair: pair())], into: experiment, policy: policy)
            let stored = try #require(try store.pairs.load(uid: "p")).pair
            // Numbered as they come: the prompt first.
            #expect(stored.prompt == "I am <EMAIL_1> and <EMAIL_2>")
            #expect(stored.stable.text == "Write to <EMAIL_2>, or <EMAIL_3>.")
            #expect(stored.shadow.text == "Write to <EMAIL_2>, or <EMAIL_4>.")
            #expect(stored.control?.text == "Write to <EMAIL_2>, or <EMAIL_3>.")
            #expect(stored.shadow.toolCalls[0].arguments == #"{"to":"<EMAIL_2>","<EMAIL_2>":1}"#)
            #expect(stored.shadow.otherChoices == ["or <EMAIL_2>"])
        }
    }

    @Test func `prompts that are off leave no row`() async throws {
        try await withStore { store, experiment in
            let policy = TextPolicy.promptsOff(redactedBy: Self.redactor)
            _ = try store.pairs.add([ImportedPair(pair: pair())], into: experiment, policy: policy)
            let stored = try #require(try store.pairs.load(uid: "p")).pair
            #expect(stored.prompt == nil)
            #expect(stored.promptHash == pair().promptHash)
            #expect(stored.stable.text.hasPrefix("Write to <EMAIL_"))
            #expect(try store.upkeep.info().prompts == 0)
        }
    }

    // MARK: - Behind escapes

    private func redact(_ text: String) -> String {
        EscapedStrings.redact(text) { $0.replacing("secret", with: "<S>") }
    }

    @Test func `text without anything to redact stays as it was, byte for byte`() {
        for text in [
            #"{"a" : [1, -2.5e3, true,null, "x\u00e9\n\"y\\"], "b":{}}"#, "[]", "\"\"", "  { }\n", #"{"a":"cut \n of"#,
            #"C:\new "and \zz, \u12" so"#, "plain text", #"{"bad \u00zz escape": 1}"#, "", "\"\\", #""\ud83c""#,
        ] {
            #expect(redact(text) == text)
        }
    }

    @Test func `what is redacted inside JSON leaves JSON`() throws {
        let text = #"{"to":"s\u0065cret \"x\"\t\u0001","list":["secret"],"\u0073ecret":-1}"#
        let redacted = redact(text)
        #expect(redacted == #"{"to":"<S> \"x\"\t\u0001","list":["<S>"],"<S>":-1}"#)
        _ = try JSONSerialization.jsonObject(with: Data(redacted.utf8))
    }

    @Test func `text that only looks like JSON is redacted all the same`() {
        #expect(redact(#"{"to":"\u0073ecret cut off"#) == #"{"to":"<S> cut off"#)
        #expect(redact("{ the secret is out }") == "{ the <S> is out }")
        #expect(redact(#"say "secret" \ secret"#) == #"say "<S>" \ <S>"#)
    }

    @Test func `no cut through JSON lets a secret through`() {
        let text = #"{"to":["secret","\u0073ecret","s\u0065cret"],"x":"a\\"}"#
        for count in 0...text.utf8.count {
            let cut = String(decoding: text.utf8.prefix(count), as: UTF8.self)
            let redacted = redact(cut)
            for hidden in ["secret", #"\u0073ecret"#, #"s\u0065cret"#] {
                #expect(!redacted.contains(hidden), "cut at \(count)")
            }
        }
    }
}

extension TextPolicy: CustomTestStringConvertible {
    package var testDescription: String { keepsPrompts ? "prompts kept" : "prompts off" }
}
