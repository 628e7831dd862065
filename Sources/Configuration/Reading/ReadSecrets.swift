import Vocabulary

/// The secrets, which are read from the environment only, by the names that the configuration gives.
extension Reading {
    /// Reads what is set; what is not is an error where it is needed to serve, else a warning.
    func secrets(_ configuration: UnderstudyConfiguration, warnings: inout [String]) -> Secrets {
        let console = configuration.console
        let token = secret(console.tokenEnvironmentVariable, key: "console.token_env")
        if let token { checkLength(of: token, console) }
        if token == nil, !isSet(console.tokenEnvironmentVariable) { missingToken(console, &warnings) }
        return Secrets(
            consoleToken: token,
            stableAPIKey: apiKey(configuration.stable?.apiKeyEnvironmentVariable, "stable.api_key_env", &warnings),
            shadowAPIKey: apiKey(configuration.shadow?.apiKeyEnvironmentVariable, "shadow.api_key_env", &warnings)
        )
    }

    /// Shorter ones are guessed: the console lets an address try one in twelve seconds, and off loopback a guesser has as many
    /// addresses as it likes; on loopback it stands on this machine, and a few letters last for years.
    private static func shortestToken(_ console: ConsoleConfiguration) -> Int { console.address.isLoopback ? 5 : 12 }

    private func checkLength(of token: Secret, _ console: ConsoleConfiguration) {
        let shortest = Self.shortestToken(console)
        guard purpose != .evaluate, token.reveal().utf8.count < shortest else { return }
        let variable = console.tokenEnvironmentVariable
        report(
            .wrongValue,
            .environment(variable: variable),
            "console.token_env",
            "console.token_env names \(variable), but its value has fewer than \(shortest) characters, which can be "
                + "guessed; set it to a longer one, as `openssl rand -hex 16` makes it."
        )
    }

    private func missingToken(_ console: ConsoleConfiguration, _ warnings: inout [String]) {
        guard purpose != .evaluate else { return }
        let variable = console.tokenEnvironmentVariable
        if console.address.isLoopback {
            warnings.append(
                "\(variable) is not set, so the console shows everything but accepts no change; "
                    + "set it to a token to change sampling or limits while serving."
            )
        } else if !isSaid("console.token_env") {
            report(
                .contradiction,
                at: "console.address",
                "console.address is \(console.address), which is not on loopback, but no token guards it; set \(variable), "
                    + "or name another variable in console.token_env, or write console: 127.0.0.1:\(console.address.port)."
            )
        } else if purpose == .serve {
            report(
                .missingSecret,
                at: "console.token_env",
                "console.token_env names \(variable), but that variable is not set and console.address is not on loopback; "
                    + "set \(variable) to the operators' token."
            )
        } else {
            warnings.append("console.token_env names \(variable), which is not set here; serve needs it.")
        }
    }

    private func apiKey(_ variable: String?, _ key: String, _ warnings: inout [String]) -> Secret? {
        guard let variable else { return nil }
        if let secret = secret(variable, key: key) { return secret }
        guard !isSet(variable) else { return nil }
        switch purpose {
        case .serve:
            report(
                .missingSecret,
                at: key,
                "\(key) names \(variable), but that variable is not set; set \(variable), or leave out \(key)."
            )
        case .check: warnings.append("\(key) names \(variable), which is not set here; serve needs it.")
        case .evaluate: break
        }
        return nil
    }

    private func isSet(_ variable: String) -> Bool {
        environment[variable].map { !Self.trimmed($0).isEmpty } ?? false
    }

    /// The value of a variable, or nil where it is not set or, which is reported, cannot be sent.
    private func secret(_ variable: String, key: String) -> Secret? {
        guard isSet(variable), let raw = environment[variable] else { return nil }
        let text = Self.trimmed(raw)
        guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            report(
                .wrongValue,
                .environment(variable: variable),
                key,
                "\(key) names \(variable), but its value has a space or another character that no HTTP header field can "
                    + "carry; set it again without quotes and line breaks."
            )
            return nil
        }
        return Secret(text)
    }

    /// Without line breaks at the end, which a file that is mounted as a variable may have.
    private static func trimmed(_ raw: String) -> String {
        var text = Substring(raw)
        while text.last?.isNewline == true { text.removeLast() }
        return String(text)
    }
}
