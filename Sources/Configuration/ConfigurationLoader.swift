import Files
import Vocabulary

/// Loads and validates a configuration: flags over environment over file over defaults.
///
/// Reading stops at nothing: every mistake is collected, and the first by line is thrown, as one sentence with its fix.
/// Checks across keys run only when every key by itself is right.
package enum ConfigurationLoader {
    /// A configuration of a thousand classes has a tenth of it.
    private static let largestFileBytes = 4 << 20

    /// Loads a file.
    ///
    /// - Parameters:
    ///   - path: The file, as the user named it; messages name it so.
    ///   - purpose: What has to be said.
    ///   - environment: All variables; secrets are looked up here and nowhere else.
    ///   - flags: What the command line says about keys.
    ///   - allowsPipe: Whether the file may be a pipe, as `<(…)` of a shell is; it can be read once.
    /// - Returns: The values in force and where each was said.
    /// - Throws: The first mistake; `kind` is `.unreadable` where the file cannot be read.
    package static func load(
        path: String,
        purpose: ConfigurationPurpose,
        environment: [String: String],
        flags: [ConfigurationFlag] = [],
        allowsPipe: Bool = true
    ) throws(ConfigurationError) -> LoadedConfiguration {
        let place = ConfigurationError.Place.file(path, line: nil, column: nil)
        let bytes: [UInt8]
        do {
            bytes = try InputFile(path: path, allowsPipe: allowsPipe).whole(limitBytes: largestFileBytes)
        } catch {
            let reason =
                switch error.reason {
                case .absent: "does not exist"
                case .notAFile(let kind): "is \(kind) and not a file"
                case .tooLarge(let limit): "is larger than \(limit >> 20) MiB"
                default: "cannot be read"
                }
            throw ConfigurationError(
                kind: .unreadable,
                place: place,
                key: "",
                message: "the configuration file \(reason); check the path and its permissions."
            )
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw ConfigurationError(
                kind: .syntax,
                place: place,
                key: "",
                message: "the configuration file is not UTF-8; save it as UTF-8 text."
            )
        }
        return try load(text: text, file: path, purpose: purpose, environment: environment, flags: flags)
    }

    /// Loads a text; `file` is the name that messages give it.
    ///
    /// - Throws: The first mistake.
    package static func load(
        text: String,
        file: String,
        purpose: ConfigurationPurpose,
        environment: [String: String] = [:],
        flags: [ConfigurationFlag] = []
    ) throws(ConfigurationError) -> LoadedConfiguration {
        let top = try YAMLText.topLevel(text, file: file)
        let reading = Reading(file: file, purpose: purpose, environment: environment, flags: flags)
        let root = Section(reading, path: "", node: top, place: reading.wholeFile, isInList: false)
        let configuration = reading.configuration(root)
        reading.reportUnknownKeys()
        if let problem = reading.firstProblem { throw problem }

        var warnings: [String] = []
        reading.checkTogether(configuration)
        let secrets = reading.secrets(configuration, warnings: &warnings)
        reading.checkStrayVariables(warnings: &warnings)
        if let problem = reading.firstProblem { throw problem }
        return LoadedConfiguration(
            configuration: configuration,
            declared: reading.declared(configuration),
            secrets: secrets,
            secretVariables: reading.namedVariables,
            rows: reading.rows,
            warnings: warnings
        )
    }
}

extension Reading {
    /// Reads every key, in the order of the file format, which is also the order of the rows.
    fileprivate func configuration(_ root: Section) -> UnderstudyConfiguration {
        let keys = ConfigurationKeys.keys
        let listen = root.value(keys.listen)
        let console = console(root)
        let threads = root.value(keys.threads)
        let store = store(root)
        let keyFile = root.value(keys.keyFile, default: KeyFile.path(besideStore: store.path))
        let limits = limits(root)
        let trustedProxies = trustedProxies(root)
        let tls = tls(root)
        let unnamed = experiment(root)
        let stable = stable(root)
        let shadow = shadow(root)
        var sampling = sampling(root)
        let prompts = prompts(root)
        let intents = intents(root)
        let minShare = minShare(root)
        let accept = accept(root)
        let gates = gates(root)

        var experiment = unnamed
        if let stable, let shadow, !isSaid("experiment.name") {
            experiment.name = "\(stable.version)-to-\(shadow.version)"
            replaceRow("experiment.name", value: experiment.name)
        }
        var configuration = UnderstudyConfiguration(
            listen: listen,
            console: console,
            threads: threads,
            store: store,
            keyFile: keyFile,
            limits: limits,
            tls: tls,
            experiment: experiment,
            stable: stable,
            shadow: shadow,
            sampling: sampling,
            prompts: prompts,
            intents: intents,
            minShare: minShare,
            accept: accept,
            gates: gates
        )
        sampling.rates = rates(root, classes: configuration.intentClasses)
        configuration.sampling = sampling
        configuration.trustedProxies = trustedProxies
        return configuration
    }

    fileprivate func declared(_ configuration: UnderstudyConfiguration) -> DeclaredEvaluation {
        func said<Value>(_ key: String, _ value: Value) -> Value? { isSaid(key) ? value : nil }
        func row(_ key: String) -> String? { rows.first { $0.key == key && $0.origin != .builtIn }?.value }
        return DeclaredEvaluation(
            experimentName: row("experiment.name"),
            horizon: said("experiment.horizon", configuration.experiment.horizon),
            extendedHorizon: configuration.experiment.extendedHorizon,
            stableVersion: row("stable.version"),
            shadowVersion: row("shadow.version"),
            maxErrorRate: row("stable.max_error_rate").flatMap(Double.init),
            controlRate: said("sampling.control_rate", configuration.sampling.controlRate),
            intentClasses: places["intents"] == nil ? nil : configuration.intentClasses,
            minShare: said("min_share", configuration.minShare),
            accept: places["accept"] == nil ? nil : configuration.accept,
            gates: places["gates"] == nil ? nil : configuration.gates
        )
    }
}
