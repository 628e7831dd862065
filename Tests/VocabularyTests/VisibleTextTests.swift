import Testing
import Vocabulary

struct VisibleTextTests {
    @Test(arguments: [
        ("plain words, 漢字 and 👩‍🔬", "plain words, 漢字 and 👩‍🔬"),
        ("\u{1B}[31mred\u{07}", "\\u{1B}[31mred\\u{7}"),
        // One scalar that terminals take for ESC [.
        ("\u{9B}2J", "\\u{9B}2J"),
        ("a\r\nb\tc", "a\\u{D}\\u{A}b\\u{9}c"),
        ("txt.\u{202E}exe\u{2066}", "txt.\\u{202E}exe\\u{2066}"),
        ("a\u{200B}b\u{FEFF}c\u{2028}d\u{E0041}", "a\\u{200B}b\\u{FEFF}c\\u{2028}d\\u{E0041}"),
    ])
    func `what acts is shown as its code, and what is seen stays`(_ text: String, _ shown: String) {
        #expect(text.visible() == shown)
    }

    @Test func `lines stay where that is asked for`() {
        #expect("a\n\tb\u{1B}".visible(keepingLines: true) == "a\n\tb\\u{1B}")
    }
}
