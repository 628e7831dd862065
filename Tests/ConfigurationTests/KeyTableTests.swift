import Foundation
import JSON
import Testing
import Vocabulary

@testable import Configuration

@Suite struct KeyTableTests {
    /// Says everything that can be said.
    private static let everything = """
        listen: 127.0.0.1:8080
        console: { address: 127.0.0.1:9090, token_env: UNDERSTUDY_TOKEN }
        threads: 2
        store: { path: a.sqlite, max_size: 1GB, text_retention: 1d, figure_retention: 2d }
        key_file: a.key
        limits: { header: 8KiB, body: 1MiB, idle_timeout: 5s, header_timeout: 5s, request_timeout: 5s, connections: 9,
                  connections_per_address: 3, drain: 5s }
        trusted_proxies: [10.0.0.0/8]
        tls: { certificate: c.pem, key: k.pem }
        experiment: { name: week, horizon: 7d, extended_horizon: 14d }
        stable: { model: m, version: v1.1.0, url: "http://stable:8000", max_error_rate: 0.1, connect_timeout: 1s, timeout: 9s,
                  api_key_env: STABLE_KEY }
        shadow: { model: m, version: v1.2.0, url: "http://shadow:8000", api_key_env: SHADOW_KEY, timeout: 9s,
                  max_in_flight: 3, max_queue: 3, max_buffered: 9MiB, tokens_per_minute: 5,
                  breaker: { failures: 3, probe_every: 1s } }
        sampling: { rate: 0.2, unit: request, session_from: [header:x], control_rate: 0.1, target_per_day: 5,
                    rates: { a: 0.5 } }
        prompts: { text: full, retention: 1d, redact: [{ name: A, matches: a+ }] }
        intents:
          - { from: header:x, classes: [a] }
          - { class: b, any_of: [c], matches: d, pasted: [json] }
        min_share: 0.1
        accept: [{ class: a, reason: rare }]
        gates:
          - { metric: error, margin: 0.1, scope: overall }
          - { metric: total_time.p99, ratio: 1.2, scope: overall }
        """

    private static let environment = [
        "UNDERSTUDY_TOKEN": longToken, "STABLE_KEY": "stable-key", "SHADOW_KEY": "shadow-key",
    ]

    /// A row's key as the table has it: `gates[0].margin` is `gates[].margin`.
    private static func tablePath(_ key: String) -> String {
        var path = ""
        var isInside = false
        for character in key {
            if character == "]" { isInside = false }
            if !isInside { path.append(character) }
            if character == "[" { isInside = true }
        }
        if path.hasPrefix("sampling.rates.") { return "sampling.rates.CLASS" }
        return path
    }

    @Test func `what is read is what the table has, each key once`() throws {
        let entries = ConfigurationKeys.entries
        #expect(Set(entries.map(\.path)).count == entries.count)
        let loaded = try load(Self.everything, environment: Self.environment)
        var read: [String] = []
        for path in loaded.rows.map({ Self.tablePath($0.key) }) where !read.contains(path) { read.append(path) }
        // Items of a list of values have rows of their own; a list of sections has none.
        let expected = entries.compactMap { entry -> String? in
            guard entry.isList else { return entry.path }
            if case .section = entry.form { return nil }
            return entry.path + "[]"
        }
        #expect(Set(read) == Set(expected))
    }

    @Test func `the defaults of the table are what is in force where nothing is said`() throws {
        let rows = try load(models).rows.filter { $0.origin == .builtIn }
        for entry in ConfigurationKeys.entries where entry.builtIn != nil && !entry.isBuiltInWords {
            guard !entry.path.contains("[") else { continue }
            #expect(rows.first { $0.key == entry.path }?.value == entry.builtIn, "\(entry.path)")
        }
    }

    @Test func `what SIGHUP puts in force is named once, in the table`() {
        #expect(
            ConfigurationKeys.entries.filter { $0.effect == .live }.map(\.path) == [
                "shadow.timeout", "shadow.max_in_flight", "shadow.max_queue", "shadow.max_buffered",
                "shadow.tokens_per_minute", "shadow.breaker.failures", "shadow.breaker.probe_every", "sampling.rate",
                "sampling.control_rate", "sampling.target_per_day", "sampling.rates.CLASS",
            ]
        )
        #expect(ConfigurationKeys.isLive("sampling.rates.payment"))
        #expect(!ConfigurationKeys.isLive("sampling.unit"))
        #expect(!ConfigurationKeys.isLive("gates[0].margin"))
        #expect(ConfigurationKeys.waits("sampling.unit"))
        // No key of the file.
        #expect(!ConfigurationKeys.waits("shadow.max_answer"))
    }

    @Test func `the schema knows each key, and nothing besides`() throws {
        let schema = ConfigurationSchema.json
        for entry in ConfigurationKeys.entries {
            var place = schema
            for name in entry.path.replacing("[]", with: ".[]").split(separator: ".").map(String.init) {
                if let long = place["anyOf"]?[1] { place = long }
                let next =
                    switch name {
                    case "[]": place["items"]
                    case "CLASS": place["additionalProperties"]
                    default: place["properties"]?[name]
                    }
                place = try #require(next, "\(entry.path)")
            }
            #expect(place["description"]?.stringValue == entry.meaning, "\(entry.path)")
        }
        #expect(schema["additionalProperties"] == .bool(false))
    }

    /// `UNDERSTUDY_RECORD=1 swift test --filter KeyTableTests` writes them anew.
    @Test(arguments: ["Configuration.md", "configuration.schema.json"])
    func `the reference page and the schema are what the table makes`(name: String) throws {
        let made =
            name.hasSuffix(".md")
            ? ConfigurationReference.markdown : ConfigurationSchema.json.text(.pretty) + "\n"
        var file = URL(fileURLWithPath: #filePath)
        for _ in 0..<3 { file.deleteLastPathComponent() }
        file.append(path: "Sources/understudy/Understudy.docc/\(name)")
        if ProcessInfo.processInfo.environment["UNDERSTUDY_RECORD"] != nil {
            try Data(made.utf8).write(to: file)
        }
        let kept = try String(contentsOf: file, encoding: .utf8)
        #expect(kept.split(separator: "\n") == made.split(separator: "\n"))
    }
}
