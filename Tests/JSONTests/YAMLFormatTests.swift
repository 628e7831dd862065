import JSON
import Testing

@Suite struct YAMLFormatTests {
    @Test func `a line that YAML reads has spaces, sorted members, decimals and codes`() {
        let value: JSON = [
            "b": .decimal(1), "a": ["\u{8}\u{C}\u{1B}\u{7F}\t\n\"\\é/", 3, .decimal(0.05), .decimal(1e-5), [], [:]],
        ]
        #expect(
            value.text(.yaml)
                == #"{"a": ["\u0008\u000c\u001b\u007f\t\n\"\\é/", 3, 0.05, 1e-05, [], {}], "b": 1.0}"#
        )
        #expect(JSON.decimal(.infinity) == .null)
    }
}
