import Statistics
import TestSupport
import Testing
import Vocabulary

@testable import Mirroring

@Suite struct IntentClassifierTests {
    let payment = IntentClass(rawValue: "payment")
    let howTo = IntentClass(rawValue: "how_to")
    let data = IntentClass(rawValue: "structured_data")

    func classifier() throws -> IntentClassifier {
        try IntentClassifier([
            .callersWord(.header("x-intent-class"), classes: ["order_status", howTo]),
            .callersWord(.body("metadata.intent"), classes: [howTo]),
            .prompt(class: payment, PromptConditions(anyOf: ["refund", "order confirmation", "C++"])),
            .prompt(class: howTo, PromptConditions(matches: "(?i)^how (do|can) i")),
            .prompt(class: data, PromptConditions(pasted: [.json, .table])),
        ])
    }

    func classify(_ text: String, fields: [RequestField: String] = [:]) throws -> (IntentClass, IntentSource) {
        try classifier().classify(text: text) { fields[$0] }
    }

    @Test func `the first rule that matches wins`() throws {
        #expect(try classify("How do I get a refund?") == (payment, .rule))
        #expect(try classify("How do I sign up?") == (howTo, .rule))
        #expect(try classify("Well, how do I sign up?") == (.other, .fallback))
        #expect(try classify(#"Total of {"a": 1}?"#) == (data, .rule))
    }

    @Test func `all conditions of a rule must hold`() throws {
        let both = try IntentClassifier([
            .prompt(class: payment, PromptConditions(anyOf: ["refund"], pasted: [.json]))
        ])
        let classify = { (text: String) in both.classify(text: text) { _ in nil }.intent }
        #expect(classify(#"Refund {"order": 17, "total": 9.5} please"#) == payment)
        #expect(classify("Refund order 17 please") == .other)
        #expect(classify(#"Where is {"order": 17, "total": 9.5}"#) == .other)
    }

    @Test func `the caller's own word counts only where it is one of the classes`() throws {
        let header = RequestField.header("x-intent-class")
        #expect(
            try classify("refund", fields: [header: "order_status"]) == (IntentClass(rawValue: "order_status"), .header)
        )
        #expect(try classify("refund", fields: [header: "evil"]) == (payment, .rule))
        #expect(try classify("refund", fields: [.body("metadata.intent"): "how_to"]) == (howTo, .body))
    }

    @Test(
        arguments: [
            ("a Refund, please", true), ("REFUND", true), ("(refund)", true), ("refunds", false), ("prerefund", false),
            ("réfund", false), ("order   \n confirmation", true), ("orderconfirmation", false), ("C++ code", true),
            ("c++11", true), ("refund_policy", true), ("éèrefund", false), ("refunds and a refund", true),
            ("", false),
        ]
    )
    func `words are found on boundaries, whatever their case`(text: String, isFound: Bool) throws {
        #expect(try (classify(text).0 == payment) == isFound)
    }

    @Test func `every class that can be assigned is known`() throws {
        #expect(
            try classifier().classes.map(\.rawValue) == [
                "how_to", "order_status", "other", "payment", "structured_data",
            ]
        )
    }

    @Test(.hangLimit)
    func `an expression that backtracks for ever is given up`() throws {
        let classifier = try IntentClassifier([.prompt(class: payment, PromptConditions(matches: "^(a+)+$"))])
        let text = String(repeating: "a", count: 40) + "!"
        let started = ProcessorTime.ofThread
        #expect(classifier.classify(text: text) { _ in nil }.intent == .other)
        #expect(ProcessorTime.ofThread - started < .seconds(30))
    }

    @Test(.hangLimit)
    func `many such expressions take together hardly more than two`() throws {
        let classifier = try IntentClassifier(
            (0..<200).map { .prompt(class: payment, PromptConditions(matches: "^(a+)+\($0)$")) }
        )
        let text = String(repeating: "a", count: 40) + "!"
        let started = ProcessorTime.ofThread
        #expect(classifier.classify(text: text) { _ in nil }.intent == .other)
        // Each by itself has 50 ms, and all of them 10 s.
        #expect(ProcessorTime.ofThread - started < .seconds(5))
    }

    @Test func `no expression is an error`() {
        #expect(throws: (any Error).self) {
            try IntentClassifier([.prompt(class: payment, PromptConditions(matches: "("))])
        }
    }
}

@Suite struct PastedKindTests {
    static let caught: [(String, PastedKind)] = [
        ("Where is it? {\"order\": 17}", .json),
        ("{\n  \"id\": \"A-1\",\n  \"items\": [1, 2]\n}", .json),
        ("text [{\"a\": 1}, {\"a\": 2}] more", .json),
        ("[[1, 2], [3, 4]]", .json),
        ("set {x} then {\"a\": {\"b\": \"}\"}}", .json),
        ("{\"a\":1}\n{\"a\":2}", .json),
        ("| item | qty |\n|------|-----|\n| nut | 3 |", .table),
        ("item | qty\n:--- | ---:\nnut | 3", .table),
        ("a | b | c\n1 | 2 | 3\n4 | 5 | 6", .table),
        ("item\tqty\nnut\t3\nbolt\t4", .table),
        (
            "Order    Date        Total\n1001     2026-01-02  17.50\n1002     2026-01-03   9.20\n"
                + "1003     2026-01-04   8.00",
            .table
        ),
        ("id,name,total\n1,Ann,17.5\n2,Bob,9", .csv),
        ("See this:\nsku;qty;price\nA-1;3;4,50\nB-2;1;9,00\nthanks", .csv),
        ("name, qty, price\nnut, 3, 4.5\nbolt, 9, 1.2", .csv),
        ("sku,qty\nA1,3\nB2,4", .csv),
        ("a,\"b, c\",d\n1,\"2, 3\",4\n5,\"6, 7\",8", .csv),
        ("2026-11-23T06:18:25Z ERROR payment failed", .log),
        ("Nov 23 06:18:25 host sshd[12]: a\nNov 23 06:18:26 host sshd[12]: b\nNov 23 06:18:27 host sshd[12]: c", .log),
        ("[2026-11-23 06:18:25,123] WARN retrying", .log),
        ("192.0.2.1 - - [23/Nov/2026:06:18:25 +0000] \"GET / HTTP/1.1\" 500 12 level=error", .log),
        ("Traceback (most recent call last):\n  File \"a.py\", line 1", .log),
        ("java.lang.Error: x\n  at a.b.C.d(C.java:12)\n  at a.b.C.e(C.java:14)", .log),
        ("```python\nx = 1\n```", .code),
        ("Fix:\n```\nfor (i = 0; i < 3; i++) {\n  f(i);\n}\n```", .code),
        ("def add(a, b):\n    return (a + b)\nprint(add(1, 2))", .code),
        ("SELECT id FROM orders\nWHERE total > 5\nLEFT JOIN lines ON a = b", .code),
        ("const a = 1;\nlet b = f(a);\nreturn b.c;", .code),
    ]

    @Test(arguments: caught)
    func `is recognised`(text: String, kind: PastedKind) {
        #expect(PastedKind.found(in: text).contains(kind))
    }

    static let prose = [
        "",
        "Where is my order?",
        "I paid [1] and then (see {note}) nothing; really, nothing at all.",
        "Sort the numbers [3, 1, 2] for me.",
        "First, second, third.\nFourth, fifth, sixth.\nSeventh, eighth, ninth.",
        "Dear team,\nI bought shoes, a hat, and a coat.\nThe hat, the coat, and the shoes came late.\nRegards,\nAnn",
        "We met at 10:30, then at 11:45, and left at 12:15.",
        "Let me know; I will wait;\nThank you;\nBye;",
        "If you can, return it.\nFor me it is too small.\nWhile you look, I wait.",
        "A  sentence  with  wide  gaps.",
        "What is 3 | 4?",
        "* one\n* two\n* three",
        "1. wash\n2. dry\n3. iron",
        "From: Ann\nTo: Bob\nSubject: class tomorrow\n\nimport duties are high.",
        "{}", "[]", "{not json}",
    ]

    @Test(arguments: prose)
    func `prose holds nothing pasted`(text: String) {
        #expect(PastedKind.found(in: text) == [])
    }

    @Test func `kinds are not taken for each other`() {
        #expect(PastedKind.found(in: "{\n  \"id\": \"A-1\",\n  \"total\": 5\n}") == [.json])
        #expect(PastedKind.found(in: "id,name,total\n1,Ann,17.5\n2,Bob,9") == [.csv])
        #expect(PastedKind.found(in: "```json\n{\"a\": 1}\n```") == [.json])
    }

    @Test(.hangLimit)
    func `a megabyte of opening brackets costs little`() {
        #expect(PastedKind.found(in: String(repeating: "[{", count: 500_000)) == [])
    }

    @Test func `no text crashes a detector`() {
        var random = SplitMix64(seed: 3)
        let alphabet = Array("{}[]\"\\,;|:\t \n-0123456789abcTZé│`<>/=")
        for _ in 0..<500 {
            let length = Int.random(in: 0..<120, using: &random)
            let text = String((0..<length).map { _ in alphabet.randomElement(using: &random) ?? " " })
            _ = PastedKind.found(in: text)
        }
    }
}
