import CoreMetrics

/// Metrics of the listener's certificate.
package enum CertificateInstrument {
    /// Shows when it expires, in seconds of Unix time.
    package static func show(expires: Int, in registry: PrometheusRegistry) {
        Meter(label: "understudy_certificate_expires_seconds", factory: registry).set(expires)
    }
}
