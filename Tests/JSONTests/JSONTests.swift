import JSON
import Statistics
import TestSupport
import Testing

struct JSONTests {
    // The cases are after N. Seriot's JSONTestSuite: what RFC 8259 accepts, and what it does not.

    @Test(arguments: [
        "[]", "[ ]", "{}", "[\"\"]", "[null, 1, \"1\", {}]", "[-0]", "[-0.1]", "[1E22]", "[1e-2]", "[1e+2]", "[123e65]",
        "[0e1]", "[0e+1]", "[-1]", "[0.0000000000000000000000000000000000000000000001]", "[20e1]", "[123.456e78]",
        "{\"a\":\"b\",\"a\":\"c\"}", "{\"\":0}", "{\"a\":[]}", "{\n\"a\": \"b\"\n}", "[\"\\u0060\\u012a\\u12AB\"]",
        "[\"\\uD801\\udc37\"]", "[\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"]", "[\"\\\\u0000\"]", "[\"\\u0000\"]", "[\"a/*b*/c\"]",
        "[\"\u{7F}\"]", "[\"\u{FFFF}\"]", "[\"€𝄞\"]", "\"\"", "42", "-0.1", "null", "true", "false", " [1 ] ",
        "\t[]\r\n",
    ])
    func `what RFC 8259 allows is read`(text: String) throws {
        let value = try JSON(parsing: text)
        #expect(try JSON(parsing: value.bytes()) == value)
        #expect(try JSON(parsing: value.bytes(.pretty)) == value)
    }

    @Test(arguments: [
        "", " ", "[1 true]", "[a]", "[\"\": 1]", "[\"\"],", "[,1]", "[1,,2]", "[\"x\"]]", "[\"\",]", "[\"x\"", "[3[4]]",
        "[fals]", "[nul]", "[tru]", "[-]", "[+1]", "[.1]", "[-.1]", "[-01]", "[012]", "[0.e1]", "[1.]", "[2.e3]",
        "[1e]", "[1e+]", "[0x42]", "[Infinity]", "[-Infinity]", "[NaN]", "[1_0]", "[1 000.0]", "[1ea]", "{\"a\":\"b\"",
        "{\"a\" \"b\"}", "{\"a\":}", "{,}", "{\"a\":1,}", "{a: 1}", "{'a':1}", "{1:1}", "{\"a\":1,,\"b\":2}",
        "[\"\\x00\"]",
        "[\"\\u00A\"]", "[\"\\uD834\\u\"]", "[\"\\\"]", "[\"\u{1}\"]", "[\"\n\"]", "[\"\\a\"]", "[\"", "['']", "<.>",
        "[1]x",
        "[1]//", "{\"a\":/*c*/1}", "[True]", "]", "}", "\u{FEFF}", "[\u{2060}]", "\u{C}[]", "1 2",
    ])
    func `what RFC 8259 forbids is refused`(text: String) {
        #expect(throws: JSONError.self) { try JSON(parsing: text) }
        #expect(throws: JSONError.self) { try JSONMembers(scanning: "{\"a\":\(text)}".utf8) }
    }

    @Test(
        arguments: [
            [0x22, 0xFF, 0x22], [0x22, 0xC0, 0xAF, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22], [0x22, 0xE2, 0x82, 0x22],
            [0x22, 0xF4, 0xBF, 0xBF, 0xBF, 0x22], [0x22, 0x5C, 0x6E, 0xFF, 0x22],
        ] as [[UInt8]]
    )
    func `a string that is not UTF-8 is refused as such`(bytes: [UInt8]) {
        #expect { try JSON(parsing: bytes) } throws: { ($0 as? JSONError)?.reason == .invalidUTF8 }
    }

    @Test func `lone surrogates become the replacement character`() throws {
        for text in ["\"\\uD800\"", "\"\\uDC00\"", "\"\\uD800x\"", "\"\\uD800\\uD800\"", "\"\\uD800\\n\""] {
            let value = try #require(try JSON(parsing: text).stringValue)
            #expect(value.unicodeScalars.first == "\u{FFFD}", "\(text)")
        }
        #expect(try JSON(parsing: "\"\\uD83D\\uDE00\"").stringValue == "😀")
        #expect(try JSON(parsing: "\"\\uD800\\uD83D\\uDE00\"").stringValue == "\u{FFFD}😀")
    }

    @Test func `a byte order mark at the start is ignored`() throws {
        #expect(try JSON(parsing: [0xEF, 0xBB, 0xBF] + Array("[1]".utf8)) == [1])
    }

    @Test func `errors say where`() {
        #expect { try JSON(parsing: "{\"a\": 1, \"b\" 2}") } throws: {
            "\($0)" == "The JSON is invalid at byte 13: a colon must stand here."
        }
        #expect { try JSON(parsing: "[1, 2") } throws: {
            "\($0)" == "The JSON is invalid at byte 5: it ends before it is complete."
        }
    }

    @Test func `nesting beyond the limit is an error and not a crash`() throws {
        let deep = String(repeating: "[", count: 100_000)
        #expect { try JSON(parsing: deep) } throws: { ($0 as? JSONError)?.reason == .tooDeep(limit: 256) }
        #expect(throws: JSONError.self) { try JSONMembers(scanning: ("{\"a\":" + deep).utf8) }
        let allowed = String(repeating: "[", count: 256) + String(repeating: "]", count: 256)
        #expect(try JSON(parsing: allowed).arrayValue?.count == 1)
    }

    @Test func `numbers keep their text and order and duplicates are kept`() throws {
        let text = "{\"z\":1.50,\"a\":12345678901234567890123,\"z\":-0.0e-5}"
        let value = try JSON(parsing: text)
        #expect(value.text() == text)
        #expect(value["z"]?.text() == "-0.0e-5")
        #expect(value.objectValue?.keys == ["z", "a", "z"])
    }

    @Test func `accessors convert only what is exact`() throws {
        let value = try JSON(
            parsing: "{\"i\":3,\"f\":3.0,\"e\":3e0,\"h\":3.5,\"big\":1e400,\"long\":99999999999999999999}"
        )
        #expect(["i", "f", "e", "h", "big", "long"].map { value[$0]?.intValue } == [3, 3, 3, nil, nil, nil])
        #expect(value["h"]?.doubleValue == 3.5)
        #expect(value["big"]?.doubleValue == nil)
        #expect(value.value(atPath: "i.x") == nil)
        #expect(try JSON(parsing: "{\"a\":{\"b\":[{\"c\":7}]}}").value(atPath: "a.b.0.c")?.intValue == 7)
    }

    @Test func `infinities and NaN are written as null`() {
        let value: JSON = [
            "a": JSON(Double.nan), "b": JSON(-Double.infinity), "c": JSON(0.1), "d": JSON(2.0), "e": 1e300,
        ]
        #expect(value.text() == "{\"a\":null,\"b\":null,\"c\":0.1,\"d\":2,\"e\":1e+300}")
    }

    @Test func `output is compact, pretty or sorted`() {
        let value: JSON = ["b": [1, [], [:]], "a": "\u{1}\"\\\u{7F}/é\u{8}\u{C}\n\r\t"]
        #expect(value.text() == "{\"b\":[1,[],{}],\"a\":\"\\u0001\\\"\\\\\u{7F}/é\\b\\f\\n\\r\\t\"}")
        #expect(value.text(.sorted).hasPrefix("{\"a\":"))
        #expect(JSON(["x": 1.5, "w": 0]).text() == "{\"w\":0,\"x\":1.5}")
        let pretty: JSON = ["b": [1, []], "a": [:]]
        #expect(pretty.text(.pretty) == "{\n  \"b\": [\n    1,\n    []\n  ],\n  \"a\": {}\n}")
    }

    @Test(arguments: [
        ("1", "1"), ("1.0", "1"), ("10e-1", "1"), ("0.1e1", "1"), ("-0", "0"), ("0.000", "0"), ("-0.0e9", "0"),
        ("1e2", "100"),
        ("1E+2", "100"), ("-1.50", "-1.5"), ("0.010", "0.01"), ("1e-7", "0.0000001"),
        ("12345678901234567890", "12345678901234567890"),
        ("1e30", "1e30"), ("10e29", "1e30"), ("1.5e300", "15e299"), ("1e-30", "1e-30"),
        ("1e99999999999", "1e99999999999"),
        ("123.456", "123.456"), ("0.30000000000000004", "0.30000000000000004"),
    ])
    func `equal numbers have one normal text`(number: (text: String, normal: String)) throws {
        guard case .number(let value) = try JSON(parsing: number.text) else {
            Issue.record("no number")
            return
        }
        #expect(value.normalised == number.normal)
        guard case .number(let again) = try JSON(parsing: value.normalised) else {
            Issue.record("the normal form is no number")
            return
        }
        #expect(again.normalised == value.normalised)
        #expect(again.double == value.double)
    }

    @Test func `random values survive writing and reading`() throws {
        for seed in 0..<500 {
            var random = SplitMix64(seed: seed)
            let value = JSON.random(depth: 4, using: &random)
            #expect(try JSON(parsing: value.bytes()) == value, "seed \(seed)")
            #expect(try JSON(parsing: value.bytes(.pretty)) == value, "seed \(seed)")
        }
    }

    @Test func `the canonical form does not depend on order, spacing or spelling`() throws {
        for seed in 0..<300 {
            var random = SplitMix64(seed: seed)
            let value = JSON.random(depth: 4, using: &random)
            let other = try JSON(parsing: value.shuffled(using: &random).respelled(using: &random))
            #expect(other.canonicalBytes == value.canonicalBytes, "seed \(seed)")
            #expect(try JSON(parsing: value.canonicalBytes).canonicalBytes == value.canonicalBytes, "seed \(seed)")
        }
    }

    @Test(arguments: ["1e-9223372036854775808", "1e9223372036854775807", "1E99999999999999999999"])
    func `an exponent beyond all measure is kept as it is written, and traps nothing`(text: String) throws {
        let number = try JSON(parsing: text)
        #expect(number.canonicalBytes == Array(text.utf8))
    }

    @Test func `of duplicates the canonical form keeps the last`() throws {
        #expect(try JSON(parsing: "{\"b\":1,\"a\":2,\"b\":3}").canonical.text() == "{\"a\":2,\"b\":3}")
    }

    @Test func `damaged text is an error or a value and never a crash`() {
        for seed in 0..<2_000 {
            var random = SplitMix64(seed: seed)
            var bytes = JSON.random(depth: 4, using: &random).bytes()
            for _ in 0..<Int.random(in: 1...4, using: &random) where !bytes.isEmpty {
                bytes[Int.random(in: bytes.indices, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            let parsed = try? JSON(parsing: bytes)
            let scanned = try? JSONMembers(scanning: bytes)
            #expect((parsed?.objectValue != nil) == (scanned != nil), "seed \(seed)")
        }
    }

    @Test func `member ranges cut out exactly the values`() throws {
        for seed in 0..<300 {
            var random = SplitMix64(seed: seed)
            var members = JSON.Object()
            for index in 0..<Int.random(in: 0...6, using: &random) {
                members.members.append(.init(key: "k\(index % 4)", value: .random(depth: 3, using: &random)))
            }
            let text = JSON.object(members).respelled(using: &random)
            let bytes = Array(text.utf8)
            let found = try JSONMembers(scanning: bytes)
            #expect(found.members.map(\.key) == members.keys, "seed \(seed)")
            for (range, member) in zip(found.members, members.members) {
                let value = try JSON(parsing: bytes[range.valueRange])
                #expect(value.canonicalBytes == member.value.canonicalBytes, "seed \(seed)")
                #expect(try JSON(parsing: bytes[range.keyRange]).stringValue == member.key, "seed \(seed)")
            }
            #expect(bytes[found.openingBrace] == UInt8(ascii: "{"))
            #expect(bytes[found.closingBrace] == UInt8(ascii: "}"))
            #expect(found.valueRange(of: "k0") == found.members.last { $0.key == "k0" }?.valueRange)
        }
    }

    @Test func `setting a member replaces, appends or removes`() {
        var object: JSON.Object = ["a": 1, "b": 2, "a": 3]
        object["a"] = 4
        object["c"] = nil
        object["d"] = 5
        #expect(JSON.object(object).text() == "{\"a\":1,\"b\":2,\"a\":4,\"d\":5}")
        object["a"] = nil
        #expect(JSON.object(object).text() == "{\"b\":2,\"d\":5}")
    }
}
