import CurlClient
import Foundation
import Testing

/// TLS against `openssl s_server` with a certificate that it signed itself.
@Suite(
    .timeLimit(.minutes(5)),
    .enabled(if: OpenSSLServer.isAvailable, "the openssl command is not installed")
)
struct TLSTests {
    @Test func `a server is believed only if its authority is`() async throws {
        let server = try OpenSSLServer()
        let trusting = try CurlClient(CurlConfiguration(name: "trusting", certificateAuthorities: server.certificate))
        // Until it listens, connections are refused.
        var answered = Recording()
        while answered.outcome != .ok, !Task.isCancelled {
            answered = await trusting.play(CurlRequest(method: "GET", url: server.url))
        }
        #expect(answered.result?.status == 200)
        #expect(answered.result?.timings.tlsHandshake ?? .zero > .zero)
        let strict = try CurlClient(CurlConfiguration(name: "strict"))
        #expect(await strict.play(CurlRequest(method: "GET", url: server.url)).outcome == .connectFailed)
        // The certificate names 127.0.0.1 and nothing else.
        let wrongName = server.url.replacing("127.0.0.1", with: "localhost")
        #expect(await trusting.play(CurlRequest(method: "GET", url: wrongName)).outcome == .connectFailed)
    }

    @Test func `a server that is killed in the middle of its answer has cut it`() async throws {
        let server = try OpenSSLServer(answering: "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
        let client = try CurlClient(CurlConfiguration(name: "cut", certificateAuthorities: server.certificate))
        let pid = server.pid
        var answered = Recording()
        // Until it listens, connections are refused.
        while answered.head == nil, !Task.isCancelled {
            answered = await client.play(CurlRequest(method: "GET", url: server.url)) { event in
                if case .bytes = event { kill(pid, SIGKILL) }
            }
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
    private let folder: URL
    private let process = Process()
    private let said = Pipe()

    var pid: Int32 { process.processIdentifier }

    /// Says `text` to a client, once; nil: a page about itself, to each.
    ///
    /// - Throws: Where openssl cannot be started.
    init(answering text: String? = nil) throws {
        folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let key = folder.appending(path: "key.pem").path
        certificate = folder.appending(path: "certificate.pem").path
        let request = Process()
        request.executableURL = URL(filePath: Self.path)
        request.arguments = [
            "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", certificate, "-days", "1",
            "-subj", "/CN=understudy test", "-addext", "subjectAltName=IP:127.0.0.1",
        ]
        request.standardError = FileHandle.nullDevice
        try request.run()
        request.waitUntilExit()
        let port = try LoopbackServer.refusingPort()
        url = "https://127.0.0.1:\(port)/"
        process.executableURL = URL(filePath: Self.path)
        process.arguments = ["s_server", "-accept", "127.0.0.1:\(port)", "-key", key, "-cert", certificate]
        process.arguments?.append(text == nil ? "-www" : "-quiet")
        if let text {
            process.standardInput = said
            try said.fileHandleForWriting.write(contentsOf: Data(text.utf8))
        } else {
            process.standardInput = FileHandle.nullDevice
        }
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
    }

    deinit {
        // Foundation starts children with SIGTERM blocked.
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        try? FileManager.default.removeItem(at: folder)
    }
}
