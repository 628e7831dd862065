import Vocabulary

/// The sections that say where Understudy listens, keeps and forwards; one function per section, in the order of the
/// file format.
extension Reading {
    private var keys: ConfigurationKeys { .keys }

    func console(_ root: Section) -> ConsoleConfiguration {
        let section = root.section("console", shortForm: "address")
        let console = ConsoleConfiguration(
            address: section.value(keys.console.address),
            tokenEnvironmentVariable: section.value(keys.console.tokenVariable)
        )
        namedVariables.insert(console.tokenEnvironmentVariable)
        return console
    }

    func store(_ root: Section) -> StoreConfiguration {
        let section = root.section("store", shortForm: "path")
        return StoreConfiguration(
            path: section.value(keys.store.path),
            maxSize: section.value(keys.store.maxSize),
            textRetention: section.value(keys.store.textRetention),
            figureRetention: section.value(keys.store.figureRetention)
        )
    }

    func limits(_ root: Section) -> LimitsConfiguration {
        let section = root.section("limits")
        return LimitsConfiguration(
            header: section.value(keys.limits.header),
            body: section.value(keys.limits.body),
            idleTimeout: section.value(keys.limits.idleTimeout),
            headerTimeout: section.value(keys.limits.headerTimeout),
            requestTimeout: section.value(keys.limits.requestTimeout),
            connections: section.value(keys.limits.connections),
            connectionsPerAddress: section.value(keys.limits.connectionsPerAddress),
            drain: section.value(keys.limits.drain)
        )
    }

    func trustedProxies(_ root: Section) -> [String] {
        let key = keys.trustedProxies
        return (root.list(key.list) ?? []).compactMap { $0.scalar(key.kind) }
    }

    func tls(_ root: Section) -> TLSConfiguration? {
        let section = root.section("tls")
        let isGiven = { [self] in isAnythingSaid(below: "tls") }
        let certificate = section.value(keys.tls.certificate)
        let key = section.value(keys.tls.key)
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
        let identity = modelIdentity(section, keys.stable.identity)
        let maxErrorRate = section.value(keys.stable.maxErrorRate)
        let connectTimeout = section.value(keys.stable.connectTimeout)
        let timeout = section.value(keys.stable.timeout)
        let apiKey = section.value(keys.stable.apiKeyVariable)
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
        let identity = modelIdentity(section, keys.shadow.identity)
        let apiKey = section.value(keys.shadow.apiKeyVariable)
        if let apiKey { namedVariables.insert(apiKey) }
        let timeout = section.value(keys.shadow.timeout)
        let maxInFlight = section.value(keys.shadow.maxInFlight)
        let maxQueue = section.value(keys.shadow.maxQueue)
        let maxBuffered = section.value(keys.shadow.maxBuffered)
        let tokens = section.value(keys.shadow.tokensPerMinute)
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
        return BreakerConfiguration(
            failures: section.value(keys.shadow.breaker.failures),
            probeEvery: section.value(keys.shadow.breaker.probeEvery)
        )
    }

    private func modelIdentity(
        _ section: Section,
        _ keys: ModelIdentityKeys
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
                    + "\(name): { model: llama-3-8b-chat, version: \(keys.versionExample), url: \(keys.urlExample) }."
            )
        }
        let isRequired = isServed && isSaid
        let model = section.required(keys.model, isRequired: isRequired)
        let version = section.required(
            keys.version,
            as: isServed ? keys.version.kind : keys.anyVersion,
            isRequired: isRequired
        )
        let server = section.required(keys.url, isRequired: isRequired)
        guard let model, let version, let server else { return nil }
        return (model, version, server)
    }
}
