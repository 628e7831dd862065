import Configuration
import Statistics
import Testing

/// A file that must not load: what is wrong, the text, and the line, key and words of the one sentence it gets.
struct WrongFile: Sendable, CustomTestStringConvertible {
    var what: String
    var text: String
    var line: Int
    var key: String
    var says: String
    var kind: ConfigurationError.Kind

    init(
        _ what: String,
        _ text: String,
        line: Int,
        _ key: String,
        _ says: String,
        _ kind: ConfigurationError.Kind = .wrongValue
    ) {
        self.what = what
        self.text = text
        self.line = line
        self.key = key
        self.says = says
        self.kind = kind
    }

    var testDescription: String { what }
}

private let wrongValues: [WrongFile] = [
    WrongFile(
        "a rate above 1",
        models + "sampling:\n  rate: 1.5\n",
        line: 4,
        "sampling.rate",
        "sampling.rate is 1.5, but a rate lies between 0 and 1; write for example 0.1."
    ),
    WrongFile(
        "a rate below 0",
        models + "sampling: { rate: -0.1 }",
        line: 3,
        "sampling.rate",
        "between 0 and 1"
    ),
    WrongFile(
        "a rate that is no number",
        models + "sampling: { rate: lots }",
        line: 3,
        "sampling.rate",
        "is lots, but a rate"
    ),
    WrongFile(
        "a rate that is not a number",
        models + "sampling: { rate: .nan }",
        line: 3,
        "sampling.rate",
        "write for example 0.1"
    ),
    WrongFile("a rate in percent", models + "sampling: { rate: 10% }", line: 3, "sampling.rate", "write 0.1."),
    WrongFile(
        "a rate in quotes",
        models + "sampling: { rate: \"0.1\" }",
        line: 3,
        "sampling.rate",
        "is the text '0.1' in quotes, but a rate"
    ),
    WrongFile(
        "a rate that is a list",
        models + "sampling: { rate: [0.1] }",
        line: 3,
        "sampling.rate",
        "is a list, but a rate"
    ),
    WrongFile("a rate without a value", models + "sampling:\n  rate:\n", line: 4, "sampling.rate", "has no value, but"),
    WrongFile("threads in words", models + "threads: two", line: 3, "threads", "write for example 2."),
    WrongFile("threads that are none", models + "threads: 0", line: 3, "threads", "between 1 and 1024"),
    WrongFile("threads in fractions", models + "threads: 1.5", line: 3, "threads", "is a whole number"),
    WrongFile(
        "an unknown unit of sampling",
        models + "sampling: { unit: sesion }",
        line: 3,
        "sampling.unit",
        "did you mean session?"
    ),
    WrongFile(
        "a text that is kept otherwise",
        models + "prompts: { text: yes }",
        line: 3,
        "prompts.text",
        "off, redacted or full"
    ),
    WrongFile(
        "a duration without a unit",
        models + "limits: { idle_timeout: 75 }",
        line: 3,
        "limits.idle_timeout",
        "write for example 75s"
    ),
    WrongFile(
        "a duration of nothing",
        models + "experiment: { horizon: 0s }",
        line: 3,
        "experiment.horizon",
        "write for example 7d"
    ),
    WrongFile(
        "an end that waits too long",
        models + "limits: { drain: 2h }",
        line: 3,
        "limits.drain",
        "between 0s and 1h"
    ),
    WrongFile(
        "a size that is read both ways",
        models + "limits: { body: 32M }",
        line: 3,
        "limits.body",
        "write for example 32MiB"
    ),
    WrongFile(
        "a size that is too small",
        models + "limits: { header: 10B }",
        line: 3,
        "limits.header",
        "between 1KiB and 16MiB"
    ),
    WrongFile(
        "an address without a port",
        "listen: localhost\n" + models,
        line: 1,
        "listen",
        "write for example 127.0.0.1:8080"
    ),
    WrongFile("a port out of range", "listen: 127.0.0.1:70000\n" + models, line: 1, "listen", "up to 65535"),
    WrongFile(
        "a version that is not semantic",
        "stable: { model: m, version: latest, url: http://s }\nshadow: { model: m, version: v2.0.0, url: http://h }",
        line: 1,
        "stable.version",
        "MAJOR.MINOR.PATCH"
    ),
    WrongFile(
        "a URL without a scheme",
        "stable: { model: m, version: v1.0.0, url: llm:8000 }\nshadow: { model: m, version: v2.0.0, url: http://h }",
        line: 1,
        "stable.url",
        "stable.url is not http://HOST:PORT or https://HOST:PORT; write for example"
    ),
    WrongFile(
        "a URL of another protocol",
        "stable: { model: m, version: v1.0.0, url: http://s }\nshadow: { model: m, version: v2.0.0, url: 'grpc://h' }",
        line: 2,
        "shadow.url",
        "has the scheme grpc, but only http and https"
    ),
    WrongFile(
        "a URL with the path that is appended anyway",
        "stable: { model: m, version: v1.0.0, url: 'http://s/v1/' }\nshadow: { model: m, version: v2.0.0, url: http://h }",
        line: 1,
        "stable.url",
        "leave out the /v1"
    ),
    WrongFile(
        "a secret where its variable's name belongs",
        "stable: { model: m, version: v1.0.0, url: http://s }\n"
            + "shadow: { model: m, version: v2.0.0, url: http://h, api_key_env: sk-canary0123456789 }",
        line: 2,
        "shadow.api_key_env",
        "not the secret itself"
    ),
    WrongFile(
        "a URL with a password",
        "stable: { model: m, version: v1.0.0, url: 'http://u:canary@s' }\nshadow: { model: m, version: v2.0.0, url: http://h }",
        line: 1,
        "stable.url",
        "has a user name or password in it"
    ),
    WrongFile(
        "a bad regular expression in a rule",
        models + "intents:\n  - { class: a, any_of: [x] }\n  - { class: b, matches: '(unclosed' }",
        line: 5,
        "intents[1].matches",
        "is (unclosed, but that is no regular expression that compiles"
    ),
    WrongFile(
        "a bad regular expression for redaction",
        models + "prompts: { redact: [ { name: T, matches: '[a' } ] }",
        line: 3,
        "prompts.redact[0].matches",
        "no regular expression that compiles"
    ),
    WrongFile(
        "a redaction of the empty text",
        models + "prompts: { redact: [ { name: T, matches: 'a*' } ] }",
        line: 3,
        "prompts.redact[0].matches",
        "matches the empty text"
    ),
    WrongFile(
        "a placeholder in small letters",
        models + "prompts: { redact: [ { name: ticket, matches: 'a' } ] }",
        line: 3,
        "prompts.redact[0].name",
        "write for example TICKET"
    ),
    WrongFile(
        "words that are no list",
        models + "intents: [ { class: a, any_of: refund } ]",
        line: 3,
        "intents[0].any_of",
        "[refund, invoice]"
    ),
    WrongFile(
        "an empty list of words",
        models + "intents: [ { class: a, any_of: [] } ]",
        line: 3,
        "intents[0].any_of",
        "is empty; list at least one"
    ),
    WrongFile(
        "an unknown kind of structure",
        models + "intents: [ { class: a, pasted: [jsn] } ]",
        line: 3,
        "intents[0].pasted[0]",
        "did you mean json?"
    ),
    WrongFile(
        "a class with a blank",
        models + "intents: [ { class: 'a b', any_of: [x] } ]",
        line: 3,
        "intents[0].class",
        "write for example order_status"
    ),
    WrongFile(
        "a place that is none",
        models + "intents: [ { from: x-class, classes: [a] } ]",
        line: 3,
        "intents[0].from",
        "write for example header:x-session-id"
    ),
    WrongFile(
        "intents that are no list",
        models + "intents: { class: a }",
        line: 3,
        "intents",
        "is a section, but it is a list"
    ),
    WrongFile("an intent that is a word", models + "intents: [ payment ]", line: 3, "intents[0]", "{ class: payment"),
    WrongFile(
        "gates without a value",
        models + "gates:\n",
        line: 3,
        "gates",
        "has no value, but it is a list of conditions; leave the key out, or write"
    ),
    WrongFile(
        "a metric that does not exist",
        models + "gates: [ { metric: refusals, margin: 0.1 } ]",
        line: 3,
        "gates[0].metric",
        "did you mean refusal?"
    ),
    WrongFile(
        "a magnitude without a quantile",
        models + "gates: [ { metric: total_time, ratio: 1.2 } ]",
        line: 3,
        "gates[0].metric",
        "write for example total_time.p99"
    ),
    WrongFile(
        "a score without a figure",
        models + "gates: [ { metric: score.judge, margin: 0.1 } ]",
        line: 3,
        "gates[0].metric",
        "score.NAME.mean"
    ),
    WrongFile(
        "a margin of 0",
        models + "gates: [ { metric: error, margin: 0 } ]",
        line: 3,
        "gates[0].margin",
        "both excluded"
    ),
    WrongFile(
        "a margin of 1",
        models + "gates: [ { metric: error, margin: 1 } ]",
        line: 3,
        "gates[0].margin",
        "write for example 0.02"
    ),
    WrongFile(
        "a ratio of 1",
        models + "gates: [ { metric: total_time.p99, ratio: 1 } ]",
        line: 3,
        "gates[0].ratio",
        "lies above 1"
    ),
    WrongFile("a section that is a value", models + "sampling: 0.1", line: 3, "sampling", "write its keys below it"),
    WrongFile(
        "a section that is a list",
        models + "limits: [ 32KiB ]",
        line: 3,
        "limits",
        "is a list, but it is a section"
    ),
    WrongFile("a share of 2 %", models + "min_share: 2%", line: 3, "min_share", "write 0.02."),
]

private let unknownKeys: [WrongFile] = [
    WrongFile(
        "a misspelt section",
        models + "samplng: { rate: 0.1 }",
        line: 3,
        "samplng",
        "did you mean sampling?",
        .unknownKey
    ),
    WrongFile(
        "a misspelt key",
        models + "sampling:\n  raet: 0.1",
        line: 4,
        "sampling.raet",
        "did you mean sampling.rate?",
        .unknownKey
    ),
    WrongFile(
        "a misspelt url",
        "stable: { model: m, version: v1.0.0, ulr: http://s }",
        line: 1,
        "stable.ulr",
        "did you mean stable.url?",
        .unknownKey
    ),
    WrongFile(
        "a key in the wrong section",
        models + "control_rate: 0.1",
        line: 3,
        "control_rate",
        "did you mean sampling.control_rate?",
        .unknownKey
    ),
    WrongFile(
        "a key from elsewhere",
        models + "limits: { bananas: 1 }",
        line: 3,
        "limits.bananas",
        "limits takes header, body, idle_timeout",
        .unknownKey
    ),
    WrongFile(
        "a key itself instead of its variable",
        models + "console: { token: canary }",
        line: 3,
        "console.token",
        "console.token_env",
        .unknownKey
    ),
    WrongFile(
        "a misspelt key deep down",
        "shadow: { model: m, version: v1.0.0, url: http://s,\n breaker: { failure: 3 } }",
        line: 2,
        "shadow.breaker.failure",
        "did you mean shadow.breaker.failures?",
        .unknownKey
    ),
    WrongFile(
        "a misspelt key in a rule",
        models + "intents:\n  - class: a\n    anyof: [x]",
        line: 5,
        "intents[0].anyof",
        "did you mean intents[0].any_of?",
        .unknownKey
    ),
    WrongFile(
        "a misspelt key in a gate",
        models + "gates:\n  - { metrik: error, margin: 0.1 }",
        line: 4,
        "gates[0].metrik",
        "did you mean gates[0].metric?",
        .unknownKey
    ),
]

private let missing: [WrongFile] = [
    WrongFile(
        "no url",
        "stable: { model: m, version: v1.0.0, url: http://s }\nshadow:\n  model: m\n  version: v1.2.0",
        line: 2,
        "shadow.url",
        "shadow.url is missing; say where the model server is, as in url:",
        .missing
    ),
    WrongFile(
        "no shadow",
        "stable: { model: m, version: v1.0.0, url: http://s }",
        line: 1,
        "shadow",
        "shadow is missing; add for example shadow: { model: llama-3-8b-chat, version: v1.2.0, url: http://llm-shadow:8000 }.",
        .missing
    ),
    WrongFile(
        "half of tls",
        models + "tls: { certificate: cert.pem }",
        line: 3,
        "tls.key",
        "leave out tls for plain HTTP",
        .missing
    ),
    WrongFile(
        "from without classes",
        models + "intents:\n  - { from: header:x }",
        line: 4,
        "intents[0]",
        "intents[0].classes is missing",
        .missing
    ),
    WrongFile(
        "a class without a condition",
        models + "intents:\n  - { class: a }",
        line: 4,
        "intents[0]",
        "add any_of, matches or pasted",
        .missing
    ),
    WrongFile(
        "a rule without a class",
        models + "intents:\n  - { any_of: [a] }",
        line: 4,
        "intents[0]",
        "neither class nor from",
        .missing
    ),
    WrongFile(
        "a gate without a tolerance",
        models + "gates:\n  - { metric: error }",
        line: 4,
        "gates[0]",
        "neither margin nor ratio",
        .missing
    ),
    WrongFile(
        "an accepted class without a reason",
        models + "accept: [ { class: other } ]",
        line: 3,
        "accept[0].reason",
        "the report prints it",
        .missing
    ),
    WrongFile(
        "a redaction without a pattern",
        models + "prompts: { redact: [ { name: A } ] }",
        line: 3,
        "prompts.redact[0].matches",
        "as in matches:",
        .missing
    ),
]

private let contradictions: [WrongFile] = [
    WrongFile(
        "margin and ratio",
        models + "gates: [ { metric: error, margin: 0.1, ratio: 1.2 } ]",
        line: 3,
        "gates[0].ratio",
        "stands beside margin, which alone fits error",
        .contradiction
    ),
    WrongFile(
        "a ratio for a rate",
        models + "gates: [ { metric: error, ratio: 1.2 } ]",
        line: 3,
        "gates[0].ratio",
        "write for example margin: 0.02",
        .contradiction
    ),
    WrongFile(
        "a margin for a magnitude",
        models + "gates: [ { metric: first_token.p95, margin: 0.2 } ]",
        line: 3,
        "gates[0].margin",
        "write for example ratio: 1.2",
        .contradiction
    ),
    WrongFile(
        "a gate twice",
        models + "gates:\n  - { metric: error, margin: 0.1 }\n  - { metric: error, margin: 0.2, scope: every_intent }",
        line: 5,
        "gates[1]",
        "keep one of the two",
        .contradiction
    ),
    WrongFile(
        "no gate at all",
        models + "gates: []",
        line: 3,
        "gates",
        "leave the key out for the default gates",
        .contradiction
    ),
    WrongFile(
        "a scope that is none",
        models + "gates: [ { metric: error, margin: 0.1, scope: overal } ]",
        line: 3,
        "gates[0].scope",
        "did you mean overall?",
        .wrongValue
    ),
    WrongFile(
        "a second look before the first",
        models + "experiment: { horizon: 7d, extended_horizon: 6d }",
        line: 3,
        "experiment.extended_horizon",
        "make it longer, or leave it out",
        .contradiction
    ),
    WrongFile(
        "from beside a condition",
        models + "intents: [ { from: header:x, classes: [a], any_of: [b] } ]",
        line: 3,
        "intents[0].any_of",
        "rule of its own",
        .contradiction
    ),
    WrongFile(
        "classes without from",
        models + "intents: [ { classes: [a] } ]",
        line: 3,
        "intents[0].classes",
        "as in from: header:x-intent-class",
        .contradiction
    ),
    WrongFile(
        "one class twice in a list",
        models + "intents: [ { from: header:x, classes: [a, b, a] } ]",
        line: 3,
        "intents[0].classes[2]",
        "is a a second time; take it out",
        .contradiction
    ),
    WrongFile(
        "two rules for one class",
        models + "intents:\n  - { class: pay, any_of: [a] }\n  - { class: pay, any_of: [b] }",
        line: 5,
        "intents[1].class",
        "as in intents[0].class (line 4); join the two rules",
        .contradiction
    ),
    WrongFile(
        "two classes that differ by capitals",
        models + "intents:\n  - { from: header:x, classes: [Pay] }\n  - { class: pay, any_of: [b] }",
        line: 5,
        "intents[1].class",
        "only by capitals",
        .contradiction
    ),
    WrongFile(
        "one place for the caller's word twice",
        models + "intents:\n  - { from: header:X, classes: [a] }\n  - { from: header:x, classes: [b] }",
        line: 5,
        "intents[1].from",
        "put all classes into one rule",
        .contradiction
    ),
    WrongFile(
        "a class called other",
        models + "intents: [ { class: Other, any_of: [b] } ]",
        line: 3,
        "intents[0].class",
        "choose another name",
        .contradiction
    ),
    WrongFile(
        "a rate for a class that is none",
        models + "intents: [ { class: payment, any_of: [b] } ]\nsampling:\n  rates: { paymnt: 1 }",
        line: 5,
        "sampling.rates.paymnt",
        "did you mean payment?",
        .contradiction
    ),
    WrongFile(
        "an accepted class that is none",
        models + "accept: [ { class: chat, reason: why } ]",
        line: 3,
        "accept[0].class",
        "no class that a rule of intents assigns",
        .contradiction
    ),
    WrongFile(
        "a class accepted twice",
        models + "accept: [ { class: other, reason: a }, { class: other, reason: b } ]",
        line: 3,
        "accept[1].class",
        "keep one entry",
        .contradiction
    ),
    WrongFile(
        "one placeholder twice",
        models + "prompts: { redact: [ { name: A, matches: a }, { name: A, matches: b } ] }",
        line: 3,
        "prompts.redact[1].name",
        "rename one",
        .contradiction
    ),
    WrongFile(
        "users and operators on one port",
        models + "listen: 127.0.0.1:9090",
        line: 3,
        "listen",
        "write for example console: 127.0.0.1:9091",
        .contradiction
    ),
    WrongFile(
        "users everywhere and operators on that port",
        models + "console: 127.0.0.1:80\nlisten: 0.0.0.0:80",
        line: 3,
        "console.address",
        "take the same port",
        .contradiction
    ),
    WrongFile(
        "a console that is open to all",
        models + "console: 10.0.0.5:9090",
        line: 3,
        "console.address",
        "no token guards it",
        .contradiction
    ),
    WrongFile(
        "a gateway in front of itself",
        "stable: { model: m, version: v1.0.0, url: 'http://localhost:8080' }\nshadow: { model: m, version: v2.0.0, url: http://h }",
        line: 1,
        "stable.url",
        "round in a circle",
        .contradiction
    ),
    WrongFile(
        "bodies that no buffer takes",
        models + "limits: { body: 512MiB }",
        line: 3,
        "limits.body",
        "raise the one or lower the other",
        .contradiction
    ),
]

private let notYAML: [WrongFile] = [
    WrongFile("an empty file", "", line: 1, "", "the file is empty; begin with", .syntax),
    WrongFile("a file of comments", "# nothing yet\n", line: 1, "", "the file is empty; begin with", .syntax),
    WrongFile("a list", "- stable\n- shadow\n", line: 1, "", "not a mapping of keys to values", .syntax),
    WrongFile("a sentence", "hello there\n", line: 1, "", "write keys at the left margin", .syntax),
    WrongFile(
        "a tab",
        "stable:\n\tmodel: m\n",
        line: 2,
        "",
        "indented with a tab, which YAML forbids; indent with spaces",
        .syntax
    ),
    WrongFile(
        "an open bracket",
        models + "sampling: { rate: 0.1\nthreads: 2\n",
        line: 4,
        "",
        "is not valid YAML",
        .syntax
    ),
    WrongFile(
        "a missing blank",
        models + "threads:2\nlisten: 127.0.0.1:1\n",
        line: 4,
        "",
        "look for a missing bracket, quote, colon or space",
        .syntax
    ),
    WrongFile(
        "a key written twice",
        models + "threads: 2\nthreads: 3\n",
        line: 4,
        "threads",
        "written twice in the same section (first on line 3); keep one",
        .syntax
    ),
    WrongFile("a second document", models + "---\nthreads: 2\n", line: 3, "", "second document", .syntax),
    WrongFile("an alias of nothing", models + "threads: *cores\n", line: 3, "", "needs an anchor", .syntax),
    WrongFile("a control character", models + "threads: \u{1}2\n", line: 3, "", "control character", .syntax),
]

@Suite struct WrongFileTests {
    @Test(arguments: wrongValues + unknownKeys + missing + contradictions + notYAML)
    func `a wrong file gets one sentence with place, key and fix`(_ file: WrongFile) throws {
        let error = try #require(failure(file.text))
        #expect(error.kind == file.kind, "\(error)")
        #expect(error.line == file.line, "\(error)")
        #expect(error.key == file.key, "\(error)")
        #expect(error.message.contains(file.says), "\(error)")
        #expect(error.file == "understudy.yaml")
        #expect(error.message.contains(file.key), "\(error)")
        #expect(!error.message.contains("\n"))
        #expect(error.message.hasSuffix(".") || error.message.hasSuffix("?"), "\(error)")
        #expect(!error.description.contains("canary"), "A secret is in the message.")
        // The fix is what follows the semicolon.
        #expect(error.message.contains(";"), "\(error)")
    }

    @Test func `the whole sentence starts with file and line`() throws {
        let error = try #require(failure(models + "sampling: { rate: 1.5 }"))
        #expect(
            "\(error)"
                == "understudy.yaml:3: sampling.rate is 1.5, but a rate lies between 0 and 1; write for example 0.1."
        )
    }

    @Test func `of several mistakes the first by line is told, whatever its kind`() throws {
        let text = models + "threads: 0\nsampling: { rte: 0.1 }\nlimits: { body: 1 }\n"
        #expect(failure(text)?.line == 3)
        #expect(failure(text.replacing("threads: 0", with: "threads: 1"))?.key == "sampling.rte")
    }

    @Test func `a damaged file is an error with a place, never a crash`() {
        let bytes = Array(example.utf8)
        let damage = Array("\t:{}[]'\"#-*&!|>%@`,\u{0}\u{FF}9".utf8)
        var generator = SplitMix64(seed: 7)
        for seed in 0..<150 {
            var copy = bytes
            if seed % 3 == 0 {
                copy.removeSubrange(Int.random(in: 0..<copy.count, using: &generator)...)
            } else {
                for _ in 0..<3 {
                    let index = Int.random(in: 0..<copy.count, using: &generator)
                    copy[index] = damage[Int.random(in: 0..<damage.count, using: &generator)]
                }
            }
            guard let error = failure(String(decoding: copy, as: UTF8.self), environment: exampleEnvironment) else {
                continue
            }
            #expect(error.line != nil, "seed \(seed): \(error)")
            #expect(!error.message.contains("\n"), "seed \(seed): \(error)")
        }
    }

    @Test func `a key that is misspelt is not told as missing`() throws {
        let error = try #require(failure("stable: { model: m, version: v1.0.0, url: http://s }\nshdow: {}\n"))
        #expect(error.kind == .unknownKey)
        #expect(error.message == "shdow is not a known key; did you mean shadow?")
    }
}
