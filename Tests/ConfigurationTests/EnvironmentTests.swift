import Configuration
import Testing
import Vocabulary

@Suite struct EnvironmentTests {
    @Test func `a variable wins over the file, and works where the file has no such section`() throws {
        let loaded = try load(
            models + "sampling: { rate: 0.5 }\n",
            environment: [
                "UNDERSTUDY_SAMPLING_RATE": "0.2",
                "UNDERSTUDY_SHADOW_MAX_IN_FLIGHT": "7",
                "UNDERSTUDY_SHADOW_BREAKER_PROBE_EVERY": "500ms",
                "UNDERSTUDY_LIMITS_BODY": "1MiB",
                "UNDERSTUDY_LIMITS_DRAIN": "0s",
                "UNDERSTUDY_MIN_SHARE": "0.5",
                "UNDERSTUDY_TLS_CERTIFICATE": "c.pem",
                "UNDERSTUDY_TLS_KEY": "k.pem",
            ]
        )
        let configuration = loaded.configuration
        #expect(configuration.sampling.rate == 0.2)
        #expect(configuration.shadow?.maxInFlight == 7)
        #expect(configuration.shadow?.breaker.probeEvery == .milliseconds(500))
        #expect(configuration.limits.body == .mebibytes(1))
        #expect(configuration.limits.drain == .zero)
        #expect(configuration.minShare == 0.5)
        #expect(configuration.tls == TLSConfiguration(certificate: "c.pem", key: "k.pem"))
        #expect(loaded.origin(of: "sampling.rate") == .environment(variable: "UNDERSTUDY_SAMPLING_RATE"))
        #expect(loaded.declared.minShare == 0.5)
    }

    @Test func `two models can come from the environment alone`() throws {
        var environment: [String: String] = [:]
        for side in ["STABLE", "SHADOW"] {
            environment["UNDERSTUDY_\(side)_MODEL"] = "m"
            environment["UNDERSTUDY_\(side)_VERSION"] = "v1.0.0"
            environment["UNDERSTUDY_\(side)_URL"] = "http://\(side.lowercased())"
        }
        let configuration = try load("threads: 1\n", environment: environment).configuration
        #expect(configuration.stable?.url.host == "stable")
        #expect(configuration.experiment.name == "v1.0.0-to-v1.0.0")
    }

    @Test func `short forms and the rates of classes have variables too`() throws {
        let loaded = try load(
            models + "intents: [ { class: how-to, any_of: [how] } ]\n",
            environment: [
                "UNDERSTUDY_CONSOLE": "127.0.0.1:9191", "UNDERSTUDY_STORE": "other.sqlite",
                "UNDERSTUDY_SAMPLING_RATES_HOW_TO": "1", "UNDERSTUDY_SAMPLING_RATES_OTHER": "0.5",
            ]
        )
        #expect(loaded.configuration.console.address.port == 9191)
        #expect(loaded.configuration.store.path == "other.sqlite")
        #expect(loaded.configuration.sampling.rates == ["how-to": 1, "other": 0.5])
    }

    @Test func `a wrong variable is named instead of a line`() throws {
        let error = try #require(failure(models, environment: ["UNDERSTUDY_SAMPLING_RATE": "1.5"]))
        #expect(error.place == .environment(variable: "UNDERSTUDY_SAMPLING_RATE"))
        #expect(
            "\(error)"
                == "UNDERSTUDY_SAMPLING_RATE: sampling.rate is 1.5, but a rate lies between 0 and 1; "
                + "write for example 0.1."
        )
    }

    @Test func `a variable corrects a wrong value in the file`() throws {
        let text = models + "sampling: { rate: 1.5 }\n"
        #expect(try load(text, environment: ["UNDERSTUDY_SAMPLING_RATE": "0.5"]).configuration.sampling.rate == 0.5)
    }

    @Test func `a variable that is set to nothing counts as not set`() throws {
        #expect(try load(models, environment: ["UNDERSTUDY_SAMPLING_RATE": ""]).configuration.sampling.rate == 0.1)
    }

    @Test func `a misspelt variable is an error`() throws {
        let error = try #require(failure(models, environment: ["UNDERSTUDY_SAMPLNG_RATE": "0.5"]))
        #expect(error.kind == .unknownVariable)
        #expect(error.message.hasSuffix("did you mean UNDERSTUDY_SAMPLING_RATE?"))
    }

    @Test func `a variable of another program is a warning, one of Kubernetes nothing`() throws {
        let loaded = try load(
            models,
            environment: [
                "UNDERSTUDY_TOKEN": longToken, "UNDERSTUDY_SHARED": "../shared", "UNDERSTUDY_SERVICE_HOST": "10.0.0.1",
                "UNDERSTUDY_PORT_8080_TCP_ADDR": "10.0.0.1", "UNDERSTUDY_PORT": "tcp://10.0.0.1:8080", "HOME": "/root",
            ]
        )
        #expect(loaded.warnings.count == 1)
        #expect(loaded.warnings.first?.hasPrefix("UNDERSTUDY_SHARED stands for no key and is ignored") == true)
    }

    @Test func `the names of secrets are no keys`() throws {
        let text = """
            stable: { model: m, version: v1.1.0, url: http://stable, api_key_env: UNDERSTUDY_STABLE_KEY }
            shadow: { model: m, version: v1.2.0, url: http://shadow, api_key_env: UNDERSTUDY_SHADOW_KEY }
            console: { token_env: UNDERSTUDY_OPS }
            """
        let loaded = try load(
            text,
            environment: [
                "UNDERSTUDY_STABLE_KEY": "a\n", "UNDERSTUDY_SHADOW_KEY": "b", "UNDERSTUDY_OPS": longToken,
            ]
        )
        #expect(loaded.warnings.isEmpty)
        #expect(
            loaded.secrets
                == Secrets(consoleToken: Secret(longToken), stableAPIKey: Secret("a"), shadowAPIKey: Secret("b"))
        )
    }

    @Test func `a secret that no header can carry is refused without being shown`() throws {
        let error = try #require(
            failure(example, environment: ["UNDERSTUDY_TOKEN": longToken, "SHADOW_KEY": "ca nary"])
        )
        #expect(error.place == .environment(variable: "SHADOW_KEY"))
        #expect(!"\(error)".contains("nary"))
    }

    @Test func `a flag wins over everything`() throws {
        let loaded = try load(
            models + "store: { path: file.sqlite }\n",
            environment: ["UNDERSTUDY_STORE_PATH": "environment.sqlite"],
            flags: [ConfigurationFlag(name: "--store", key: "store.path", value: "flag.sqlite")]
        )
        #expect(loaded.configuration.store.path == "flag.sqlite")
        #expect(loaded.configuration.keyFile == "flag.key")
        #expect(loaded.origin(of: "store.path") == .flag("--store"))
    }
}

@Suite struct SecretTests {
    @Test func `a secret shows itself to nobody`() throws {
        let loaded = try load(
            example,
            environment: ["UNDERSTUDY_TOKEN": "canary-token-of-the-test", "SHADOW_KEY": "canary-key"]
        )
        var dumped = ""
        dump(loaded, to: &dumped)
        for text in [dumped, "\(loaded)", String(reflecting: loaded), loaded.configuration.declaration] {
            #expect(!text.contains("canary"))
        }
        #expect(!loaded.rows.contains { $0.value.contains("canary") })
        #expect("\(Secret("canary"))" == "(secret)")
    }
}

@Suite struct ProvenanceTests {
    @Test func `every value in force is told with where it was said`() throws {
        let loaded = try load(
            example,
            environment: exampleEnvironment.merging(["UNDERSTUDY_THREADS": "8"]) { $1 }
        )
        let rows = Dictionary(uniqueKeysWithValues: loaded.rows.map { ($0.key, "\($0.value) (\($0.origin))") })
        #expect(rows["threads"] == "8 (environment UNDERSTUDY_THREADS)")
        #expect(rows["console.token_env"] == "UNDERSTUDY_TOKEN (understudy.yaml:2)")
        #expect(rows["limits.idle_timeout"] == "75s (understudy.yaml:6)")
        #expect(rows["shadow.breaker.failures"] == "20 (understudy.yaml:11)")
        #expect(rows["stable.timeout"] == "10m (default)")
        #expect(rows["sampling.session_from[1]"] == "body:metadata.session_id (understudy.yaml:12)")
        #expect(rows["intents[3].pasted[2]"] == "csv (understudy.yaml:19)")
        #expect(rows["gates[5].ratio"] == "1.2 (understudy.yaml:28)")
        #expect(loaded.rows.first?.key == "listen")
    }

    @Test func `defaults are told too, lists among them`() throws {
        let loaded = try load(models)
        #expect(loaded.origin(of: "sampling.rate") == .builtIn)
        #expect(loaded.origin(of: "key_file") == .builtIn)
        #expect(loaded.rows.first { $0.key == "experiment.name" }?.value == "v1.1.0-to-v1.2.0")
        #expect(
            loaded.rows.first { $0.key == "gates[1]" }?.value
                == #"{"margin": 0.01, "metric": "error", "scope": "every_intent"}"#
        )
        #expect(
            loaded.rows.first { $0.key == "sampling.session_from" }?.value
                == "[header:x-session-id, body:metadata.session_id, body:user]"
        )
        #expect(Set(loaded.rows.map(\.key)).count == loaded.rows.count)
    }
}
