import CurlClient
import Foundation
import TestSupport
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
        await server.isListening()
        let answered = await client.play(CurlRequest(method: "GET", url: server.url))
        #expect(answered.outcome == (isGood ? .ok : .connectFailed))
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
    private let port: UInt16
    let certificate: String
    private let folder: URL
    private let process = Process()
    private let said = Pipe()

    var pid: Int32 { process.processIdentifier }

    /// Says `text` to a client, once; nil: a page about itself, to each.
    ///
    /// - Parameters:
    ///   - text: what is said.
    ///   - limits: what of TLS it speaks, as options of openssl-s_server(1).
    /// - Throws: Where openssl cannot be started.
    init(answering text: String? = nil, limits: [String] = []) throws {
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
        port = try LoopbackServer.refusingPort()
        url = "https://127.0.0.1:\(port)/"
        process.executableURL = URL(filePath: Self.path)
        process.arguments = ["s_server", "-accept", "127.0.0.1:\(port)", "-key", key, "-cert", certificate]
        process.arguments?.append(text == nil ? "-www" : "-quiet")
        process.arguments? += limits
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

    /// Returns once it takes connections.
    func isListening() async {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        while !Task.isCancelled {
            let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            defer { close(descriptor) }
            let result = withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
            if result == 0 { return }
            await Task.yield()
        }
    }

    deinit {
        // Foundation starts children with SIGTERM blocked.
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        try? FileManager.default.removeItem(at: folder)
    }
}
