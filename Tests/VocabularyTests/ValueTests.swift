import Testing
import Vocabulary

struct ValueTests {
    @Test func `digests are written in lower-case hexadecimal`() {
        #expect(PromptHash(bytes: [0, 0x0f, 0xa5, 0xff]).hex == "000fa5ff")
        #expect(SessionHash(bytes: []).hex.isEmpty)
    }

    @Test func `milliseconds survive the way through a duration`() {
        for value in [0.0, 0.000_001, 0.25, 180.5, 86_400_000.125] {
            #expect(Duration.fractionalMilliseconds(value).milliseconds == value)
        }
    }
}
