import Foundation
package import Vocabulary

extension UnderstudyConfiguration {
    /// The number of cores that the process may use.
    package static var defaultThreads: Int { max(1, ProcessInfo.processInfo.activeProcessorCount) }
}

/// The operators' side.
///
/// `console: HOST:PORT` is short for `console: { address: HOST:PORT }`.
package struct ConsoleConfiguration: Sendable, Equatable {
    package var address: NetworkAddress
    /// The variable that holds the token, not the token.
    package var tokenEnvironmentVariable: String

    package init(
        address: NetworkAddress = ConfigurationKeys.keys.console.address.builtIn,
        tokenEnvironmentVariable: String = ConfigurationKeys.keys.console.tokenVariable.builtIn
    ) {
        self.address = address
        self.tokenEnvironmentVariable = tokenEnvironmentVariable
    }
}

/// Where pairs are kept.
///
/// `store: PATH` is short for `store: { path: PATH }`.
package struct StoreConfiguration: Sendable, Equatable {
    package var path: String
    package var maxSize: ByteSize
    package var textRetention: Duration?
    package var figureRetention: Duration?

    package init(
        path: String = ConfigurationKeys.keys.store.path.builtIn,
        maxSize: ByteSize = ConfigurationKeys.keys.store.maxSize.builtIn,
        textRetention: Duration? = nil,
        figureRetention: Duration? = nil
    ) {
        self.path = path
        self.maxSize = maxSize
        self.textRetention = textRetention
        self.figureRetention = figureRetention
    }
}

/// What a client may send, and how long it may take.
package struct LimitsConfiguration: Sendable, Equatable {
    package var header: ByteSize
    package var body: ByteSize
    package var idleTimeout: Duration
    package var headerTimeout: Duration
    package var requestTimeout: Duration
    package var connections: Int
    package var connectionsPerAddress: Int
    package var drain: Duration

    package init(
        header: ByteSize = ConfigurationKeys.keys.limits.header.builtIn,
        body: ByteSize = ConfigurationKeys.keys.limits.body.builtIn,
        idleTimeout: Duration = ConfigurationKeys.keys.limits.idleTimeout.builtIn,
        headerTimeout: Duration = ConfigurationKeys.keys.limits.headerTimeout.builtIn,
        requestTimeout: Duration = ConfigurationKeys.keys.limits.requestTimeout.builtIn,
        connections: Int = ConfigurationKeys.keys.limits.connections.builtIn,
        connectionsPerAddress: Int = ConfigurationKeys.keys.limits.connectionsPerAddress.builtIn,
        drain: Duration = ConfigurationKeys.keys.limits.drain.builtIn
    ) {
        self.header = header
        self.body = body
        self.idleTimeout = idleTimeout
        self.headerTimeout = headerTimeout
        self.requestTimeout = requestTimeout
        self.connections = connections
        self.connectionsPerAddress = connectionsPerAddress
        self.drain = drain
    }
}

/// The listener's certificate and key, both PEM files.
package struct TLSConfiguration: Sendable, Equatable {
    package var certificate: String
    package var key: String

    package init(certificate: String, key: String) {
        self.certificate = certificate
        self.key = key
    }
}
