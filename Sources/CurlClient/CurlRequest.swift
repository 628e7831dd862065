/// One outgoing HTTP request.
package struct CurlRequest: Sendable {
    /// The method as it is sent, case kept.
    package var method: String
    /// An absolute `http` or `https` URL, percent-encoded.
    package var url: String
    /// Fields in the order in which they are sent.
    ///
    /// `Content-Length` is always written from the body, and `Host` where it is not given. Nothing else is added.
    package var headers: [(String, String)]
    /// The payload; nil sends none, and an empty one sends `Content-Length: 0`.
    package var body: [UInt8]?
    package var timeouts: CurlTimeouts
    /// The longest answer, in payload bytes; one byte more ends the transfer as `tooLarge`.
    package var maximumResponseBytes: Int

    package init(
        method: String = "POST",
        url: String,
        headers: [(String, String)] = [],
        body: [UInt8]? = nil,
        timeouts: CurlTimeouts = CurlTimeouts(),
        maximumResponseBytes: Int = 64 << 20
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.timeouts = timeouts
        self.maximumResponseBytes = maximumResponseBytes
    }
}

/// How long each part of a transfer may take.
package struct CurlTimeouts: Sendable, Equatable {
    /// Until the connection is open, name lookup and TLS included.
    package var connect: Duration
    /// From the start of the transfer to the first byte of the answer's payload.
    ///
    /// The head does not count: model servers send it before they compute the answer.
    package var firstByte: Duration
    /// The longest silence after the first byte of the payload.
    package var stall: Duration
    /// From the start of the transfer to its end.
    package var total: Duration

    package init(
        connect: Duration = .seconds(5),
        firstByte: Duration = .seconds(120),
        stall: Duration = .seconds(60),
        total: Duration = .seconds(120)
    ) {
        self.connect = connect
        self.firstByte = firstByte
        self.stall = stall
        self.total = total
    }
}

/// Names a transfer of one client for as long as the client lives.
package struct CurlTransferID: Sendable, Hashable {
    let number: UInt64
}

/// What holds for every transfer of a client.
package struct CurlConfiguration: Sendable {
    /// Names the thread, for instance `shadow`.
    package var name: String
    /// Connections that are kept open while idle; more are closed, the oldest first.
    package var maximumIdleConnections: Int
    /// A PEM file of authorities to trust instead of the system's.
    package var certificateAuthorities: String?
    /// Whether `http_proxy`, `https_proxy` and `no_proxy` of the environment are used.
    ///
    /// Off by default: the bodies are other people's prompts, and a variable set for another purpose must not redirect them.
    package var usesEnvironmentProxy: Bool

    package init(
        name: String,
        maximumIdleConnections: Int = 64,
        certificateAuthorities: String? = nil,
        usesEnvironmentProxy: Bool = false
    ) {
        self.name = name
        self.maximumIdleConnections = maximumIdleConnections
        self.certificateAuthorities = certificateAuthorities
        self.usesEnvironmentProxy = usesEnvironmentProxy
    }
}

/// libcurl could not be set up: it is out of memory or of file descriptors.
package struct CurlSetupError: Error, CustomStringConvertible {
    package let description: String
}
