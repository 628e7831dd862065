import Files
import Foundation
import PairStore
import TestSupport
import Testing
import Vocabulary

@testable import Workflows

/// What an import keeps, and what it says of lines that it cannot read.
struct PairImportTests {
    /// As many bytes as are read of a file at a time.
    private static let piece = 1 << 18

    private func line(_ id: String, text: String = "It left today.") -> String {
        #"{"id":"\#(id)","prompt":"Where is my order?","stable":{"text":"\#(text)"},"shadow":{"text":"Soon."}}"#
    }

    /// Imports a text, and reads back what the store has of it.
    private func imported(
        _ lines: [String],
        skipsBadLines: Bool = false,
        in folder: String
    ) throws -> Result<PairImport.Result, CommandFailure> {
        let path = folder + "/pairs.jsonl"
        try lines.joined(separator: "\n").write(toFile: path, atomically: false, encoding: .utf8)
        do {
            let importing = try PairImport(
                storePath: folder + "/s.sqlite",
                loaded: nil,
                skipsBadLines: skipsBadLines
            )
            return .success(try importing.read(InputFile(path: path)))
        } catch let failure as CommandFailure {
            return .failure(failure)
        }
    }

    private func stored(in folder: String) throws -> [String: String] {
        let store = try Store.open(path: folder + "/s.sqlite", access: .readOnly)
        defer { try? store.close() }
        var texts: [String: String] = [:]
        try store.pairs.forEachPair { stored in
            texts[stored.pair.id] = stored.pair.stable.text
            return true
        }
        return texts
    }

    @Test func `a bad line ends the import with its file and number, and nothing is kept`() throws {
        try withTemporaryFolder { folder in
            let result = try imported([line("a"), "", #"{"stable":{}}"#, line("b")], in: folder)
            guard case .failure(let failure) = result else {
                Issue.record("the bad line was taken")
                return
            }
            #expect(failure.code == 65)
            #expect(failure.sentence.hasPrefix("\(folder)/pairs.jsonl:3: "))
            #expect(failure.sentence.hasSuffix(" Nothing of this file was kept."))
            #expect(try stored(in: folder).isEmpty)
        }
    }

    @Test func `bad lines that are to be skipped are counted, and the others are kept`() throws {
        try withTemporaryFolder { folder in
            let lines = [line("a"), "no JSON", line("b"), #"{"prompt":"q","stable":{"text":"a"}}"#]
            let result = try imported(lines, skipsBadLines: true, in: folder).get()
            #expect(result.counts == ImportCounts(added: 2))
            #expect(result.skipped == 2)
            #expect(Set(try stored(in: folder).keys) == ["a", "b"])
            let again = try imported(lines, skipsBadLines: true, in: folder).get()
            #expect(again.counts == ImportCounts(alreadyThere: 2))
        }
    }

    @Test func `a first line that is bad is skipped like any other`() throws {
        try withTemporaryFolder { folder in
            let result = try imported(["[]", line("a")], skipsBadLines: true, in: folder).get()
            #expect(result.counts == ImportCounts(added: 1))
            #expect(result.skipped == 1)
        }
    }

    /// Where the first line's newline stands, relative to the end of what is read first.
    @Test(arguments: [-1, 0, 1, 2])
    func `lines that lie across the pieces of a file are whole, and their numbers right`(offset: Int) throws {
        try withTemporaryFolder { folder in
            let length = Self.piece + offset - line("a", text: "").utf8.count - 1
            let long = String(repeating: "x", count: length)
            let longer = String(repeating: "y", count: 2 * Self.piece)
            let lines = [line("a", text: long), line("b", text: longer), "", "no JSON", line("c")]
            guard case .failure(let failure) = try imported(lines, in: folder) else {
                Issue.record("the bad line was taken")
                return
            }
            #expect(failure.sentence.hasPrefix("\(folder)/pairs.jsonl:4: "))
            let result = try imported(lines, skipsBadLines: true, in: folder).get()
            #expect(result.counts == ImportCounts(added: 3))
            #expect(result.skipped == 1)
            let texts = try stored(in: folder)
            #expect(texts["a"]?.utf8.count == length)
            #expect(texts["b"]?.utf8.count == 2 * Self.piece)
            #expect(texts["c"] == "It left today.")
        }
    }
}
