import Formats
import JSON
import Testing

/// Files that were made to take more memory than they have bytes.
struct BoundsTests {
    @Test func `lines come one at a time, whatever the pieces, and too long a one is told by its number`() throws {
        let text = Array("\u{FEFF}one\r\n\n \t\nfour\nfive".utf8)
        for size in 1...text.count {
            var rest = text[...]
            var feed = LineFeed(maximumLineBytes: 8) {
                defer { rest = rest.dropFirst(size) }
                return Array(rest.prefix(size))
            }
            var found: [String] = []
            while let line = try feed.next() {
                found.append("\(line.number) \(String(decoding: line.bytes, as: UTF8.self))")
            }
            #expect(found == ["1 one", "4 four", "5 five"])
        }
        var isFirst = true
        var feed = LineFeed(maximumLineBytes: 8) {
            defer { isFirst = false }
            return isFirst ? Array("short\nmuch too long\n".utf8) : []
        }
        #expect(throws: LineSplitter.LineTooLong(line: 2, limit: 8)) {
            while try feed.next() != nil {}
        }
    }

    @Test func `lines go on behind one that is too long, whatever the pieces`() throws {
        let text = Array("\u{FEFF}short\nmuch too long\r\n\nfour\nmuch too long again\nmuch too long at the end".utf8)
        for size in 1...text.count {
            var rest = text[...]
            var feed = LineFeed(maximumLineBytes: 8) {
                defer { rest = rest.dropFirst(size) }
                return Array(rest.prefix(size))
            }
            var found: [String] = []
            while true {
                do {
                    guard let line = try feed.next() else { break }
                    found.append("\(line.number) \(String(decoding: line.bytes, as: UTF8.self))")
                } catch let long as LineSplitter.LineTooLong {
                    found.append("\(long.line) long")
                }
            }
            #expect(found == ["1 short", "2 long", "4 four", "5 long", "6 long"], "pieces of \(size)")
        }
        // The number is said by whoever has the file's name.
        let sentence = LineSplitter.LineTooLong(line: 5, limit: 64 << 20).description
        #expect(sentence.hasPrefix("This line is longer than 64 MiB") && !sentence.contains("5"))
    }

    @Test(arguments: [
        ("[]", 0), ("[ ]\n", 0), ("[{\"data\":{},\"annotations\":[]}]", 1),
        ("[{\"data\":{\"x\":\"],[\\\"}\"},\"annotations\":[]} , {\"data\":{},\"annotations\":[]}]", 2),
    ])
    func `an array of tasks is read a task at a time`(_ text: String, _ tasks: Int) throws {
        #expect(try RatingFile(parsing: text.utf8).skipped == tasks)
    }

    @Test(arguments: [
        ("[{}", "The JSON array does not end"), ("[1,]", "element 1"), ("[{},,{}]", "element 1"),
        ("[{\"data\":{},\"annotations\":[]},]", "element 2"),
        ("[{\"data\":{},\"annotations\":[]}] x", "Something follows"),
        ("[\"", "The JSON array does not end"), ("[\"\\", "The JSON array does not end"), ("[}]", "element 1"),
        ("[{\"data\":{},\"annotations\":[]}}]", "element 1"),
    ])
    func `an array that is none is told by its place`(_ text: String, _ place: String) {
        let error = #expect(throws: LineError.self) { try RatingFile(parsing: text.utf8) }
        #expect(error?.description.contains(place) == true, "\(String(describing: error))")
    }

    @Test func `a table has bounds`() {
        func refused(_ text: String) -> CommaSeparatedValues.ParsingError? {
            #expect(throws: CommaSeparatedValues.ParsingError.self) { try CommaSeparatedValues.rows(Array(text.utf8)) }
        }
        #expect(refused("a,b\n" + String(repeating: ",", count: 256)) == .tooManyFields(line: 2))
        #expect(refused(String(repeating: "x", count: (4 << 20) + 1)) == .fieldTooLong(line: 1))
        #expect(refused(String(repeating: "x\n", count: 1_000_001)) == .tooManyRows(line: 1_000_001))
    }

    @Test func `an export may be large, what is held of it at once is not`() {
        func refused(_ bytes: [UInt8]) -> String {
            #expect(throws: LineError.self) { try RatingFile(parsing: bytes) }?.description ?? ""
        }
        #expect(RatingFile.largestBytes == 256 << 20)
        let filler = [UInt8](repeating: 0x20, count: (16 << 20) + 1)
        let task = Array("{\"data\":{},\"annotations\":[]}".utf8)
        #expect(refused(Array("[".utf8) + task + [0x2C] + filler + [0x5D]).hasPrefix("element 2: "))
        #expect(refused(task + [0x0A] + filler).hasPrefix("line 2: This line is longer than 16 MiB"))
        let table = Array("item,rater,choice\n".utf8) + [UInt8](repeating: 0x61, count: 64 << 20)
        #expect(refused(table).hasPrefix("The table is larger than 64 MiB"))
    }

    @Test func `a pair does not bring names of scores without end`() {
        let scores = (0..<1_001).map { "\"s\($0)\":1" }.joined(separator: ",")
        let line = #"{"prompt":"p","stable":{"text":"a","scores":{\#(scores)}},"shadow":{"text":"b"}}"#
        let error = #expect(throws: LineError.self) { try PairLine(parsing: Array(line.utf8)) }
        #expect(error?.description.contains("stable.scores") == true)
        let long =
            #"{"prompt":"p","stable":{"text":"a","scores":{"\#(String(repeating: "n", count: 201))":1}},"shadow":{"text":"b"}}"#
        #expect(throws: LineError.self) { try PairLine(parsing: Array(long.utf8)) }
    }
}
