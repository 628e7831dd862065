import Foundation
package import Vocabulary

extension UnderstudyConfiguration {
    /// The number of cores that the process may use.
    package static var defaultThreads: Int { max(1, ProcessInfo.processInfo.activeProcessorCount) }
}

/// The operators' side.
///
/// - `address` (address, optional, default 127.0.0.1:9090).
/// - `token_env` (name of an environment variable, optional, default UNDERSTUDY_TOKEN): the variable that holds the
///   bearer token. A token is required when the address is not on loopback, and for every change; without one on
///   loopback the console can be read but changes nothing.
///
/// `console: HOST:PORT` is short for `console: { address: HOST:PORT }`.
package struct ConsoleConfiguration: Sendable, Equatable {
    package var address: NetworkAddress
    /// The variable that holds the token, not the token.
    package var tokenEnvironmentVariable: String

    package init(
        address: NetworkAddress = NetworkAddress(host: "127.0.0.1", port: 9090),
        tokenEnvironmentVariable: String = "UNDERSTUDY_TOKEN"
    ) {
        self.address = address
        self.tokenEnvironmentVariable = tokenEnvironmentVariable
    }
}

/// Where pairs are kept.
///
/// - `path` (path, optional, default understudy.sqlite).
/// - `max_size` (size, optional, default 50GB): above it the oldest texts go first.
/// - `text_retention` (duration, optional): answers' texts are deleted after it; without it only `max_size` does.
/// - `figure_retention` (duration, optional): whole pairs are deleted after it; without it they stay.
///
/// `store: PATH` is short for `store: { path: PATH }`.
package struct StoreConfiguration: Sendable, Equatable {
    package var path: String
    package var maxSize: ByteSize
    package var textRetention: Duration?
    package var figureRetention: Duration?

    package init(
        path: String = "understudy.sqlite",
        maxSize: ByteSize = .gigabytes(50),
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
///
/// - `header` (size, optional, default 32KiB): request line and headers together.
/// - `body` (size, optional, default 32MiB): the largest request body; every smaller one is mirrored.
/// - `idle_timeout` (duration, optional, default 75s): an idle kept-alive connection is closed after it.
/// - `header_timeout` (duration, optional, default 10s): the request's head has to be complete within it.
/// - `request_timeout` (duration, optional, default 10m): the whole request has to be complete within it, the time in
///   which stable takes no more not counted. A body must also come at 240 bytes a second on average after 5 s.
/// - `connections` (number, optional, default 8192): clients at a time; the next ones wait until some leave.
/// - `connections_per_address` (number, optional, default 0, for no limit): clients at a time from one address, or from one
///   IPv6 network of 64 bits; further ones are closed at once.
/// - `drain` (duration, optional, default 30s): how long what is under way may take after SIGTERM; 2 s later the process has
///   ended, whatever is left.
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
        header: ByteSize = .kibibytes(32),
        body: ByteSize = .mebibytes(32),
        idleTimeout: Duration = .seconds(75),
        headerTimeout: Duration = .seconds(10),
        requestTimeout: Duration = .seconds(600),
        connections: Int = 8192,
        connectionsPerAddress: Int = 0,
        drain: Duration = .seconds(30)
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
///
/// - `certificate` (path, required in the section): the chain, leaf first.
/// - `key` (path, required in the section): its private key.
package struct TLSConfiguration: Sendable, Equatable {
    package var certificate: String
    package var key: String

    package init(certificate: String, key: String) {
        self.certificate = certificate
        self.key = key
    }
}
