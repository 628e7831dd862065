import Console
import Gateway
import ServiceLifecycle

/// Shows once a second in the metrics who is connected to the gateway.
struct ClientWatch: Service {
    let admission: Admission
    let registry: PrometheusRegistry

    func run() async throws {
        let instruments = ClientInstruments(registry: registry)
        var before = AdmissionFigures()
        func show() {
            let now = admission.figures
            instruments.show(
                open: now.open,
                limit: now.limit,
                newPauses: now.pauses - before.pauses,
                newFailures: now.failures - before.failures,
                newRefused: now.refusedByAddress - before.refusedByAddress
            )
            before = now
        }
        show()
        for await _ in SecondTicks().cancelOnGracefulShutdown() { show() }
    }
}
