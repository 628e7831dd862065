import CurlClient
import Foundation
import TestSupport
import Testing

/// TLS against `openssl s_server` with a certificate that it signed itself.
@Suite(
    .hangLimit,
    .enabled(if: OpenSSLServer.isAvailable, "the openssl command is not installed")
)
struct TLSTests {
    @Test func `a server is believed only if its authority is`() async throws {
        let server = try OpenSSLServer()
        let trusting = try CurlClient(CurlConfiguration(name: "trusting", certificateAuthorities: server.certificate))
        let answered = await trusting.play(CurlRequest(method: "GET", url: server.url))
        #expect(answered.outcome == .ok)
        #expect(answered.result?.status == 200)
        #expect(answered.result?.timings.tlsHandshake ?? .zero > .zero)
        let strict = try CurlClient(CurlConfiguration(name: "strict"))
        #expect(await strict.play(CurlRequest(method: "GET", url: server.url)).outcome == .connectFailed)
        // The certificate names 127.0.0.1 and nothing else.
        let wrongName = server.url.replacing("127.0.0.1", with: "localhost")
        #expect(await trusting.play(CurlRequest(method: "GET", url: wrongName)).outcome == .connectFailed)
    }

    @Test(arguments: [
        (["-tls1_1", "-cipher", "ALL:@SECLEVEL=0"], false), (["-tls1_2", "-cipher", "AES128-GCM-SHA256"], false),
        (["-tls1_2", "-cipher", "ECDHE-RSA-AES128-SHA256"], false),
        (["-tls1_2", "-cipher", "DHE-RSA-AES128-SHA256"], false),
        (["-tls1_2", "-cipher", "ECDHE-RSA-AES128-GCM-SHA256"], true),
        (["-tls1_2", "-cipher", "ECDHE-RSA-CHACHA20-POLY1305"], true), (["-tls1_3"], true),
    ])
    func `TLS 1.2 at least is spoken, and suites of forward secrecy that authenticate`(
        _ limits: [String],
        _ isGood: Bool
    ) async throws {
        let server = try OpenSSLServer(limits: limits)
        let client = try CurlClient(CurlConfiguration(name: "floor", certificateAuthorities: server.certificate))
        let answered = await client.play(CurlRequest(method: "GET", url: server.url))
        #expect(answered.outcome == (isGood ? .ok : .connectFailed))
    }

    @Test func `a server that is killed in the middle of its answer has cut it`() async throws {
        let server = try OpenSSLServer(answering: "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
        let client = try CurlClient(CurlConfiguration(name: "cut", certificateAuthorities: server.certificate))
        let pid = server.pid
        let answered = await client.play(CurlRequest(method: "GET", url: server.url)) { event in
            if case .bytes = event { kill(pid, SIGKILL) }
        }
        #expect(answered.text == "half")
        #expect(answered.outcome == .truncated)
    }
}

/// A TLS server in a process of its own, which ends with this object.
final class OpenSSLServer {
    static let path = "/usr/bin/openssl"
    static var isAvailable: Bool { FileManager.default.isExecutableFile(atPath: path) }

    let url: String
    let certificate: String
    private let folder: TestFolder
    private let process = Process()
    private let said = Pipe()
    private let output = Pipe()

    var pid: Int32 { process.processIdentifier }

    /// Listens; says `text` to a client, once, or (nil) a page about itself to each.
    ///
    /// - Parameters:
    ///   - text: what is said.
    ///   - limits: what of TLS it speaks, as options of openssl-s_server(1).
    /// - Throws: Where openssl cannot be started.
    init(answering text: String? = nil, limits: [String] = []) throws {
        folder = try TestFolder()
        let key = folder.path + "/key.pem"
        certificate = folder.path + "/certificate.pem"
        let request = Process()
        request.executableURL = URL(filePath: Self.path)
        request.arguments = [
            "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", certificate, "-days", "1",
            "-subj", "/CN=understudy test", "-addext", "subjectAltName=IP:127.0.0.1",
        ]
        request.standardError = FileHandle.nullDevice
        try request.run()
        request.waitUntilExit()
        process.executableURL = URL(filePath: Self.path)
        process.arguments = ["s_server", "-accept", "127.0.0.1:0", "-key", key, "-cert", certificate]
        process.arguments? += (text == nil ? ["-www"] : []) + limits
        if let text {
            process.standardInput = said
            try said.fileHandleForWriting.write(contentsOf: Data(text.utf8))
        } else {
            process.standardInput = FileHandle.nullDevice
        }
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        // It says ACCEPT and its address once it listens, and afterwards less than a pipe holds.
        var words = ""
        while !words.contains(/ACCEPT .*:\d+\n/) {
            let more = output.fileHandleForReading.availableData
            guard !more.isEmpty else { throw POSIXError(.ECONNREFUSED) }
            words += String(decoding: more, as: UTF8.self)
        }
        let port = words.firstMatch(of: /ACCEPT .*:(\d+)\n/)?.1 ?? ""
        url = "https://127.0.0.1:\(port)/"
    }

    deinit {
        // Foundation starts children with SIGTERM blocked.
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }
}
