import JSON
import Synchronization
import TestSupport
import Testing
import Vocabulary

@testable import Wire

/// What foreign bytes become is asked room for before it is made (F2).
struct MemoryRoomTests {
    /// Grants up to a limit, and keeps what was asked for at most.
    private final class Room: MemoryRoom {
        private let limit: Int
        private let asked = Atomic(0)
        private let most = Atomic(0)

        init(limit: Int) { self.limit = limit }

        func resize(to bytes: Int) -> Bool {
            guard bytes <= max(limit, self.bytes) else { return false }
            asked.store(bytes, ordering: .relaxed)
            most.max(bytes, ordering: .relaxed)
            return true
        }

        var bytes: Int { asked.load(ordering: .relaxed) }
        var highest: Int { most.load(ordering: .relaxed) }
    }

    private func assembler(_ room: Room, type: String, coding: String? = nil) -> AnswerAssembler {
        var assembler = AnswerAssembler(shape: .chatCompletions, room: room)
        assembler.head(status: 200, contentType: type, contentEncoding: coding)
        return assembler
    }

    private func feed(_ assembler: inout AnswerAssembler, _ bytes: [UInt8], _ room: Room, by size: Int = 7_000) {
        for start in stride(from: 0, to: bytes.count, by: size) {
            assembler.consume(bytes[start..<min(start + size, bytes.count)], at: .zero)
            // Steps of a few hundred bytes, and the tokens of one slice, are ahead of the count.
            #expect(assembler.heldByteCount <= room.bytes + 1_024)
        }
    }

    private static let plain = Array(
        #"{"choices":[{"index":0,"finish_reason":"stop","message":{"content":""#.utf8
    )

    @Test func `a document that does not fit is given up, and nothing of it is kept`() {
        let room = Room(limit: 1 << 20)
        var assembler = assembler(room, type: "application/json")
        feed(&assembler, Self.plain + [UInt8](repeating: 0x61, count: 3 << 20), room)
        #expect(assembler.isOutOfRoom && !assembler.wantsMore)
        #expect(room.bytes < 1_000 && room.highest <= 1 << 20)
    }

    @Test func `nor is one event, nor one line of a stream, nor a field's name without end`() {
        for start in ["data: {\"choices\":[{\"delta\":{\"content\":\"", ":", "event: ", "id: ", ""] {
            let room = Room(limit: 1 << 20)
            var assembler = assembler(room, type: "text/event-stream")
            feed(&assembler, Array(start.utf8) + [UInt8](repeating: 0x61, count: 3 << 20), room)
            #expect(assembler.isOutOfRoom, "\(start)")
            #expect(room.bytes < 1_000 && room.highest <= 1 << 20)
        }
    }

    @Test func `a bomb is decoded as far as there is room`() {
        let room = Room(limit: 1 << 20)
        var assembler = assembler(room, type: "application/json", coding: "gzip")
        let bomb = compressed(Self.plain + [UInt8](repeating: 0x61, count: 8 << 20))
        feed(&assembler, bomb, room)
        #expect(assembler.isOutOfRoom && room.highest <= 1 << 20)
    }

    @Test func `what is not kept of a bomb is not decoded without end either`() {
        var limits = AnswerAssembler.Limits()
        limits.bufferedBytes = 1 << 20
        let comments = compressed(Array(": \n".utf8) + [UInt8](repeating: 0x0A, count: 8 << 20))
        var stream = AnswerAssembler(shape: .chatCompletions, limits: limits)
        stream.head(status: 200, contentType: "text/event-stream", contentEncoding: "gzip")
        stream.consume(comments, at: .zero)
        #expect(!stream.wantsMore)
        #expect(stream.finish(.cut, at: .zero).malformedReason == .tooLarge)
        let plain = Array(#"{"error":{"code":"full"}}"#.utf8)
        for (bytes, isLong) in [(plain, false), (plain + [UInt8](repeating: 0x20, count: 1 << 20), true)] {
            var error = AnswerAssembler(shape: .chatCompletions)
            error.head(status: 503, contentType: "application/json", contentEncoding: "gzip")
            error.consume(compressed(bytes), at: .zero)
            #expect(error.wantsMore == !isLong)
            let answer = error.finish(.complete, at: .zero)
            #expect(answer.outcome == .httpError && answer.errorCode == "full")
        }
    }

    /// Two bytes of text each, and tens of memory.
    @Test(arguments: ["application/json", "text/event-stream"])
    func `a document or an event of many small values needs room for its tree`(type: String) {
        let values = Array((String(repeating: "0,", count: 200_000) + "0").utf8)
        let document =
            Array(#"{"x":["#.utf8) + values + Array(#"],"choices":[{"index":0,"finish_reason":"stop","#.utf8)
            + Array(#""message":{"content":"a"}}]}"#.utf8)
        let isStream = type == "text/event-stream"
        let body = isStream ? Array("data: ".utf8) + document + Array("\n\ndata: [DONE]\n\n".utf8) : document
        for (limit, fits) in [(2 << 20, false), (64 << 20, true)] {
            let room = Room(limit: limit)
            var assembler = assembler(room, type: type)
            feed(&assembler, body, room)
            let answer = assembler.finish(.complete, at: .zero)
            #expect(assembler.isOutOfRoom != fits && room.highest <= limit)
            #expect((answer.outcome == .ok) == fits)
            if fits { #expect(room.highest > 6 << 20) }
        }
    }

    @Test func `an answer of more values than any is malformed, however much room there is`() {
        let values =
            Array(#"{"choices":["#.utf8) + Array(String(repeating: "0,", count: 1 << 20).utf8) + Array("0]}".utf8)
        var assembler = assembler(Room(limit: .max), type: "application/json")
        assembler.consume(values, at: .zero)
        let answer = assembler.finish(.complete, at: .zero)
        #expect(answer.outcome == .malformed && answer.malformedReason == .tooLarge && !assembler.isOutOfRoom)
    }

    @Test func `a body asks for what it decodes to before it is decoded`() throws {
        let bomb = compressed([UInt8](repeating: 0x61, count: 4 << 20))
        var highest = 0
        let decoded = try ContentDecoder.decoded([bomb], contentEncoding: "gzip", limit: 4 << 20) { bytes in
            highest = max(highest, bytes)
            return true
        }
        #expect(decoded?.count == 4 << 20 && highest >= 4 << 20 && highest <= 8 << 20)
        for (limit, room, reason) in [(1 << 20, 8 << 20, "tooLarge"), (8 << 20, 1 << 20, "noRoom")] {
            highest = 0
            let error = #expect(throws: ContentCodingError.self) {
                try ContentDecoder.decoded([bomb], contentEncoding: "gzip", limit: limit) { bytes in
                    guard bytes <= room else { return false }
                    highest = max(highest, bytes)
                    return true
                }
            }
            #expect(error.map { "\($0.reason)" } == reason && highest <= min(2 * limit, room))
        }
    }

    // MARK: Trees

    @Test func `the number of values is bounded where a caller says so`() throws {
        let text = "[1,{\"a\":[null,true,\"x\"]},-2.5e3]"
        for maximum in 0..<8 {
            #expect(throws: JSONError.self) { try JSON(parsing: text.utf8, maximumValues: maximum - 1) }
        }
        #expect(try JSON(parsing: text.utf8, maximumValues: 8) == JSON(parsing: text.utf8))
    }

    @Test func `a tree's bound grows with its values, and prose full of commas is told from them`() throws {
        func measure(_ text: String) throws -> Int {
            try Array(text.utf8).withUnsafeBytes { bytes throws(JSONError) in try JSONMeasure.treeBytes(of: bytes) }
        }
        let values = try measure("[" + String(repeating: "0,", count: 500_000) + "0]")
        #expect(values >= 500_000 * 2 * MemoryLayout<JSON>.stride / 2)
        let lists = try measure("[" + String(repeating: "[0],", count: 100_000) + "0]")
        #expect(lists >= 100_000 * (2 * MemoryLayout<JSON>.stride + 48))
        let prose = try measure("{\"messages\":\"" + String(repeating: "a, b, ", count: 500_000) + "\"}")
        #expect(prose < 3_100_000)
        #expect(throws: JSONError.self) { try measure("[" + String(repeating: "0,", count: 1 << 20) + "0]") }
    }

    @Test func `the canonical form that is written at once is that of the tree`() throws {
        for text in [
            #"{"b":1.0,"a":[1e2,{"z":null,"a":"\u00e9\n"}],"a":{"y":[],"x":{}}}"#, "[]", "{}", "-0", #""\/""#,
            #"[{"a":1,"a":2,"a":{"b":1,"b":[]}}]"#,
        ] {
            let value = try JSON(parsing: text)
            #expect(value.canonicalBytes == value.canonical.bytes())
        }
        let body = JSON.object(["messages": [["content": .string(String(repeating: "x", count: 200_000))], 2], "n": 1])
        let request = try MirroredRequest(shape: .chatCompletions, body: body.bytes())
        var pieces: [[UInt8]] = []
        request.forEachCanonicalPiece { pieces.append($0) }
        #expect(pieces.count > 1 && Array(pieces.joined()) == request.canonicalBytes)
    }
}
