import Foundation
import Gateway
import Locking
import NIOSSL
import Testing

/// A self-signed certificate for localhost, made by the openssl command.
private struct Certificate {
    let folder: URL
    var certificatePath: String { folder.appending(path: "cert.pem").path() }
    var keyPath: String { folder.appending(path: "key.pem").path() }

    static let openssl = ["/usr/bin/openssl", "/usr/local/bin/openssl"].first {
        FileManager.default.isExecutableFile(atPath: $0)
    }

    init(names: String = "DNS:localhost,IP:127.0.0.1") throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "understudy-tls-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let process = Process()
        process.executableURL = URL(filePath: Self.openssl ?? "")
        process.arguments = [
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj",
            "/CN=localhost", "-addext", "subjectAltName=\(names)", "-keyout", keyPath, "-out", certificatePath,
        ]
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
    }

    func remove() { try? FileManager.default.removeItem(at: folder) }

    func client() throws -> NIOSSLContext {
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.trustRoots = .file(certificatePath)
        return try NIOSSLContext(configuration: tls)
    }

    func server() throws -> NIOSSLContext {
        let chain = try NIOSSLCertificate.fromPEMFile(certificatePath).map { NIOSSLCertificateSource.certificate($0) }
        let key = try NIOSSLPrivateKey(file: keyPath, format: .pem)
        return try NIOSSLContext(
            configuration: .makeServerConfiguration(certificateChain: chain, privateKey: .privateKey(key))
        )
    }
}

private let get = "GET / HTTP/1.1\r\nHost: x\r\n\r\n"
private let events = "3\r\nabc\r\n0\r\n\r\n"
private let stream = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + events

@Suite(.serialized, .enabled(if: Certificate.openssl != nil, "the openssl command is not here"))
struct TLSTests {
    @Test(.timeLimit(.minutes(5)))
    func `the listener and stable can both speak TLS, and connections are kept`() async throws {
        let certificate = try Certificate()
        defer { certificate.remove() }
        try await withGateway(
            threads: 1,
            upstreamTLS: try certificate.server(),
            configure: Configure { configuration in
                configuration.upstreamTrustRootsPath = certificate.certificatePath
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

    @Test(.timeLimit(.minutes(5)))
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
            configure: Configure { configuration in
                configuration.upstreamTrustRootsPath = certificate.certificatePath
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

    @Test(.timeLimit(.minutes(5)), arguments: [true, false])
    func `a stable whose certificate is not trusted, or for another name, is never spoken to`(
        _ trusted: Bool
    ) async throws {
        let certificate = try Certificate(names: trusted ? "DNS:other.example" : "DNS:localhost")
        defer { certificate.remove() }
        try await withGateway(
            upstreamTLS: try certificate.server(),
            configure: Configure { configuration in
                if trusted { configuration.upstreamTrustRootsPath = certificate.certificatePath }
            }
        ) { stage async throws in
            let answer = try await stage.ask("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 6\r\n\r\nsecret")
            #expect(answer.status == 502)
            #expect(stage.upstream.requests.isEmpty)
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `a stable that never finishes the handshake is a 504`() async throws {
        let certificate = try Certificate()
        defer { certificate.remove() }
        try await withGateway(
            upstream: [[.stopReading, .wait(Signal())]],
            configure: Configure { configuration in
                configuration.upstream.isTLS = true
                configuration.connectTimeout = .milliseconds(200)
            }
        ) { stage async throws in
            let answer = try await stage.ask(get)
            #expect(answer.status == 504)
            #expect(answer.text.contains("upstream_connect_timeout"))
        }
    }

    @Test(.timeLimit(.minutes(5)))
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
            configure: Configure { configuration in
                configuration.upstream.isTLS = true
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

    @Test(.timeLimit(.minutes(5)))
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
}
