import Foundation
import Testing

@testable import Scoring

/// The files of phrases, one for each language.
struct PhraseFileTests {
    @Test func `every line of every language can be used`() {
        for fault in PhraseLibrary.shared.faults { Issue.record("\(fault)") }
    }

    @Test func `every file of the folder is in the library`() throws {
        var root = URL(fileURLWithPath: #filePath)
        for _ in 0..<3 { root.deleteLastPathComponent() }
        let folder = root.appendingPathComponent("Sources/Scoring/Resources/Phrases").path
        let names = try FileManager.default.contentsOfDirectory(atPath: folder)
        #expect(names.sorted() == PhraseLibrary.shared.files.map(\.name).sorted())
    }

    @Test(
        arguments: [
            ("[refusal strong]\ni cannot ~1 @SERVE\n[list SERVE]\nhelp", nil),
            ("# a comment\n\n[answer preamble]\nsorry hello", nil),
            ("[refusal stronk]", "xx.txt, line 1: no section is called \"refusal stronk\""),
            ("[refusal strong\n", "xx.txt, line 1: a heading without its closing bracket"),
            ("sorry\n", "xx.txt, line 1: a line of a section that is not known, or before the first one"),
            ("[refusal weak]\n\n~2 opinion", "xx.txt, line 3: \"~2\": a phrase begins with a word that must be there"),
            ("[refusal weak]\nnot? sure", "xx.txt, line 2: \"not?\": a phrase begins with a word that must be there"),
            ("[refusal weak]\nno ~x idea", "xx.txt, line 2: \"~x\": behind ~ stands a number from 1 to 20"),
            ("[refusal weak]\nno idea|", "xx.txt, line 2: an empty word"),
            ("[refusal weak]\nno @IDEAS", "xx.txt, line 2: no [list IDEAS] is there"),
            ("[refusal weak]\nNo idea", "xx.txt, line 2: \"No\" is not in lower case"),
            ("[list SERVE]\nhelp to|do", "xx.txt, line 2: \"to|do\": a mark inside a word"),
            (
                "[answer preamble]\n対不起",
                "xx.txt, line 2: \"対不起\" is not one word; in scripts without blanks each character is one"
            ),
        ] as [(String, String?)]
    )
    func `a bad line is told with its file and its number`(text: String, fault: String?) {
        let library = PhraseLibrary([PhraseFile(name: "xx.txt", bytes: Array(text.utf8))])
        #expect(library.faults.map(\.description) == [fault].compactMap(\.self))
    }

    @Test func `beside a bad line the others are found`() {
        let text = "[refusal weak]\n~2 opinion\nno ~1 idea|clue\n"
        let library = PhraseLibrary([PhraseFile(name: "xx.txt", bytes: Array(text.utf8))])
        #expect(library.book(.weak).isIn(words(of: Array("I have no earthly clue.".utf8))))
        #expect(!library.book(.weak).isIn(words(of: Array("My opinion.".utf8))))
    }

    @Test func `a language is one file beside the others`() {
        let first = PhraseFile(name: "aa.txt", bytes: Array("[list SERVE]\nhelp\n[answer preamble]\nsorry".utf8))
        let second = PhraseFile(
            name: "bb.txt",
            bytes: Array("[refusal strong]\n我 不 @SERVE\n[list SERVE]\n帮\n[answer preamble]\n抱 歉".utf8)
        )
        let library = PhraseLibrary([first, second])
        #expect(library.faults == [])
        #expect(library.book(.strong).isIn(words(of: Array("我不帮你。".utf8))))
        #expect(library.hashes(.answerPreamble) == wordHashes("sorry 抱 歉"))
    }
}
