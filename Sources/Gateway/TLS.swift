// The TLS settings of both sides, and the listener's certificate.
//
// What: TLS 1.2 at least, and within 1.2 only suites with forward secrecy and authenticated encryption (RFC 9325 sections 3.1.1
// and 4.2); 1.3 has no others. NIOSSL's own floor is 1.0, with suites that have neither.
// The listener's files are read at the start and on request; a pair of files that does not work never replaces one that does.
// A key that others may read is refused: someone who has read it can pose as this gateway, and a later change of its mode does
// not undo that.
// Limits: existing connections stay with the certificate that they were made with.

import NIOCore
import NIOSSL
import Vocabulary

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// The certificate for new connections of clients.
package struct ListenerCertificate: Equatable, Sendable {
    /// When it expires, in seconds of Unix time.
    package let expires: Int
    /// Tells one certificate from another.
    package let serialNumber: [UInt8]
}

enum TLS {
    /// For TLS 1.2, the strongest first; those of 1.3 are always there.
    private static let suites: [NIOTLSCipher] = [
        .TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, .TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
        .TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, .TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
        .TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256, .TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
    ]
    /// The wait for the other side's part of a close.
    ///
    /// Nothing depends on it, and a stop should not spend its time on it.
    private static let closePatience = TimeAmount.milliseconds(200)
    /// A longer file is not read as a certificate chain.
    private static let fileLimit = 1 << 20

    private static func harden(_ tls: inout TLSConfiguration) {
        tls.minimumTLSVersion = .tlsv12
        tls.cipherSuiteValues = suites
        tls.applicationProtocols = ["http/1.1"]
        tls.shutdownTimeout = closePatience
    }

    /// The TLS context of connections to an upstream.
    ///
    /// - Throws: `GatewayError`.
    static func upstream(_ upstream: Upstream) throws -> NIOSSLContext {
        var tls = TLSConfiguration.makeClientConfiguration()
        harden(&tls)
        guard let path = upstream.trustRootsPath else { return try NIOSSLContext(configuration: tls) }
        do {
            tls.trustRoots = .certificates(try NIOSSLCertificate.fromPEMFile(path))
            return try NIOSSLContext(configuration: tls)
        } catch {
            throw GatewayError.unreadableTrustRoots(path: path, reason: "\(error)")
        }
    }

    /// The TLS context of client connections.
    ///
    /// - Throws: `GatewayError`.
    static func listener(_ files: GatewayConfiguration.TLS) throws -> (NIOSSLContext, ListenerCertificate) {
        func bad(_ path: String, _ reason: String) -> GatewayError {
            .unreadableCertificate(path: path, reason: reason)
        }
        let chain: [NIOSSLCertificate]
        let certificateBytes = try read(files.certificatePath, isKey: false)
        do {
            chain = try NIOSSLCertificate.fromPEMBytes(certificateBytes)
        } catch {
            throw bad(files.certificatePath, "it holds no PEM certificate")
        }
        guard let leaf = chain.first else { throw bad(files.certificatePath, "it holds no PEM certificate") }
        let keyBytes = try read(files.keyPath, isKey: true)
        let key: NIOSSLPrivateKey
        do {
            key = try NIOSSLPrivateKey(bytes: keyBytes, format: .pem)
        } catch {
            throw bad(files.keyPath, "it holds no PEM private key without a passphrase")
        }
        var tls = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) },
            privateKey: .privateKey(key)
        )
        harden(&tls)
        do {
            let context = try NIOSSLContext(configuration: tls)
            return (context, ListenerCertificate(expires: leaf.notValidAfter, serialNumber: leaf.serialNumber))
        } catch {
            throw bad(files.certificatePath, "the key at \(files.keyPath) is not this certificate's")
        }
    }

    /// The bytes of a file; a key must be accessible to its owner only.
    private static func read(_ path: String, isKey: Bool) throws -> [UInt8] {
        // Opening a FIFO would wait for a writer.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            throw GatewayError.unreadableCertificate(path: path, reason: systemError(errno))
        }
        defer { close(descriptor) }
        // Of the open file, so that nothing can change between check and read.
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw GatewayError.unreadableCertificate(path: path, reason: "it is no regular file")
        }
        if isKey, status.st_mode & 0o077 != 0 {
            throw GatewayError.looseKey(path: path, mode: String(status.st_mode & 0o777, radix: 8))
        }
        guard status.st_size <= fileLimit else {
            throw GatewayError.unreadableCertificate(path: path, reason: "it has more than \(fileLimit) bytes")
        }
        var bytes = [UInt8](repeating: 0, count: fileLimit)
        var length = 0
        while length < bytes.count {
            let count = bytes.withUnsafeMutableBytes { buffer in
                pread(descriptor, buffer.baseAddress?.advanced(by: length), buffer.count - length, off_t(length))
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else {
                throw GatewayError.unreadableCertificate(path: path, reason: systemError(errno))
            }
            if count == 0 { break }
            length += count
        }
        return Array(bytes[..<length])
    }

    private static func systemError(_ code: CInt) -> String {
        code == ENOENT ? "there is no such file" : String(cString: strerror(code))
    }
}
