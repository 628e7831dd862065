import Formats
import Foundation
import Statistics
import TestSupport
import Testing
import Vocabulary

struct LineTests {
    @Test(arguments: [
        ("2026-11-16T09:00:00Z", 1_794_819_600.0), ("1970-01-01T00:00:00Z", 0),
        ("2000-02-29t12:00:00.5z", 951_825_600.5),
        ("2026-11-16T10:00:00+01:00", 1_794_819_600), ("2026-11-16 04:30:00-04:30", 1_794_819_600),
        ("1969-12-31T23:59:59Z", -1), ("2016-12-31T23:59:60Z", 1_483_228_800),
        ("2026-11-23T05:02:17.310406Z", 1_795_410_137.310406),
    ])
    func `RFC 3339 times are read`(time: (text: String, seconds: Double)) throws {
        let date = try #require(Timestamp.date(time.text))
        #expect(abs(date.timeIntervalSince1970 - time.seconds) < 1e-6)
    }

    @Test(arguments: [
        "", "2026-11-16", "2026-11-16T09:00:00", "2026-13-01T00:00:00Z", "2026-02-29T00:00:00Z", "2026-1-16T09:00:00Z",
        "2026-11-16T24:00:00Z", "2026-11-16T09:60:00Z", "2026-11-16T09:00:00.Z", "2026-11-16T09:00:00+0100",
        "2026-11-16T09:00:00Zx", "yesterday", "2026-11-16T09:00:61Z", "1900-02-29T00:00:00Z", "2026-00-10T00:00:00Z",
    ])
    func `other times are refused`(text: String) {
        #expect(Timestamp.date(text) == nil)
    }

    @Test func `times survive writing and reading, to the millisecond`() {
        for seed in 0..<2_000 {
            var random = SplitMix64(seed: seed)
            let milliseconds = Double(Int.random(in: -60_000_000_000_000...250_000_000_000_000, using: &random))
            let date = Date(timeIntervalSince1970: milliseconds / 1_000)
            let again = Timestamp.date(Timestamp.text(date))
            #expect(abs((again?.timeIntervalSince1970 ?? .infinity) * 1_000 - milliseconds) < 0.5, "seed \(seed)")
        }
        #expect(Timestamp.text(Date(timeIntervalSince1970: 1_794_819_600)) == "2026-11-16T09:00:00Z")
        #expect(Timestamp.text(Date(timeIntervalSince1970: 0.0625)) == "1970-01-01T00:00:00.063Z")
    }

    @Test func `lines are numbered as an editor numbers them, however the file is cut`() throws {
        let text = "\u{FEFF}a\r\n\n  \nb\nc"
        let bytes = Array(text.utf8)
        for size in 1...bytes.count {
            var splitter = LineSplitter()
            var lines: [String] = []
            func take(_ number: Int, _ line: UnsafeRawBufferPointer) {
                lines.append("\(number) \(String(decoding: line, as: UTF8.self))")
            }
            for piece in bytes.pieces(of: size) {
                try Array(piece).withUnsafeBytes { try splitter.append($0, take) }
            }
            try splitter.finish(take)
            #expect(lines == ["1 a", "4 b", "5 c"])
        }
    }

    @Test func `a line without end is refused`() throws {
        var splitter = LineSplitter(maximumLineBytes: 100)
        let piece = [UInt8](repeating: 0x61, count: 60)
        try piece.withUnsafeBytes { try splitter.append($0) { _, _ in } }
        #expect(throws: LineSplitter.LineTooLong(line: 1, limit: 100)) {
            try piece.withUnsafeBytes { try splitter.append($0) { _, _ in } }
        }
    }

    @Test func `tables are read as RFC 4180 describes them`() throws {
        func rows(_ text: String) throws -> [[String]] { try CommaSeparatedValues.rows(Array(text.utf8)).map(\.fields) }
        #expect(try rows("a,b\r\n1,\"2\"\r\n") == [["a", "b"], ["1", "2"]])
        #expect(try rows("\u{FEFF}a\n\n\"x\"\"y\nz\",,\n") == [["a"], ["x\"y\nz", "", ""]])
        #expect(try rows("a\rb") == [["a"], ["b"]])
        #expect(try rows("") == [])
        #expect(try CommaSeparatedValues.rows(Array("a\n\"\n\n\"\nb".utf8)).map(\.line) == [1, 2, 5])
        for broken in ["\"a", "a\"b", "\"a\"b", "a,\"b\nc"] {
            #expect(throws: CommaSeparatedValues.ParsingError.self) { try rows(broken) }
        }
    }

    @Test func `tables survive writing and reading`() throws {
        for seed in 0..<300 {
            var random = SplitMix64(seed: seed)
            let width = Int.random(in: 1...4, using: &random)
            let rows = (0..<Int.random(in: 1...5, using: &random)).map { _ in
                (0..<width).map { _ in String.random(using: &random) }
            }
            var output: [UInt8] = []
            for row in rows { CommaSeparatedValues.write(row, to: &output) }
            #expect(try CommaSeparatedValues.rows(output).map(\.fields) == rows, "seed \(seed)")
        }
    }
}
