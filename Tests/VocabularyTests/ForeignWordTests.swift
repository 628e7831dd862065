import Testing
import Vocabulary

struct ForeignWordTests {
    @Test func `a word within its bound is left as it is`() {
        #expect(ForeignWord.cut("stop", toBytes: 64) == "stop")
        #expect(ForeignWord.cut(String(repeating: "é", count: 32), toBytes: 64).utf8.count == 64)
        #expect(ForeignWord.cut("", toBytes: 4).isEmpty)
    }

    /// Of scalars of one to four bytes, cut at each place.
    @Test func `a longer one is cut between scalars, never over its bound, and says so`() {
        for scalar in ["a", "é", "漢", "🎭"] {
            for maximum in 4...20 {
                let cut = ForeignWord.cut(String(repeating: scalar, count: 100), toBytes: maximum)
                #expect(cut.utf8.count <= maximum && cut.utf8.count > maximum - scalar.utf8.count - 1)
                #expect(cut.hasSuffix("…") && cut.dropLast().allSatisfy { String($0) == scalar })
            }
        }
    }

    @Test func `one character of a megabyte is cut as well`() {
        let long = "a" + String(repeating: "\u{301}", count: 500_000)
        #expect(long.count == 1)
        #expect(ForeignWord.cut(long, toBytes: 256).utf8.count <= 256)
    }
}
