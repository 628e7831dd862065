import Vocabulary

/// What is right value by value but not together; looked at only where every single value is right.
extension Reading {
    func checkTogether(_ configuration: UnderstudyConfiguration) {
        checkClasses(configuration)
        if let extended = configuration.experiment.extendedHorizon, extended <= configuration.experiment.horizon {
            report(
                .contradiction,
                at: "experiment.extended_horizon",
                "experiment.extended_horizon is \(DurationText.text(extended)), but the second look comes after the horizon "
                    + "of \(DurationText.text(configuration.experiment.horizon)); make it longer, or leave it out."
            )
        }
        guard purpose != .evaluate else { return }
        checkAddresses(configuration)
        if let stable = configuration.stable, let shadow = configuration.shadow,
            configuration.limits.body > shadow.maxBuffered
        {
            report(
                .contradiction,
                at: places["shadow.max_buffered"] == nil ? "limits.body" : "shadow.max_buffered",
                "shadow.max_buffered (\(shadow.maxBuffered)) is below limits.body (\(configuration.limits.body)), so that "
                    + "large requests to \(stable.model) could never be mirrored; raise the one or lower the other."
            )
        }
    }

    // MARK: Classes

    private func checkClasses(_ configuration: UnderstudyConfiguration) {
        checkRules(configuration.intents)
        // Pairs bring their own classes along, so that a file without rules cannot be held against them.
        let known = configuration.intentClasses
        guard purpose != .evaluate || !configuration.intents.isEmpty else { return }
        for name in configuration.sampling.rates.keys where !known.contains(name) {
            unknownClass(name.rawValue, at: "sampling.rates.\(name)", "sampling.rates.\(name)", known)
        }
        for (index, accepted) in configuration.accept.enumerated()
        where !known.contains(IntentClass(rawValue: accepted.intent)) {
            let key = "accept[\(index)].class"
            unknownClass(accepted.intent, at: key, "\(key) is \(accepted.intent), which", known)
        }
    }

    private func unknownClass(_ name: String, at key: String, _ subject: String, _ known: [IntentClass]) {
        let nearest = NearestName.nearest(to: name, among: known.map(\.rawValue))?.name ?? IntentClass.other.rawValue
        report(
            .contradiction,
            at: key,
            "\(subject) is no class that a rule of intents assigns; did you mean \(nearest)?"
        )
    }

    private func checkRules(_ rules: [IntentRule]) {
        // Where a class was first written, by its name in lower case.
        var first: [String: (name: String, key: String)] = [:]
        var promptRules: [IntentClass: String] = [:]
        var places: Set<RequestField> = []
        for (index, rule) in rules.enumerated() {
            let key = "intents[\(index)]"
            switch rule {
            case .callersWord(let field, let classes):
                if !places.insert(field).inserted {
                    report(
                        .contradiction,
                        at: "\(key).from",
                        "\(key).from is \(field) a second time; put all classes into one rule."
                    )
                }
                for (position, name) in classes.enumerated() {
                    checkClassName(name.rawValue, at: "\(key).classes[\(position)]", &first)
                }
            case .prompt(let name, _):
                checkClassName(name.rawValue, at: "\(key).class", &first)
                if let earlier = promptRules[name] {
                    report(
                        .contradiction,
                        at: "\(key).class",
                        "\(key).class is \(name), as in \(earlier)\(line(of: earlier)); join the two rules into one, "
                            + "or give this class a name of its own."
                    )
                }
                promptRules[name] = promptRules[name] ?? "\(key).class"
            }
        }
    }

    private func checkClassName(_ name: String, at key: String, _ first: inout [String: (name: String, key: String)]) {
        let folded = name.lowercased()
        if folded == IntentClass.other.rawValue || Gate.Scope(rawValue: folded) != nil {
            report(
                .contradiction,
                at: key,
                "\(key) is \(name), which Understudy keeps for itself (what no rule matches is other); "
                    + "choose another name."
            )
        } else if let earlier = first[folded], earlier.name != name {
            report(
                .contradiction,
                at: key,
                "\(key) is \(name), which differs from \(earlier.name) in \(earlier.key)\(line(of: earlier.key)) only by "
                    + "capitals; write both alike, or choose another name."
            )
        } else {
            first[folded] = first[folded] ?? (name, key)
        }
    }

    private func line(of key: String) -> String {
        if case .file(_, let line?, _) = placeOrParent(of: key) { " (line \(line))" } else { "" }
    }

    // MARK: Addresses

    private func checkAddresses(_ configuration: UnderstudyConfiguration) {
        let listen = configuration.listen
        let console = configuration.console.address
        if listen.port == console.port, listen.port != 0,
            listen.host == console.host || listen.isUnspecified || console.isUnspecified
                || (listen.isLoopback && console.isLoopback)
        {
            report(
                .contradiction,
                at: places["console.address"] == nil ? "listen" : "console.address",
                "listen (\(listen)) and console.address (\(console)) take the same port, but operators have one of their "
                    + "own; write for example console: 127.0.0.1:\(listen.port == 9090 ? 9091 : 9090)."
            )
        }
        for (key, url) in [("stable.url", configuration.stable?.url), ("shadow.url", configuration.shadow?.url)] {
            guard let url, url.port == listen.port, listen.port != 0 else { continue }
            let target = NetworkAddress(host: url.host, port: url.port)
            if url.host == listen.host || target.isLoopback && (listen.isLoopback || listen.isUnspecified) {
                report(
                    .contradiction,
                    at: key,
                    "\(key) is the gateway's own address (listen: \(listen)), so that requests would go round in a circle; "
                        + "give the model server's."
                )
            }
        }
    }
}
