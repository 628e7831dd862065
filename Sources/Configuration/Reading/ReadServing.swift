import Vocabulary

/// The sections that say where Understudy listens, keeps and forwards; one function per section, in the order of the
/// file format.
extension Reading {
    func console(_ root: Section) -> ConsoleConfiguration {
        let section = root.section("console", shortForm: "address")
        let builtIn = ConsoleConfiguration()
        let console = ConsoleConfiguration(
            address: section.value(
                "address",
                .address(example: "127.0.0.1:9090"),
                default: builtIn.address,
                alias: "console"
            ),
            tokenEnvironmentVariable: section.value(
                "token_env",
                .variableName,
                default: builtIn.tokenEnvironmentVariable
            )
        )
        namedVariables.insert(console.tokenEnvironmentVariable)
        return console
    }

    func store(_ root: Section) -> StoreConfiguration {
        let section = root.section("store", shortForm: "path")
        let builtIn = StoreConfiguration()
        let times = Duration.seconds(60) ... .seconds(36_500 * 86_400)
        return StoreConfiguration(
            path: section.value(
                "path",
                .text("a path", example: "understudy.sqlite"),
                default: builtIn.path,
                alias: "store"
            ),
            maxSize: section.value(
                "max_size",
                .size(in: .mebibytes(1)...ByteSize(bytes: 1 << 50), example: "50GB"),
                default: builtIn.maxSize
            ),
            textRetention: section.value("text_retention", .duration(in: times, example: "90d")),
            figureRetention: section.value("figure_retention", .duration(in: times, example: "400d"))
        )
    }

    func limits(_ root: Section) -> LimitsConfiguration {
        let section = root.section("limits")
        let builtIn = LimitsConfiguration()
        let times = Duration.milliseconds(100) ... .seconds(86_400)
        return LimitsConfiguration(
            header: section.value(
                "header",
                .size(in: .kibibytes(1) ... .mebibytes(16), example: "32KiB"),
                default: builtIn.header
            ),
            body: section.value(
                "body",
                .size(in: .kibibytes(1) ... .mebibytes(4096), example: "32MiB"),
                default: builtIn.body
            ),
            idleTimeout: section.value(
                "idle_timeout",
                .duration(in: times, example: "75s"),
                default: builtIn.idleTimeout
            ),
            headerTimeout: section.value(
                "header_timeout",
                .duration(in: times, example: "10s"),
                default: builtIn.headerTimeout
            ),
            requestTimeout: section.value(
                "request_timeout",
                .duration(in: times, example: "10m"),
                default: builtIn.requestTimeout
            ),
            connections: section.value(
                "connections",
                .whole("the number of clients at a time", in: 1...1_000_000, example: 8192),
                default: builtIn.connections
            ),
            connectionsPerAddress: section.value(
                "connections_per_address",
                .whole("the number of clients from one address, 0 for no limit,", in: 0...1_000_000, example: 64),
                default: builtIn.connectionsPerAddress
            ),
            drain: section.value(
                "drain",
                .duration(in: .zero ... .seconds(3_600), example: "30s"),
                default: builtIn.drain
            )
        )
    }

    func trustedProxies(_ root: Section) -> [String] {
        let example = "10.0.0.0/8"
        return (root.list("trusted_proxies", of: "addresses and ranges", example: "[\(example), 192.0.2.1]") ?? [])
            .compactMap { $0.scalar(.addressRange(example: example)) }
    }

    func tls(_ root: Section) -> TLSConfiguration? {
        let section = root.section("tls")
        let isGiven = { [self] in isAnythingSaid(below: "tls") }
        let certificate = section.value("certificate", .text("a path", example: "cert.pem"))
        let key = section.value("key", .text("a path", example: "key.pem"))
        guard isGiven() else { return nil }
        for (name, value, example) in [("certificate", certificate, "cert.pem"), ("key", key, "key.pem")]
        where value == nil && places["tls.\(name)"] == nil {
            report(
                .missing,
                at: "tls.\(name)",
                "tls.\(name) is missing; name the PEM file as in \(name): \(example), or leave out tls for plain HTTP."
            )
        }
        guard let certificate, let key else { return nil }
        return TLSConfiguration(certificate: certificate, key: key)
    }

    func stable(_ root: Section) -> StableConfiguration? {
        let section = root.section("stable")
        let identity = modelIdentity(section, example: "v1.1.0", url: "http://llm-stable:8000")
        let waits = Duration.milliseconds(10) ... .seconds(86_400)
        let maxErrorRate = section.value("max_error_rate", .number("an error rate", example: "0.05"), default: 0.05)
        let connectTimeout = section.value(
            "connect_timeout",
            .duration(in: waits, example: "5s"),
            default: .seconds(5)
        )
        let timeout = section.value("timeout", .duration(in: waits, example: "600s"), default: .seconds(600))
        let apiKey = section.value("api_key_env", .variableName)
        if let apiKey { namedVariables.insert(apiKey) }
        guard let identity else { return nil }
        return StableConfiguration(
            model: identity.model,
            version: identity.version,
            url: identity.url,
            maxErrorRate: maxErrorRate,
            connectTimeout: connectTimeout,
            timeout: timeout,
            apiKeyEnvironmentVariable: apiKey
        )
    }

    func shadow(_ root: Section) -> ShadowConfiguration? {
        let section = root.section("shadow")
        let identity = modelIdentity(section, example: "v1.2.0", url: "http://llm-shadow:8000")
        let apiKey = section.value("api_key_env", .variableName)
        if let apiKey { namedVariables.insert(apiKey) }
        let waits = Duration.milliseconds(10) ... .seconds(86_400)
        let timeout = section.value("timeout", .duration(in: waits, example: "120s"), default: .seconds(120))
        let maxInFlight = section.value(
            "max_in_flight",
            .whole("the number of calls at a time", in: 1...10_000, example: 32),
            default: 32
        )
        let maxQueue = section.value(
            "max_queue",
            .whole("the length of the queue", in: 0...1_000_000, example: 256),
            default: 256
        )
        let maxBuffered = section.value(
            "max_buffered",
            .size(in: .mebibytes(1)...ByteSize(bytes: 1 << 40), example: "256MiB"),
            default: .mebibytes(256)
        )
        let tokens = section.value(
            "tokens_per_minute",
            .whole("a token budget, 0 for no cap,", in: 0...1_000_000_000_000, example: 200_000),
            default: 0
        )
        let breaker = breaker(section)
        guard let identity else { return nil }
        return ShadowConfiguration(
            model: identity.model,
            version: identity.version,
            url: identity.url,
            apiKeyEnvironmentVariable: apiKey,
            timeout: timeout,
            maxInFlight: maxInFlight,
            maxQueue: maxQueue,
            maxBuffered: maxBuffered,
            tokensPerMinute: tokens == 0 ? nil : tokens,
            breaker: breaker
        )
    }

    private func breaker(_ shadow: Section) -> BreakerConfiguration {
        let section = shadow.section("breaker")
        let builtIn = BreakerConfiguration()
        return BreakerConfiguration(
            failures: section.value(
                "failures",
                .whole("the number of failures in a row", in: 1...1_000_000, example: 20),
                default: builtIn.failures
            ),
            probeEvery: section.value(
                "probe_every",
                .duration(in: .milliseconds(10) ... .seconds(86_400), example: "5s"),
                default: builtIn.probeEvery
            )
        )
    }

    private func modelIdentity(
        _ section: Section,
        example: String,
        url: String
    ) -> (model: String, version: String, url: ServerURL)? {
        let name = section.path
        let isSaid =
            isAnythingSaid(below: name)
            || environment.contains { $0.key.hasPrefix(Section.variable(name) + "_") && !$0.value.isEmpty }
        let isServed = purpose != .evaluate
        if isServed, !isSaid {
            report(
                .missing,
                at: name,
                "\(name) is missing; add for example "
                    + "\(name): { model: llama-3-8b-chat, version: \(example), url: \(url) }."
            )
        }
        let model = section.required(
            "model",
            .text("a model name", example: "llama-3-8b-chat"),
            fix: "give the name that its server knows, as in model: llama-3-8b-chat",
            isRequired: isServed && isSaid
        )
        let version = section.required(
            "version",
            .version(strict: isServed, example: example),
            fix: "give the semantic version of the model, as in version: \(example)",
            isRequired: isServed && isSaid
        )
        let server = section.required(
            "url",
            .url(example: url),
            fix: "say where the model server is, as in url: \(url)",
            isRequired: isServed && isSaid
        )
        guard let model, let version, let server else { return nil }
        return (model, version, server)
    }
}
