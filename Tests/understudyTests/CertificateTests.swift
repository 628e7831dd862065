import Foundation
import TestSupport
import Testing

/// The listener's certificate, from the start over its renewal to its end.
@Suite(.hangLimit, .serialized, .enabled(if: Openssl.path != nil, "the openssl command is not here"))
struct CertificateTests {
    /// Runs `serve` with TLS before a stable that nobody asks.
    private func withServing(
        days: Int,
        keyMode: Int = 0o600,
        _ body: (RunningCommand, URL) async throws -> Void
    ) async throws {
        try await withFolder { folder in
            try Openssl.makeCertificate(in: folder, days: days)
            try FileManager.default.setAttributes(
                [.posixPermissions: keyMode],
                ofItemAtPath: folder.appendingPathComponent("key.pem").path
            )
            let config = try folder.file(
                "understudy.yaml",
                """
                listen: 127.0.0.1:0
                console: 127.0.0.1:0
                store: "\(folder.appendingPathComponent("s.sqlite").path)"
                stable: { model: m, version: v1.0.0, url: "http://127.0.0.1:9" }
                shadow: { model: m, version: v1.0.1, url: "http://127.0.0.1:9" }
                tls: { certificate: "\(folder.path)/cert.pem", key: "\(folder.path)/key.pem" }
                """
            )
            try await body(try RunningCommand(["serve", "--config", config]), folder)
        }
    }

    @Test func `a renewal is taken at SIGHUP and said, and what does not work changes nothing`() async throws {
        try await withServing(days: 90) { serve, folder in
            #expect(await serve.line(beginning: "gateway on https://") != nil)
            let key = folder.appendingPathComponent("key.pem").path

            try Openssl.makeCertificate(in: folder, days: 200)
            try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: key)
            serve.signal(SIGHUP)
            let refused = await serve.complaint(containing: "SIGHUP: the certificate in force stays:")
            #expect(refused?.contains("run: chmod 600 \(key)") == true)

            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: key)
            serve.signal(SIGHUP)
            let day = Date(timeIntervalSinceNow: 200 * 86_400).formatted(.iso8601.year().month().day())
            let renewed = await serve.complaint(containing: "SIGHUP: a renewed certificate is in force")
            #expect(renewed?.hasSuffix("it expires on \(day).") == true)

            // What is not renewed is not called so.
            try FileManager.default.removeItem(atPath: key)
            serve.signal(SIGHUP)
            #expect(await serve.complaint(containing: "there is no such file") != nil)
            serve.signal(SIGTERM)
            #expect(await serve.ended() == 0)
            #expect(serve.transcript.components(separatedBy: "renewed certificate").count == 2)
            #expect(!serve.transcript.contains("The certificate expires"))
        }
    }

    @Test func `a certificate that expires within three weeks is warned of at the start`() async throws {
        try await withServing(days: 20) { serve, _ in
            let warning = await serve.complaint(containing: "The certificate expires on ")
            #expect(warning?.contains("in 19 days; renew it and send SIGHUP.") == true)
            serve.signal(SIGTERM)
            #expect(await serve.ended() == 0)
        }
    }

    @Test func `a key that others may read stops the start with the remedy`() async throws {
        try await withServing(days: 90, keyMode: 0o640) { serve, folder in
            let key = folder.appendingPathComponent("key.pem").path
            let refusal = await serve.complaint(containing: "The private key \(key) can be read by others (mode 640)")
            #expect(refusal?.contains("run: chmod 600 \(key).") == true)
            #expect(await serve.ended() == 74)
        }
    }
}

private enum Openssl {
    static let path = ["/usr/bin/openssl", "/usr/local/bin/openssl"].first {
        FileManager.default.isExecutableFile(atPath: $0)
    }

    /// A self-signed certificate for localhost, `cert.pem` and `key.pem`.
    static func makeCertificate(in folder: URL, days: Int) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path ?? "")
        process.arguments = [
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "\(days)",
            "-subj",
            "/CN=localhost", "-keyout", folder.path + "/key.pem", "-out", folder.path + "/cert.pem",
        ]
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
    }
}
