import Configuration
import Foundation
import TestSupport
import Testing
import Vocabulary

@Suite struct ExampleTests {
    @Test func `the example of the file format loads to the letter`() throws {
        let loaded = try load(example, environment: exampleEnvironment)
        let expected = UnderstudyConfiguration(
            listen: NetworkAddress(host: "127.0.0.1", port: 8080),
            console: ConsoleConfiguration(
                address: NetworkAddress(host: "127.0.0.1", port: 9090),
                tokenEnvironmentVariable: "UNDERSTUDY_TOKEN"
            ),
            threads: 2,
            store: StoreConfiguration(path: "understudy.sqlite", maxSize: ByteSize(bytes: 50_000_000_000)),
            keyFile: "understudy.key",
            limits: LimitsConfiguration(
                header: ByteSize(bytes: 32 * 1024),
                body: ByteSize(bytes: 32 * 1024 * 1024),
                idleTimeout: .seconds(75),
                headerTimeout: .seconds(10),
                requestTimeout: .seconds(600),
                connections: 8192,
                connectionsPerAddress: 0
            ),
            tls: TLSConfiguration(certificate: "cert.pem", key: "key.pem"),
            experiment: ExperimentConfiguration(name: "v1.2.0-week", horizon: .seconds(604_800)),
            stable: StableConfiguration(
                model: "llama-3-8b-chat",
                version: "v1.1.0",
                url: ServerURL(isTLS: false, host: "llm-stable", port: 8000),
                maxErrorRate: 0.05
            ),
            shadow: ShadowConfiguration(
                model: "llama-3-8b-chat",
                version: "v1.2.0",
                url: ServerURL(isTLS: false, host: "llm-shadow", port: 8000),
                apiKeyEnvironmentVariable: "SHADOW_KEY",
                timeout: .seconds(120),
                maxInFlight: 32,
                maxQueue: 256,
                maxBuffered: ByteSize(bytes: 256 * 1024 * 1024),
                tokensPerMinute: 200_000,
                breaker: BreakerConfiguration(failures: 20, probeEvery: .seconds(5))
            ),
            sampling: SamplingConfiguration(
                rate: 0.1,
                unit: .session,
                sessionFrom: [.header("x-session-id"), .body("metadata.session_id"), .body("user")],
                controlRate: 0.1,
                targetPerDay: 600,
                rates: [:]
            ),
            prompts: PromptsConfiguration(
                text: .redacted,
                retention: .seconds(30 * 86_400),
                redact: [RedactionRule(name: "TICKET", matches: "T-[0-9]{6}")]
            ),
            intents: [
                .callersWord(.header("x-intent-class"), classes: ["order_status", "returns"]),
                .prompt(class: "payment", PromptConditions(anyOf: ["refund", "invoice", "order confirmation"])),
                .prompt(class: "how_to", PromptConditions(matches: "(?i)^how (do|can) i")),
                .prompt(class: "structured_data", PromptConditions(pasted: [.json, .table, .csv, .log])),
            ],
            minShare: 0.02,
            accept: [],
            gates: Gate.defaults
        )
        #expect(loaded.configuration == expected)
        #expect(loaded.warnings.isEmpty)
        #expect(loaded.secrets.consoleToken?.reveal() == longToken)
        #expect(loaded.secrets.shadowAPIKey?.reveal() == "shadow-key")
        #expect(
            loaded.configuration.intentClasses
                == ["order_status", "returns", "payment", "how_to", "structured_data", "other"]
        )
    }

    @Test func `two sections are enough, and the rest is the default`() throws {
        let loaded = try load(models)
        let configuration = loaded.configuration
        var expected = UnderstudyConfiguration(stable: configuration.stable, shadow: configuration.shadow)
        expected.experiment.name = "v1.1.0-to-v1.2.0"
        #expect(configuration == expected)
        #expect(configuration.keyFile == "understudy.key")
        #expect(configuration.gates.count == 7)
        #expect(configuration.shadow?.tokensPerMinute == nil)
        #expect(loaded.declared == DeclaredEvaluation(stableVersion: "v1.1.0", shadowVersion: "v1.2.0"))
    }

    @Test func `a console or a store may be written as one value`() throws {
        let loaded = try load(models + "console: 127.0.0.1:9191\nstore: /data/week.sqlite\n")
        #expect(loaded.configuration.console.address.port == 9191)
        #expect(loaded.configuration.store.path == "/data/week.sqlite")
        #expect(loaded.configuration.store.maxSize == .gigabytes(50))
        #expect(loaded.configuration.keyFile == "/data/week.key")
        #expect(loaded.origin(of: "store.path") == .file("understudy.yaml", line: 4))
    }

    @Test func `block style reads as flow style does`() throws {
        let block = """
            stable:
              model: m
              version: 1.1.0
              url: https://stable.example
              max_error_rate: .1
            shadow:
              model: m
              version: "1.2.0-rc.1+build.5"
              url: http://[::1]:9000/openai
              breaker:
                failures: 3
            sampling:
              rates:
                payment: 1
                other: 0.05
            intents:
              - class: payment
                any_of:
                  - refund
                pasted: [json]
            accept:
              - class: other
                reason: too mixed to judge
            gates:
              - metric: score.judge.mean
                margin: 0.03
                scope: overall
              - metric: score.a.b.severe
                margin: 3e-2
              - metric: inter_token_gap.p999
                ratio: 2
                scope: overall
            """
        let configuration = try load(block).configuration
        #expect(configuration.stable?.url == ServerURL(isTLS: true, host: "stable.example", port: 443))
        #expect(
            configuration.shadow?.url == ServerURL(isTLS: false, host: "::1", port: 9000, basePath: "/openai")
        )
        #expect(configuration.shadow?.url.description == "http://[::1]:9000/openai")
        #expect(configuration.shadow?.breaker == BreakerConfiguration(failures: 3, probeEvery: .seconds(5)))
        #expect(configuration.sampling.rates == ["payment": 1, "other": 0.05])
        #expect(
            configuration.intents == [.prompt(class: "payment", PromptConditions(anyOf: ["refund"], pasted: [.json]))]
        )
        #expect(configuration.accept == [Acceptance(intent: "other", reason: "too mixed to judge")])
        #expect(
            configuration.gates == [
                Gate(metric: "score.judge.mean", margin: .absolute(0.03), scope: .overall),
                Gate(metric: "score.a.b.severe", margin: .absolute(0.03), scope: .everyIntent),
                Gate(metric: "inter_token_gap.p999", margin: .ratio(2), scope: .overall),
            ]
        )
    }

    @Test func `a file is read from disk, and one that is not there is named`() throws {
        let folder = try TestFolder()
        defer { withExtendedLifetime(folder) {} }
        let file = folder.path + "/week.yaml"
        try Data(example.utf8).write(to: URL(fileURLWithPath: file))
        let loaded = try ConfigurationLoader.load(path: file, purpose: .serve, environment: exampleEnvironment)
        #expect(loaded.origin(of: "threads") == .file(file, line: 3))

        let error = #expect(throws: ConfigurationError.self) {
            try ConfigurationLoader.load(path: file + ".not", purpose: .serve, environment: [:])
        }
        #expect(error?.kind == .unreadable)
        #expect(
            error?.description
                == "\(file).not: the configuration file does not exist; check the path and its permissions."
        )
    }
}

@Suite struct PurposeTests {
    private let gatesOnly = """
        min_share: 0
        gates:
          - { metric: score.correct.mean, margin: 0.03, scope: every_intent }
        """

    @Test func `an evaluation needs gates alone, and knows what the file says and what it does not`() throws {
        let loaded = try load(gatesOnly, .evaluate)
        let gate = Gate(metric: "score.correct.mean", margin: .absolute(0.03), scope: .everyIntent)
        #expect(loaded.configuration.gates == [gate])
        #expect(loaded.declared == DeclaredEvaluation(minShare: 0, gates: [gate]))
        #expect(loaded.configuration.stable == nil)
    }

    @Test func `serve and check refuse what is enough for an evaluation`() throws {
        for purpose in [ConfigurationPurpose.serve, .check] {
            let error = try #require(failure(gatesOnly, purpose))
            #expect(error.kind == .missing)
            #expect(error.key == "stable")
        }
    }

    @Test func `an evaluation accepts versions and classes that only imported pairs know`() throws {
        let text = """
            stable: { version: flash, max_error_rate: 0.2 }
            accept: [{ class: math, reason: known }]
            experiment: { horizon: 2h }
            """
        let loaded = try load(text, .evaluate)
        #expect(loaded.declared.stableVersion == "flash")
        #expect(loaded.declared.maxErrorRate == 0.2)
        #expect(loaded.declared.horizon == .seconds(7200))
        #expect(loaded.declared.accept == [Acceptance(intent: "math", reason: "known")])
        #expect(loaded.declared.gates == nil)
    }

    @Test func `a secret that is not set stops serve, warns check and leaves an evaluation alone`() throws {
        let error = try #require(failure(example, .serve, environment: ["UNDERSTUDY_TOKEN": longToken]))
        #expect(error.kind == .missingSecret)
        #expect(error.line == 10)
        #expect(
            error.message
                == "shadow.api_key_env names SHADOW_KEY, but that variable is not set; "
                + "set SHADOW_KEY, or leave out shadow.api_key_env."
        )
        let checked = try load(example, .check, environment: ["UNDERSTUDY_TOKEN": longToken])
        #expect(checked.warnings == ["shadow.api_key_env names SHADOW_KEY, which is not set here; serve needs it."])
        #expect(try load(example, .evaluate).warnings.isEmpty)
    }

    @Test func `a console on loopback without a token serves, with a warning`() throws {
        let loaded = try load(models)
        #expect(loaded.secrets.consoleToken == nil)
        #expect(loaded.warnings.count == 1)
        #expect(loaded.warnings.first?.contains("UNDERSTUDY_TOKEN") == true)
    }

    @Test(arguments: [("", 5), ("console: 0.0.0.0:9090\n", 12)])
    func `a token that can be guessed is refused, by the name of its variable`(
        _ console: String,
        shortest: Int
    ) throws {
        for token in ["a", String(longToken.prefix(shortest - 1))] {
            let error = try #require(failure(models + console, .serve, environment: ["UNDERSTUDY_TOKEN": token]))
            #expect(error.place == .environment(variable: "UNDERSTUDY_TOKEN"))
            #expect(error.message.contains("UNDERSTUDY_TOKEN, but its value has fewer than \(shortest) characters"))
            #expect(!error.message.contains("\"\(token)\""))
        }
        let token = String(longToken.prefix(shortest))
        #expect(try load(models + console, environment: ["UNDERSTUDY_TOKEN": token]).secrets.consoleToken != nil)
    }

    @Test func `trusted proxies are addresses and ranges`() throws {
        let text = models + "trusted_proxies: [10.0.0.0/8, 192.0.2.1, \"fd00::/8\", \"::1\"]\n"
        #expect(try load(text).configuration.trustedProxies == ["10.0.0.0/8", "192.0.2.1", "fd00::/8", "::1"])
        #expect(try load(models).configuration.trustedProxies.isEmpty)
        for wrong in ["proxy.example", "10.0.0.0/33", "10.0.0/8", "10.0.0.0/8/8", "::/129", "10.0.0.0/"] {
            let error = try #require(failure(models + "trusted_proxies: [\"\(wrong)\"]\n", .serve))
            #expect(error.message.contains("trusted_proxies[0]"), "\(wrong)")
            #expect(error.message.contains("write for example 10.0.0.0/8"))
        }
    }

    @Test func `loopback is what only this machine can reach, and nothing that looks like it`() {
        for host in ["localhost", "LOCALHOST", "127.0.0.1", "127.255.0.9", "::1"] {
            #expect(NetworkAddress(host: host, port: 1).isLoopback, "\(host)")
        }
        for host in [
            "127.evil.example", "127.0.0.1.evil.example", "127.1", "127.0.0.256", "127.0.0.+1", "0.0.0.0", "::",
        ] {
            #expect(!NetworkAddress(host: host, port: 1).isLoopback, "\(host)")
        }
    }

    @Test func `a console that others can reach needs a token`() throws {
        let open = models + "console: 0.0.0.0:9090\n"
        #expect(failure(open)?.key == "console.address")
        #expect(failure(open)?.line == 3)
        #expect(try load(open, environment: ["UNDERSTUDY_TOKEN": longToken]).secrets.consoleToken == Secret(longToken))
        let named = models + "console: { address: 0.0.0.0:9090, token_env: OPS }\n"
        #expect(failure(named)?.kind == .missingSecret)
        #expect(try load(named, .check).warnings.count == 1)
        #expect(try load(named, environment: ["OPS": longToken]).secrets.consoleToken == Secret(longToken))
    }
}
