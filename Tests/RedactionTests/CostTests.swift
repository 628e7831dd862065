import Testing

@testable import Redaction

/// The pass is linear: a text of eight times the size takes about eight times as long, whatever it is made of.
///
/// Compared by the thread's own time at two sizes, which other work on the machine does not add to; a quadratic search
/// would take 64 times as long, and the bound lies between the two.
@Suite(.serialized) struct CostTests {
    static let adversaries = [
        "@", "1", "e", ":", "\\", "-", "<", "(", "[", "+", "1 ", "1.", "a.", "a@", "a@a.", "sk-", "eyJ", "eyJ0.", "://",
        "%40",
        "<EMAIL_1", "<A_<A_", "password=", "password: \"", "Bearer ", "-----BEGIN ", "0 1-", "+1 ", "(1) ", "DE00 ",
        "::1", "1:",
        "\"@", "\\\\n", "O'", "aB1", "{\"", "é", "：", "hvs.", "5712345678:AA", "1.1.1.1-", "https://a:", "X-1234567-",
        // Words that announce a value which goes on and on.
        "token=", "token=a", "Authorization:", "secret: ", "cookie:a=", "Cookie: a=a;", "cvv ", "code 1", "a -p ",
        " -u a:a", "пароль ", "密码是a", "token:eyJ-", "-----BEGIN PRIVATE KEY-----",
        // What a text is normalised from.
        "%", "%25", "&", "&amp;", "&#64;", "&amp;#64;", "\\u0040", "\u{200B}", "a\u{200B}", "４", "*", "a**", "`a",
        "(at)",
        "a (at) b", "a<b", "<!--", "a<!--", "\u{E0001}", "x\u{301}",
        // Found again and again.
        "<EMAIL_1>", "a@b.co ", "10.1.2.3 ", "00:11:22:33:44:55 ", "4111\n", "4111_1111_", "a/b/", "aB3/+",
        "a[.]b", "mysql -pa ", "password password ", "%20a", "4111+1111+",
    ]

    @Test(arguments: adversaries)
    func `a long text of one repeated piece takes time in proportion to its length`(_ piece: String) {
        // Measured again where it seems too much: the first time may have filled the caches.
        let isLinear = (0..<3).contains { _ in
            Self.time(of: piece, bytes: 1 << 16) < Self.time(of: piece, bytes: 1 << 13) * 24 + .milliseconds(20)
        }
        #expect(isLinear, "\(piece)")
    }

    /// What a rule's matches and a text's placeholders cost together was their product.
    @Test func `a rule that matches beside every placeholder takes time in proportion to the text`() throws {
        let redactor = try Redactor(rules: [Redactor.Rule(name: "TICKET", pattern: "T-[0-9]{6}")])
        let isLinear = (0..<3).contains { _ in
            let short = Self.time(of: "<EMAIL_1> T-123456 ", bytes: 1 << 14, by: redactor)
            return Self.time(of: "<EMAIL_1> T-123456 ", bytes: 1 << 18, by: redactor) < short * 48 + .milliseconds(20)
        }
        #expect(isLinear)
    }

    private static func time(of piece: String, bytes: Int, by redactor: Redactor = Redactor()) -> Duration {
        let text = String(repeating: piece, count: bytes / piece.utf8.count)
        let start = ThreadTime.now
        var scope = RedactionScope()
        _ = redactor.redact(text, in: &scope)
        return ThreadTime.now - start
    }

    @Test func `a megabyte of each is read through`() {
        // A build without optimisation on a busy machine takes most of the time that a text has.
        var redactor = Redactor()
        redactor.budget.perByte *= 10
        redactor.scopeBudget.perByte *= 10
        for piece in ["@", "1", "e", "sk-", "<EMAIL_1"] {
            let text = String(repeating: piece, count: (1 << 20) / piece.utf8.count)
            var scope = RedactionScope()
            #expect(redactor.redact(text, in: &scope) == text)
        }
    }
}

/// What happens where time, numbers or room run out: what was not looked at is not kept.
@Suite struct BudgetTests {
    @Test func `what there was no time to scan is replaced as a whole`() {
        var redactor = Redactor()
        redactor.budget = ScanBudget(base: .zero, perByte: .zero)
        let clean = String(repeating: "many words, ", count: 10_000)
        var scope = RedactionScope()
        let result = redactor.redact("jane@example.org " + clean + "bob@example.org", in: &scope)
        #expect(result.hasPrefix("<EMAIL_1> many words, "))
        #expect(result.hasSuffix("<NOT_SCANNED_1>"))
        #expect(!result.contains("bob"))
        #expect(result.utf8.count < 70_000)
        #expect(scope.findings[.notScanned] == 1)
    }

    @Test func `what there was no time to scan is cut between characters`() {
        var redactor = Redactor()
        redactor.budget = ScanBudget(base: .zero, perByte: .zero)
        var scope = RedactionScope()
        for blanks in 0..<3 {
            let text = String(repeating: " ", count: blanks) + String(repeating: "あ", count: 40_000)
            #expect(!redactor.redact(text, in: &scope).contains("\u{FFFD}"))
        }
    }

    @Test func `a text short enough to be read at once needs no time`() {
        var redactor = Redactor()
        redactor.budget = ScanBudget(base: .zero, perByte: .zero)
        var scope = RedactionScope()
        #expect(redactor.redact("jane@example.org wrote", in: &scope) == "<EMAIL_1> wrote")
    }

    @Test func `however many texts a pair has, rules take time in proportion to all of them`() throws {
        var redactor = try Redactor(rules: [Redactor.Rule(name: "EVIL", pattern: "(a+)+$")])
        redactor.scopeBudget = ScanBudget(base: .milliseconds(100), perByte: .zero)
        var scope = RedactionScope()
        let evil = String(repeating: "a", count: 40) + "!"
        let start = ThreadTime.now
        for _ in 0..<20 { #expect(redactor.redact(evil, in: &scope).hasPrefix("<EVIL_")) }
        // Each of them would take 50 ms.
        #expect(ThreadTime.now - start < .milliseconds(500))
        // What is not searched any more is not kept.
        #expect(redactor.redact("clean", in: &scope).hasPrefix("<EVIL_"))
        #expect(redactor.redact("", in: &scope) == "")
        // Another pair has its own time.
        var next = RedactionScope()
        #expect(redactor.redact("clean", in: &next) == "clean")
    }

    @Test func `however many texts a pair has, scanning takes time in proportion to all of them`() {
        var redactor = Redactor()
        redactor.scopeBudget = ScanBudget(base: .microseconds(1), perByte: .zero)
        var scope = RedactionScope()
        #expect(redactor.redact("jane@example.org wrote", in: &scope) == "<EMAIL_1> wrote")
        #expect(redactor.redact("bob@example.org wrote", in: &scope) == "<NOT_SCANNED_1>")
        #expect(redactor.redact("", in: &scope) == "")
    }

    @Test func `thousands of short texts are searched and scanned like one`() throws {
        let redactor = try Redactor(rules: [Redactor.Rule(name: "TICKET", pattern: "T-[0-9]{6}")])
        var scope = RedactionScope()
        for number in 0..<3_000 {
            #expect(redactor.redact("call \(number) of T-123456", in: &scope) == "call \(number) of <TICKET_1>")
        }
    }

    @Test func `a rule that matches every letter does not make a text many times as long`() throws {
        let redactor = try Redactor(rules: [Redactor.Rule(name: "A_LONG_NAME_FOR_A_LETTER", pattern: "[a-z]")])
        var scope = RedactionScope()
        let result = redactor.redact(String(repeating: "a", count: 100_000), in: &scope)
        #expect(result.utf8.count < 300_000)
        #expect(!result.contains("aa"))
    }

    @Test func `a scope tells a bounded number of values apart`() {
        var scope = RedactionScope()
        for value in 0..<RedactionScope.maximumValues {
            let number = scope.number(of: .email, value: Array("\(value)".utf8))
            if number != value + 1 { Issue.record("\(number)") }
        }
        #expect(scope.number(of: .email, value: Array("one more".utf8)) == 0)
        #expect(scope.number(of: .phone, value: Array("and another".utf8)) == 0)
        #expect(scope.number(of: .email, value: Array("7".utf8)) == 8)
    }

    @Test func `a number that a text brings along is not counted on from where no placeholder can go`() {
        var scope = RedactionScope()
        #expect(
            Redactor().redact("<EMAIL_999999999> a@example.org", in: &scope) == "<EMAIL_999999999> <EMAIL_1>"
        )
    }
}
