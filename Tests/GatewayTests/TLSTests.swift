import Foundation
import Gateway
import NIOCore
import NIOSSL
import TestSupport
import Testing
import Threads
import Vocabulary

/// A self-signed certificate for localhost, made by the openssl command.
private struct Certificate {
    private let temporary: TestFolder
    var folder: URL { temporary.url }
    var certificatePath: String { folder.appending(path: "cert.pem").path() }
    var keyPath: String { folder.appending(path: "key.pem").path() }

    static let openssl = ["/usr/bin/openssl", "/usr/local/bin/openssl"].first {
        FileManager.default.isExecutableFile(atPath: $0)
    }

    init(names: String = "DNS:localhost,IP:127.0.0.1", days: Int = 2) throws {
        temporary = try TestFolder()
        let process = Process()
        process.executableURL = URL(filePath: Self.openssl ?? "")
        process.arguments = [
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "\(days)",
            "-subj",
            "/CN=localhost", "-addext", "subjectAltName=\(names)", "-keyout", keyPath, "-out", certificatePath,
        ]
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
    }

    /// The files are there until then.
    func remove() { withExtendedLifetime(temporary) {} }

    /// Puts another's file, or this one's own again, in the place of one of the two.
    func replace(_ name: String, by other: Certificate, mode: Int = 0o600) throws {
        let data = try Data(contentsOf: other.folder.appending(path: name))
        let path = folder.appending(path: name)
        try data.write(to: path)
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path.path())
    }

    func client(_ limit: (inout TLSConfiguration) -> Void = { _ in }) throws -> NIOSSLContext {
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.trustRoots = .file(certificatePath)
        limit(&tls)
        return try NIOSSLContext(configuration: tls)
    }

    func server(_ limit: (inout TLSConfiguration) -> Void = { _ in }) throws -> NIOSSLContext {
        let chain = try NIOSSLCertificate.fromPEMFile(certificatePath).map { NIOSSLCertificateSource.certificate($0) }
        let key = try NIOSSLPrivateKey(file: keyPath, format: .pem)
        var tls = TLSConfiguration.makeServerConfiguration(certificateChain: chain, privateKey: .privateKey(key))
        limit(&tls)
        return try NIOSSLContext(configuration: tls)
    }
}

private let get = "GET / HTTP/1.1\r\nHost: x\r\n\r\n"
private let events = "3\r\nabc\r\n0\r\n\r\n"
private let stream = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + events

@Suite(.serialized, .enabled(if: Certificate.openssl != nil, "the openssl command is not here"))
struct TLSTests {
    @Test(.hangLimit)
    func `the listener and stable can both speak TLS, and connections are kept`() async throws {
        let certificate = try Certificate()
        defer { certificate.remove() }
        try await withGateway(
            threads: 1,
            upstreamTLS: try certificate.server(),
            configure: Configure { configuration, stable in
                stable.trustRootsPath = certificate.certificatePath
                configuration.tls = .init(certificatePath: certificate.certificatePath, keyPath: certificate.keyPath)
            }
        ) { stage async throws in
            let client = try await Wire.connect(port: stage.port, tls: try certificate.client())
            for _ in 0..<3 {
                try await client.send(get)
                #expect(try await client.message().text.contains("X-Forwarded-Proto: https\r\n"))
            }
            #expect(stage.upstream.connectionCount == 1)
            try await client.send("GET /last HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            #expect(try await client.message().status == 200)
            #expect(try await client.readToEnd().isEmpty)
        }
    }

    @Test(.hangLimit)
    func `a stream passes through TLS, and a client that hangs up is noticed`() async throws {
        let certificate = try Certificate()
        defer { certificate.remove() }
        let closed = Signal()
        let scripts: [[Step]] = [
            [
                .request, .send(stream), .request, .send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"),
                .awaitClose, .fire(closed),
            ]
        ]
        try await withGateway(
            upstream: scripts,
            threads: 1,
            upstreamTLS: try certificate.server(),
            configure: Configure { configuration, stable in
                stable.trustRootsPath = certificate.certificatePath
                configuration.tls = .init(certificatePath: certificate.certificatePath, keyPath: certificate.keyPath)
            }
        ) { stage async throws in
            let client = try await Wire.connect(port: stage.port, tls: try certificate.client())
            try await client.send(get)
            #expect(try await client.message().raw == Array(events.utf8))
            try await client.send(get)
            try await client.read(through: "half")
            await client.close()
            await closed.wait()
            await stage.tap.wait { $0.answers.last?.end == .clientCancelled }
        }
    }

    @Test(.hangLimit)
    func `clients that take no part in a close, or never finished their handshake, do not hold up a stop`() async throws
    {
        let certificate = try Certificate()
        defer { certificate.remove() }
        // NIOSSL's own patience is five seconds, each time; a busy machine is not that slow three times.
        var time = Duration.seconds(5)
        for _ in 0..<3 where time >= .seconds(4) { time = try await timeOfStop(certificate) }
        #expect(time < .seconds(4))
    }

    /// How long a gateway takes to stop before such clients.
    private func timeOfStop(_ certificate: Certificate) async throws -> Duration {
        try await withGateway(
            threads: 1,
            configure: Configure {
                $0.tls = .init(certificatePath: certificate.certificatePath, keyPath: certificate.keyPath)
            }
        ) { stage async throws in
            let silent = try await Wire.connect(port: stage.port)
            let halfway = try await Wire.connect(port: stage.port)
            // The beginning of a record that holds a ClientHello.
            try await halfway.send([0x16, 0x03, 0x01, 0x02, 0x00])
            let deaf = try await Wire.connect(port: stage.port, tls: try certificate.client())
            try await deaf.send(get)
            #expect(try await deaf.message().status == 200)
            try await deaf.channel.setOption(.autoRead, value: false).get()
            let began = ContinuousClock.now
            await stage.gateway.stop(within: .milliseconds(50))
            let time = ContinuousClock.now - began
            for client in [silent, halfway, deaf] { await client.close() }
            return time
        }
    }

    @Test(.hangLimit, arguments: [true, false])
    func `a stable whose certificate is not trusted, or for another name, is never spoken to`(
        _ trusted: Bool
    ) async throws {
        let certificate = try Certificate(names: trusted ? "DNS:other.example" : "DNS:localhost")
        defer { certificate.remove() }
        try await withGateway(
            upstreamTLS: try certificate.server(),
            configure: Configure { _, stable in
                if trusted { stable.trustRootsPath = certificate.certificatePath }
            }
        ) { stage async throws in
            let answer = try await stage.ask("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 6\r\n\r\nsecret")
            #expect(answer.status == 502)
            #expect(stage.upstream.requests.isEmpty)
        }
    }

    @Test(.hangLimit)
    func `a stable that never finishes the handshake is a 504`() async throws {
        let certificate = try Certificate()
        defer { certificate.remove() }
        try await withGateway(
            upstream: [[.stopReading, .wait(Signal())]],
            configure: Configure { configuration, stable in
                stable.url.isTLS = true
                configuration.connectTimeout = .milliseconds(200)
            }
        ) { stage async throws in
            let answer = try await stage.ask(get)
            #expect(answer.status == 504)
            #expect(answer.text.contains("upstream_connect_timeout"))
        }
    }

    @Test(.hangLimit)
    func `a body waits at its client while the handshake with stable lasts`() async throws {
        final class Notes: Sendable {
            let isSent = Locked(false)
            /// Whether it was when the gateway gave up on stable.
            let wasSentBefore = Locked<Bool?>(nil)
        }
        let notes = Notes()
        // More than the kernel takes on both sides of a connection.
        let body = [UInt8](repeating: 0x78, count: 30 << 20)
        try await withGateway(
            upstream: [[.stopReading, .wait(Signal())]],
            tap: RecordingTap(whenFinished: {
                let isSent = notes.isSent.withLock { $0 }
                notes.wasSentBefore.withLock { $0 = isSent }
            }),
            configure: Configure { configuration, stable in
                stable.url.isTLS = true
                configuration.connectTimeout = .seconds(2)
            }
        ) { stage async throws in
            let client = try await stage.client()
            async let upload: Void = {
                try await client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: \(body.count)\r\n\r\n")
                try await client.send(body)
                notes.isSent.withLock { $0 = true }
            }()
            #expect(try await client.message().status == 504)
            #expect(notes.wasSentBefore.withLock { $0 } == false)
            await client.close()
            try? await upload
        }
    }

    @Test(.hangLimit)
    func `a certificate that cannot be read is one sentence with its path`() async throws {
        let error = await #expect(throws: GatewayError.self) {
            try await withGateway(
                threads: 1,
                configure: Configure { configuration in
                    configuration.tls = .init(certificatePath: "/nowhere/cert.pem", keyPath: "/nowhere/key.pem")
                }
            ) { _ in }
        }
        #expect(error?.description.contains("/nowhere/cert.pem") == true)
    }

    // MARK: What is asked of TLS

    private static let cases: [(name: String, isGood: Bool, limit: @Sendable (inout TLSConfiguration) -> Void)] = [
        ("1.0", false, { $0.maximumTLSVersion = .tlsv1 }), ("1.1", false, { $0.maximumTLSVersion = .tlsv11 }),
        ("1.2", true, { $0.maximumTLSVersion = .tlsv12 }), ("1.3", true, { $0.minimumTLSVersion = .tlsv13 }),
        (
            "1.2 with CBC", false,
            {
                $0.maximumTLSVersion = .tlsv12
                $0.cipherSuiteValues = [.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA]
            }
        ),
        (
            "1.2 with RSA's own key", false,
            {
                $0.maximumTLSVersion = .tlsv12
                $0.cipherSuiteValues = [.TLS_RSA_WITH_AES_128_GCM_SHA256]
            }
        ),
        (
            "1.2 with AES-256", true,
            {
                $0.maximumTLSVersion = .tlsv12
                $0.cipherSuiteValues = [.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384]
            }
        ),
        (
            "1.2 with ChaCha20", true,
            {
                $0.maximumTLSVersion = .tlsv12
                $0.cipherSuiteValues = [.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256]
            }
        ),
    ]

    @Test(.hangLimit)
    func `clients are met with TLS 1.2 at least, and with suites of forward secrecy that authenticate`() async throws {
        let certificate = try Certificate()
        defer { certificate.remove() }
        try await withGateway(
            threads: 1,
            configure: Configure { configuration in
                configuration.tls = .init(certificatePath: certificate.certificatePath, keyPath: certificate.keyPath)
            }
        ) { stage async throws in
            for (name, isGood, limit) in Self.cases {
                let answer = try await Self.answer(stage, try certificate.client(limit))
                #expect((answer?.status == 200) == isGood, "\(name)")
            }
        }
    }

    @Test(.hangLimit)
    func `stable is asked for the same`() async throws {
        let certificate = try Certificate()
        defer { certificate.remove() }
        for (name, isGood, limit) in Self.cases {
            try await withGateway(
                threads: 1,
                upstreamTLS: try certificate.server(limit),
                configure: Configure { $1.trustRootsPath = certificate.certificatePath }
            ) { stage async throws in
                #expect(try await stage.ask(get).status == (isGood ? 200 : 502), "\(name)")
            }
        }
    }

    @Test(.hangLimit)
    func `TLS follows the upstream, and a router that cannot be followed changes nothing`() async throws {
        let certificate = try Certificate()
        defer { certificate.remove() }
        let server = ScriptedUpstream([[.echoForEver]])
        let port = try await server.start(tls: try certificate.server())
        let url = try ServerURL("https://localhost:\(port)")
        var other = Upstream(Upstream.Name("second"), version: "v1.2.0", url: url)
        try await withGateway(threads: 1) { stage async throws in
            other.trustRootsPath = "/nowhere/roots.pem"
            let refused = other
            let error = await #expect(throws: GatewayError.self) {
                try await stage.gateway.route(by: EveryoneTo(refused))
            }
            #expect(error?.description.contains("/nowhere/roots.pem") == true)
            #expect(try await stage.ask(get).field("X-Model-Version") == "v1.1.0")
            other.trustRootsPath = certificate.certificatePath
            try await stage.gateway.route(by: EveryoneTo(other))
            for _ in 0..<2 { #expect(try await stage.ask(get).field("X-Model-Version") == "v1.2.0") }
            #expect(server.connectionCount == 1 && stage.upstream.connectionCount == 1)
        }
        await server.stop()
    }

    // MARK: Renewal

    @Test(.hangLimit)
    func `a renewed certificate is used for new connections, and one that does not work changes nothing`() async throws
    {
        let (first, second) = (try Certificate(), try Certificate(days: 30))
        defer {
            first.remove()
            second.remove()
        }
        try await withGateway(
            threads: 1,
            configure: Configure { configuration in
                configuration.tls = .init(certificatePath: first.certificatePath, keyPath: first.keyPath)
            }
        ) { stage async throws in
            let old = try first.client()
            let kept = try await Wire.connect(port: stage.port, tls: old)
            try await kept.send(get)
            #expect(try await kept.message().status == 200)

            // Half of the pair: the key is another's.
            try first.replace("cert.pem", by: second)
            let mismatch = #expect(throws: GatewayError.self) { try stage.gateway.readCertificate() }
            #expect(mismatch?.description.contains("is not this certificate's") == true)
            #expect(try await Self.answer(stage, old)?.status == 200)

            try first.replace("key.pem", by: second, mode: 0o640)
            let loose = #expect(throws: GatewayError.self) { try stage.gateway.readCertificate() }
            #expect(loose?.description.contains("run: chmod 600 \(first.keyPath)") == true)
            #expect(try await Self.answer(stage, old)?.status == 200)

            try first.replace("key.pem", by: second)
            let certificate = try #require(try stage.gateway.readCertificate())
            let days = (Double(certificate.expires) - Date().timeIntervalSince1970) / 86_400
            #expect((29...30).contains(days))
            #expect(try await Self.answer(stage, old) == nil)
            #expect(try await Self.answer(stage, try second.client())?.status == 200)
            // What was there before goes on.
            try await kept.send(get)
            #expect(try await kept.message().status == 200)
            await kept.close()
        }
    }

    @Test(.hangLimit, arguments: [0o644, 0o640, 0o604, 0o602])
    func `a private key that others may read is refused at the start`(_ mode: Int) async throws {
        let certificate = try Certificate()
        defer { certificate.remove() }
        try certificate.replace("key.pem", by: certificate, mode: mode)
        let error = await #expect(throws: GatewayError.self) {
            try await withGateway(
                threads: 1,
                configure: Configure { configuration in
                    configuration.tls = .init(
                        certificatePath: certificate.certificatePath,
                        keyPath: certificate.keyPath
                    )
                }
            ) { _ in }
        }
        #expect(error?.description.contains("run: chmod 600 \(certificate.keyPath)") == true)
    }

    /// The answer to a request over TLS; nil where no connection comes about.
    private static func answer(_ stage: Stage, _ tls: NIOSSLContext) async throws -> Wire.Message? {
        do {
            let client = try await Wire.connect(port: stage.port, tls: tls)
            try await client.send(get)
            let answer = try await client.message()
            await client.close()
            return answer
        } catch {
            return nil
        }
    }
}
