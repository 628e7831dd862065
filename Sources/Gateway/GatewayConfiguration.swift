/// The gateway's configuration, except for the upstreams (`Router`).
package struct GatewayConfiguration: Sendable {
    /// PEM files for the listener.
    package struct TLS: Sendable {
        package var certificatePath: String
        package var keyPath: String

        /// - Parameters:
        ///   - certificatePath: The certificate chain, leaf first.
        ///   - keyPath: The private key.
        package init(certificatePath: String, keyPath: String) {
            self.certificatePath = certificatePath
            self.keyPath = keyPath
        }
    }

    /// The address to listen on.
    package var host: String
    /// The port to listen on; 0 lets the system choose.
    package var port: Int
    /// Event loops, where the gateway makes its own group.
    package var threads = 1
    /// The body of the gateway's own answers.
    package var errorBody = ErrorBody.message

    /// Bytes of a request head, its final empty line included.
    package var headerLimit = 32 * 1024
    /// Payload bytes of a request.
    package var bodyLimit = 32 * 1024 * 1024
    /// How long a client may be silent between requests, or within a body.
    package var idleTimeout: Duration = .seconds(75)
    /// How long a request head may take from its first byte.
    package var headerTimeout: Duration = .seconds(10)
    /// How long a whole request may take, from first byte to last, not counting time in which its upstream takes no more.
    package var requestTimeout: Duration = .seconds(600)
    /// Payload bytes a second that a request body must reach on average; 0 for any.
    package var minimumBodyRate = 240
    /// How long a body may be slower than `minimumBodyRate`.
    package var bodyRateGrace: Duration = .seconds(5)

    /// Clients at a time, over all loops; further ones wait until others leave.
    package var maximumConnections = 8192
    /// Clients at a time from one address; 0 for no limit.
    package var maximumConnectionsPerAddress = 0
    /// The open-file limit, if it is the reason for the value of `maximumConnections`.
    package var fileLimit: Int?
    /// Body bytes of a request that are gathered before a connection to its upstream is taken; 0 for none.
    package var gatheredBodyLimit = 64 * 1024
    /// Gathered body bytes in all; beyond them, requests go to their upstreams as they come.
    package var gatheredTotalLimit = 16 * 1024 * 1024

    /// How long an upstream may take to accept a connection, TLS included.
    package var connectTimeout: Duration = .seconds(5)
    /// How long an upstream may be silent during an exchange.
    ///
    /// Models that load or queue are slow to begin. The duration of a whole answer has no limit.
    package var answerIdleTimeout: Duration = .seconds(600)
    /// How long an unused connection to an upstream is kept.
    ///
    /// Below the 5 s of llama.cpp and uvicorn, so that the gateway closes first.
    package var keptConnectionTimeout: Duration = .seconds(4)
    /// Unused connections kept per loop, to all upstreams together.
    package var maximumKeptConnections = 256
    /// How long a connection that carried an event stream stays unused before its next request.
    ///
    /// llama-server closes after every streamed answer although it announces to keep the connection; a request sent meanwhile
    /// could not be told from one that was served.
    package var streamSettleTime: Duration = .milliseconds(100)
    /// Requests with a longer body get a fresh connection, because they cannot be sent again.
    package var replayLimit = 1024 * 1024
    /// Bytes kept in all for sending requests again; beyond them, requests get fresh connections too.
    package var replayTotalLimit = 32 * 1024 * 1024
    /// How long the rest of a refused request is read and thrown away, so that the client can read its answer.
    package var lingerTimeout: Duration = .seconds(2)

    /// Whether X-Forwarded-For, -Proto and -Host are added to requests.
    package var addsForwarded = true
    /// Trusted proxies in front of the gateway, whose fields about the client pass (`ForwardingFields`).
    package var trustedProxies: [AddressRange] = []
    /// TLS for the listener; nil: plain HTTP.
    package var tls: TLS?

    /// A configuration with the documented defaults.
    ///
    /// - Parameters:
    ///   - host: The address to listen on.
    ///   - port: The port to listen on; 0 lets the system choose.
    package init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    /// How often deadlines are checked: a deadline passes late by at most this much.
    var tick: Duration {
        let shortest =
            [
                idleTimeout, headerTimeout, requestTimeout, bodyRateGrace, answerIdleTimeout, keptConnectionTimeout,
                lingerTimeout,
            ].min() ?? idleTimeout
        return max(.milliseconds(5), min(.milliseconds(250), shortest / 8))
    }
}
