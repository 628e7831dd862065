import Configuration
import Testing
import Vocabulary

@Suite struct DeclarationTests {
    @Test func `a stored declaration is read back as a configuration for an evaluation`() throws {
        let loaded = try load(
            example,
            environment: exampleEnvironment
        )
        let stored = try ConfigurationLoader.load(
            text: loaded.configuration.declaration,
            file: "declaration",
            purpose: .evaluate
        )
        #expect(stored.configuration.gates == loaded.configuration.gates)
        #expect(stored.configuration.intents == loaded.configuration.intents)
        #expect(stored.configuration.sampling == loaded.configuration.sampling)
        #expect(stored.configuration.experiment == loaded.configuration.experiment)
        #expect(
            stored.declared
                == DeclaredEvaluation(
                    experimentName: "v1.2.0-week",
                    horizon: .seconds(604_800),
                    stableVersion: "v1.1.0",
                    shadowVersion: "v1.2.0",
                    maxErrorRate: 0.05,
                    controlRate: 0.1,
                    intentClasses: loaded.configuration.intentClasses,
                    minShare: 0.02,
                    accept: [],
                    gates: Gate.defaults
                )
        )
    }

    @Test func `odd texts survive the declaration`() throws {
        let text =
            models
                + """
                experiment: { name: 'a "quoted" \\ näme: #1' }
                intents: [ { class: a, any_of: ["tab\\there? no", "日本語 😀", "null", "1.5", "yes"], matches: '\\d+\\s"x"' } ]
                accept: [ { class: a, reason: "it's {fine}, [really]: yes" } ]
                """.replacing("tab\\there? no", with: "brace } here")
        let loaded = try load(text)
        let stored = try ConfigurationLoader.load(
            text: loaded.configuration.declaration,
            file: "declaration",
            purpose: .evaluate
        )
        #expect(stored.configuration.intents == loaded.configuration.intents)
        #expect(stored.configuration.accept == loaded.configuration.accept)
        #expect(stored.declared.experimentName == #"a "quoted" \ näme: #1"#)
    }

    @Test func `what is declared changes the declaration, where it runs does not`() throws {
        let base = try load(models).configuration
        let elsewhere = try load(
            models.replacing("http://stable:8000", with: "https://other")
                + "listen: 0.0.0.0:80\nstore: b.sqlite\nthreads: 9\nlimits: { body: 1MiB }\n"
        ).configuration
        #expect(elsewhere.declaration == base.declaration)
        for line in [
            "min_share: 0.03", "sampling: { rate: 0.2 }", "gates: [ { metric: error, margin: 0.02 } ]",
            "experiment: { horizon: 8d }", "intents: [ { class: a, any_of: [b] } ]", "prompts: { text: full }",
        ] {
            let changed = try load(models + line).configuration
            #expect(changed.declaration != base.declaration, "\(line)")
        }
        // The text is a promise to stores that exist: a change of it is a change of the format.
        #expect(Self.fingerprint(of: base.declaration) == 0x4e18_abe1_8fa0_0fbf)
    }

    /// FNV-1a with 64 bits (draft-eastlake-fnv).
    private static func fingerprint(of text: String) -> UInt64 {
        text.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
    }
}
