import Statistics
import TestSupport
import Testing
import Wire

struct ServerSentEventTests {
    private func events(_ text: String) throws -> [ServerSentEvent] {
        var parser = ServerSentEventParser()
        return try parser.parse(text.utf8)
    }

    private func event(_ data: String, type: String = "message", id: String = "") -> ServerSentEvent {
        ServerSentEvent(type: type, data: Array(data.utf8), lastEventID: id)
    }

    // The first cases are the examples of the standard, §9.2.6.

    @Test func `the standard's examples`() throws {
        #expect(try events("data: YHOO\ndata: +2\ndata: 10\n\n") == [event("YHOO\n+2\n10")])
        #expect(
            try events(": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n\n")
                == [event("first event", id: "1"), event("second event"), event(" third event")]
        )
        #expect(try events("data\n\ndata\ndata\n\ndata:") == [event(""), event("\n")])
        #expect(try events("data:test\n\ndata: test\n\n") == [event("test"), event("test")])
    }

    @Test(arguments: ["\n", "\r", "\r\n"])
    func `every line end ends a line`(end: String) throws {
        let text = ["event: a", "data: 1", "", ": note", "data: 2", "data: 3", "", ""].joined(separator: end)
        #expect(try events(text) == [event("1", type: "a"), event("2\n3")])
    }

    @Test func `a byte order mark, comments, unknown fields and events without data leave nothing`() throws {
        #expect(
            try events("\u{FEFF}data: 1\n\n:\n\n:ping\nevent: x\n\nfoo: bar\ndata : 2\n\ndata: 3\n\n") == [
                event("1"), event("3"),
            ]
        )
    }

    @Test func `ids persist, an id with a null is ignored, and retry must be digits`() throws {
        var parser = ServerSentEventParser()
        let found = try parser.parse("id: 7\ndata: a\n\nid: \0\ndata: b\nretry: 12\n\nretry: 1x\ndata: c\n\n".utf8)
        #expect(found == [event("a", id: "7"), event("b", id: "7"), event("c", id: "7")])
        #expect(parser.retryMilliseconds == 12)
    }

    @Test func `an event that the end interrupts is not one`() throws {
        var parser = ServerSentEventParser()
        #expect(try parser.parse("data: a\n\ndata: b\n".utf8) == [event("a")])
        #expect(parser.isInsideEvent)
    }

    @Test func `no cut changes the events`() throws {
        for seed in 0..<400 {
            var random = SplitMix64(seed: seed)
            let text = Self.stream(using: &random)
            let expected = Self.naive(text)
            var parser = ServerSentEventParser()
            var found: [ServerSentEvent] = []
            for slice in random.slices(of: Array(text.utf8)) { found += try parser.parse(slice) }
            #expect(found == expected, "seed \(seed)")
            var bytewise = ServerSentEventParser()
            #expect(try text.utf8.flatMap { try bytewise.parse([$0]) } == expected, "seed \(seed)")
        }
    }

    @Test(arguments: ["data: ", ":", "x", "data: y\ndata: "])
    func `an event without end costs bounded memory`(start: String) throws {
        var parser = ServerSentEventParser(maximumEventBytes: 1_000)
        _ = try parser.parse(start.utf8)
        #expect(throws: ServerSentEventError.eventTooLarge(limit: 1_000)) {
            for _ in 0..<100 { _ = try parser.parse([UInt8](repeating: 0x61, count: 50)) }
        }
        #expect(throws: ServerSentEventError.eventTooLarge(limit: 1_000)) { try parser.parse("\n\n".utf8) }
    }

    @Test func `many lines of data count together`() {
        var parser = ServerSentEventParser(maximumEventBytes: 1_000)
        #expect(throws: ServerSentEventError.self) {
            for _ in 0..<300 { _ = try parser.parse("data: abc\n".utf8) }
        }
    }

    @Test(arguments: ["data: ", "event: ", ": a comment ", "nothing known "], [0, 1])
    func `a line is held to the limit however it is cut`(field: String, more: Int) {
        let line = Array(field.utf8) + [UInt8](repeating: 97, count: 100 - field.utf8.count + more)
        let bytes = line + Array("\n\n".utf8)
        for size in [1, 7, 99, 100, 101, bytes.count] {
            var parser = ServerSentEventParser(maximumEventBytes: 100)
            let isTaken = stride(from: 0, to: bytes.count, by: size).allSatisfy { start in
                (try? parser.parse(bytes[start..<min(start + size, bytes.count)])) != nil
            }
            #expect(isTaken == (more == 0), "in slices of \(size)")
        }
    }

    @Test func `events before the one that is too large are handed on`() {
        var parser = ServerSentEventParser(maximumEventBytes: 10)
        var found: [String] = []
        let text = Array("data: 1\n\ndata: 2\n\ndata: 0123456789012\n\n".utf8)
        #expect(throws: ServerSentEventError.self) {
            try text.withUnsafeBytes { raw in try parser.parse(raw) { found.append($0.text) }
            }
        }
        #expect(found == ["1", "2"])
    }

    /// A stream of every kind of line, with mixed line ends.
    private static func stream(using random: inout SplitMix64) -> String {
        var text = Int.random(in: 0..<4, using: &random) == 0 ? "\u{FEFF}" : ""
        let lines = [
            "data: ä", "data:b", "data", "data:  c", "data: x:y", "event: e", "event:", "id: 1", "id", ": note", "", "",
            "",
            "retry: 5", "foo", "DATA: no", "data: [DONE]",
        ]
        for _ in 0..<Int.random(in: 0...30, using: &random) {
            text += lines[Int.random(in: lines.indices, using: &random)]
            text += ["\n", "\r", "\r\n"][Int.random(in: 0..<3, using: &random)]
        }
        return text
    }

    /// The standard's algorithm over a whole text, word for word.
    private static func naive(_ text: String) -> [ServerSentEvent] {
        var scalars = Array(text.unicodeScalars)
        if scalars.first == "\u{FEFF}" { scalars.removeFirst() }
        var lines: [String] = []
        var line = String.UnicodeScalarView()
        var index = 0
        while index < scalars.count {
            if scalars[index] == "\r" || scalars[index] == "\n" {
                if scalars[index] == "\r", index + 1 < scalars.count, scalars[index + 1] == "\n" { index += 1 }
                lines.append(String(line))
                line = .init()
            } else {
                line.append(scalars[index])
            }
            index += 1
        }
        var events: [ServerSentEvent] = []
        var (data, type, id) = ("", "", "")
        for line in lines {
            if line.isEmpty {
                if !data.isEmpty {
                    events.append(
                        .init(type: type.isEmpty ? "message" : type, data: Array(data.utf8.dropLast()), lastEventID: id)
                    )
                }
                (data, type) = ("", "")
                continue
            }
            if line.hasPrefix(":") { continue }
            let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            var value = parts.count > 1 ? String(parts[1]) : ""
            if value.hasPrefix(" ") { value.removeFirst() }
            switch parts[0] {
            case "data": data += value + "\n"
            case "event": type = value
            case "id": id = value
            default: break
            }
        }
        return events
    }
}
