import Console
import Foundation
import Gateway
import Logging
import ServiceLifecycle

/// The listener's certificate: read at the start, again at SIGHUP, and looked at once a day.
///
/// A pair of files that does not work never replaces the one in force. Without TLS all of this does nothing.
final class CertificateBox: Service {
    private let gateway: GatewayServer
    private let registry: PrometheusRegistry
    private let logger: Logger

    private static let dayInSeconds = 86_400

    init(gateway: GatewayServer, registry: PrometheusRegistry, logger: Logger) {
        self.gateway = gateway
        self.registry = registry
        self.logger = logger
    }

    /// The gateway has started with what it found.
    func begin() {
        show()
    }

    /// Reads the files again; says what is in force then, or why they changed nothing.
    func renew() {
        do {
            let before = gateway.certificate
            guard let certificate = try gateway.readCertificate() else { return }
            if certificate != before {
                let day = CertificateAge(of: certificate, at: Date()).day
                logger.notice("SIGHUP: a renewed certificate is in force for new connections; it expires on \(day).")
            }
            show()
        } catch {
            logger.error("SIGHUP: the certificate in force stays: \(error)")
        }
    }

    /// Says once a day when it is about to expire.
    func run() async throws {
        var second = 0
        for await _ in SecondTicks().cancelOnGracefulShutdown() {
            second += 1
            if second.isMultiple(of: Self.dayInSeconds) { warn() }
        }
    }

    func statusRows(now: Date) -> [StatusRow] {
        guard let certificate = gateway.certificate else { return [] }
        let age = CertificateAge(of: certificate, at: now)
        return [StatusRow(name: "certificate", value: "expires on \(age.day)", isAlarming: age.warning != nil)]
    }

    private func show() {
        guard let certificate = gateway.certificate else { return }
        CertificateInstrument.show(expires: certificate.expires, in: registry)
        warn()
    }

    private func warn() {
        guard let certificate = gateway.certificate else { return }
        if let warning = CertificateAge(of: certificate, at: Date()).warning { logger.warning("\(warning)") }
    }
}

/// How long a certificate holds, in words.
struct CertificateAge {
    /// Its last day, in UTC.
    let day: String
    /// What to do about it; nil while there is time.
    let warning: String?

    private static let noticeInDays = 21

    init(of certificate: ListenerCertificate, at now: Date) {
        let expires = Date(timeIntervalSince1970: Double(certificate.expires))
        day = expires.formatted(.iso8601.year().month().day())
        let days = Int((expires.timeIntervalSince(now) / 86_400).rounded(.down))
        if days < 0 {
            warning = "The certificate expired on \(day), and clients refuse it; renew it and send SIGHUP."
        } else if days < Self.noticeInDays {
            warning = "The certificate expires on \(day), in \(days) days; renew it and send SIGHUP."
        } else {
            warning = nil
        }
    }
}
