import Testing
import Vocabulary

struct SemanticVersionTests {
    @Test(arguments: ["1.0", "v1", "1.2.3.4", "01.2.3", "1.2.3-", "1.2.3-01", "1.2.x", "", "v1.2.3+", "1.2.-3"])
    func `what is not a semantic version is refused`(text: String) {
        #expect(SemanticVersion(text) == nil)
    }

    /// The example of semver.org 2.0.0 §11.4, with a patch release at either end.
    @Test func `versions order by precedence`() throws {
        let ordered = [
            "v0.9.9", "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta", "1.0.0-beta.2",
            "1.0.0-beta.11", "1.0.0-rc.1", "1.0.0", "v1.0.1",
        ]
        let versions = ordered.compactMap(SemanticVersion.init)
        try #require(versions.count == ordered.count)
        for (index, version) in versions.enumerated() {
            for (other, second) in versions.enumerated() {
                #expect((version < second) == (index < other), "\(version) \(second)")
                #expect((version == second) == (index == other), "\(version) \(second)")
            }
        }
    }

    @Test func `a leading v and build metadata do not distinguish versions`() {
        #expect(SemanticVersion("v1.2.3+q4") == SemanticVersion("1.2.3"))
        #expect(SemanticVersion("v1.2.3+q4")?.description == "v1.2.3+q4")
    }
}
