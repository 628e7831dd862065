import Redaction
import Testing

/// The pass is linear: a text of eight times the size takes about eight times as long, whatever it is made of.
///
/// Compared by time at two sizes, since the scanner counts no steps; a quadratic search would take 64
/// times as long, and the bound lies between the two.
@Suite(.serialized) struct CostTests {
    static let adversaries = [
        "@", "1", "e", ":", "\\", "-", "<", "(", "[", "+", "1 ", "1.", "a.", "a@", "a@a.", "sk-", "eyJ", "eyJ0.", "://",
        "%40",
        "<EMAIL_1", "<A_<A_", "password=", "password: \"", "Bearer ", "-----BEGIN ", "0 1-", "+1 ", "(1) ", "DE00 ",
        "::1", "1:",
        "\"@", "\\\\n", "O'", "aB1", "{\"", "é", "：", "hvs.", "5712345678:AA", "1.1.1.1-", "https://a:", "X-1234567-",
    ]

    @Test(arguments: adversaries)
    func `a long text of one repeated piece takes time in proportion to its length`(_ piece: String) {
        // Measured again where it seems too much: another test on the same core may have been counted.
        let isLinear = (0..<4).contains { _ in
            Self.time(of: piece, bytes: 1 << 17) < Self.time(of: piece, bytes: 1 << 14) * 24 + .milliseconds(50)
        }
        #expect(isLinear, "\(piece)")
    }

    private static func time(of piece: String, bytes: Int) -> Duration {
        let text = String(repeating: piece, count: bytes / piece.utf8.count)
        return ContinuousClock().measure {
            var scope = RedactionScope()
            _ = Redactor().redact(text, in: &scope)
        }
    }

    @Test func `a megabyte of each is read through`() {
        for piece in ["@", "1", "e", "sk-", "<EMAIL_1"] {
            let text = String(repeating: piece, count: (1 << 20) / piece.utf8.count)
            var scope = RedactionScope()
            #expect(Redactor().redact(text, in: &scope) == text)
        }
    }
}
