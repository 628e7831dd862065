import Configuration
import JSON
import NIOCore
import Testing
import Vocabulary

@testable import Gateway
@testable import Serving

/// The configuration file in the gateway's terms.
struct GatewayAssemblyTests {
    private let stable = StableConfiguration(
        model: "m",
        version: "v1",
        url: ServerURL(isTLS: false, host: "127.0.0.1", port: 1),
        connectTimeout: .seconds(3),
        timeout: .seconds(44)
    )

    private func gateway(
        _ configuration: UnderstudyConfiguration = UnderstudyConfiguration(),
        clients: Int = 100,
        files: Int = 100_000
    ) -> GatewayConfiguration {
        GatewayConfiguration(
            serving: configuration,
            stable: stable,
            DescriptorBudget(
                limit: files,
                inUse: 10,
                loops: 1,
                otherLoops: 1,
                wishes: .init(clients: clients, shadowCalls: 8)
            )
        )
    }

    @Test func `an answer in the gateway's own name is an error as chat completions have it`() throws {
        let body = gateway().errorBody.bytes("upstream_error", "upstream_unreachable", "Stable cannot be reached.")
        let error = try #require(try JSON(parsing: body)["error"])
        #expect(error["type"] == "upstream_error")
        #expect(error["code"] == "upstream_unreachable")
        #expect(error["message"] == "Stable cannot be reached.")
        #expect(try JSON(parsing: body).objectValue?.members.map(\.key) == ["error"])
    }

    @Test func `limits and times are those of the file, and what stable has of its own is stable's`() {
        var configuration = UnderstudyConfiguration(
            listen: NetworkAddress(host: "127.0.0.2", port: 8_123),
            threads: 3,
            tls: TLSConfiguration(certificate: "c.pem", key: "k.pem")
        )
        configuration.limits.body = ByteSize(bytes: 1_234)
        configuration.limits.idleTimeout = .seconds(77)
        configuration.trustedProxies = ["10.0.0.0/8"]
        let gateway = gateway(configuration)
        #expect(gateway.host == "127.0.0.2")
        #expect(gateway.port == 8_123)
        #expect(gateway.threads == 3)
        #expect(gateway.bodyLimit == 1_234)
        #expect(gateway.idleTimeout == .seconds(77))
        #expect(gateway.connectTimeout == .seconds(3))
        #expect(gateway.answerIdleTimeout == .seconds(44))
        #expect(gateway.trustedProxies.count == 1)
        #expect(gateway.tls?.certificatePath == "c.pem")
        #expect(gateway.tls?.keyPath == "k.pem")
    }

    @Test func `a limit of files is named where it leaves room for fewer clients than the file allows`() {
        var configuration = UnderstudyConfiguration()
        configuration.limits.connections = 100
        #expect(gateway(configuration).fileLimit == nil)
        #expect(gateway(configuration).maximumConnections == 100)
        let few = gateway(configuration, files: 150)
        #expect(few.fileLimit == 150)
        #expect(few.maximumConnections < 100)
    }
}
