import Vocabulary

/// The table of the file's keys, in the order of the file format.
///
/// A group's members are found by reflection (``entries``), so that a key is listed once: where it is declared.
package struct ConfigurationKeys: Sendable {
    package static let keys = ConfigurationKeys()

    let listen = DefaultedKey<NetworkAddress>(
        "listen",
        .address(example: "127.0.0.1:8080"),
        default: NetworkAddress(host: "127.0.0.1", port: 8080),
        "Where user traffic comes in."
    )
    let console = ConsoleKeys()
    let threads = DefaultedKey<Int>(
        "threads",
        .whole("the number of event loops", in: 1...1024, example: 2),
        default: UnderstudyConfiguration.defaultThreads,
        shownAs: "the machine's cores",
        unit: "event loops",
        "Event loops for user traffic."
    )
    let store = StoreKeys()
    let keyFile = Key<String>(
        "key_file",
        .text("a path", example: "understudy.key"),
        "The key of prompt hashes, sampling and blinding; where it is not said, the store's path with `.key` for its "
            + "extension."
    )
    let limits = LimitsKeys()
    let trustedProxies = ScalarListKey<String>(
        "trusted_proxies",
        .addressRange(example: "10.0.0.0/8"),
        of: "addresses and ranges",
        example: "[10.0.0.0/8, 192.0.2.1]",
        "Proxies before the gateway whose X-Forwarded-Proto, -Host, X-Real-IP and the like are passed on; from anybody "
            + "else they are replaced or dropped."
    )
    let tls = TLSKeys()
    let experiment = ExperimentKeys()
    let stable = StableKeys()
    let shadow = ShadowKeys()
    let sampling = SamplingKeys()
    let prompts = PromptsKeys()
    let intents = IntentKeys()
    let minShare = DefaultedKey<Double>(
        "min_share",
        .number("a share of the traffic", example: "0.02"),
        default: Declaration().minimumShare,
        "A class with less of the (weighted) traffic neither holds nor rejects."
    )
    let accept = AcceptKeys()
    let gates = GateKeys()
}

/// What of the operators' side can be said.
struct ConsoleKeys: Sendable {
    let address = DefaultedKey<NetworkAddress>(
        "console.address",
        .address(example: "127.0.0.1:9090"),
        default: NetworkAddress(host: "127.0.0.1", port: 9090),
        shortFormOf: "console",
        "Where operators come in."
    )
    let tokenVariable = DefaultedKey<String>(
        "console.token_env",
        .variableName,
        default: "UNDERSTUDY_TOKEN",
        "The variable that holds the bearer token, which is required off loopback, and for every change."
    )
}

/// Where pairs are kept, and how long.
struct StoreKeys: Sendable {
    private static let times = Duration.seconds(60) ... .seconds(36_500 * 86_400)

    let path = DefaultedKey<String>(
        "store.path",
        .text("a path", example: "understudy.sqlite"),
        default: "understudy.sqlite",
        shortFormOf: "store",
        "The SQLite file of the pairs."
    )
    let maxSize = DefaultedKey<ByteSize>(
        "store.max_size",
        .size(in: .mebibytes(1)...ByteSize(bytes: 1 << 50), example: "50GB"),
        default: .gigabytes(50),
        "Above it the oldest texts go first."
    )
    let textRetention = Key<Duration>(
        "store.text_retention",
        .duration(in: times, example: "90d"),
        "Answers' texts are deleted after it; without it only `max_size` does."
    )
    let figureRetention = Key<Duration>(
        "store.figure_retention",
        .duration(in: times, example: "400d"),
        "Whole pairs are deleted after it; without it they stay."
    )
}

/// What a client may send, and how long it may take.
struct LimitsKeys: Sendable {
    private static let times = Duration.milliseconds(100) ... .seconds(86_400)

    let header = DefaultedKey<ByteSize>(
        "limits.header",
        .size(in: .kibibytes(1) ... .mebibytes(16), example: "32KiB"),
        default: .kibibytes(32),
        "Request line and headers together."
    )
    let body = DefaultedKey<ByteSize>(
        "limits.body",
        .size(in: .kibibytes(1) ... .mebibytes(4096), example: "32MiB"),
        default: .mebibytes(32),
        "The largest request body; every smaller one is mirrored."
    )
    let idleTimeout = DefaultedKey<Duration>(
        "limits.idle_timeout",
        .duration(in: times, example: "75s"),
        default: .seconds(75),
        "An idle kept-alive connection is closed after it."
    )
    let headerTimeout = DefaultedKey<Duration>(
        "limits.header_timeout",
        .duration(in: times, example: "10s"),
        default: .seconds(10),
        "The request's head has to be complete within it."
    )
    let requestTimeout = DefaultedKey<Duration>(
        "limits.request_timeout",
        .duration(in: times, example: "10m"),
        default: .seconds(600),
        "The whole request has to be complete within it, the time in which stable takes no more not counted; a body must "
            + "also come at 240 bytes a second on average after 5 s."
    )
    let connections = DefaultedKey<Int>(
        "limits.connections",
        .whole("the number of clients at a time", in: 1...1_000_000, example: 8192),
        default: 8192,
        unit: "clients",
        "Clients at a time; the next ones wait until some leave."
    )
    let connectionsPerAddress = DefaultedKey<Int>(
        "limits.connections_per_address",
        .whole("the number of clients from one address, 0 for no limit,", in: 0...1_000_000, example: 64),
        default: 0,
        unit: "clients",
        "Clients at a time from one address, or from one IPv6 network of 64 bits, 0 for no limit; further ones are closed "
            + "at once."
    )
    let drain = DefaultedKey<Duration>(
        "limits.drain",
        .duration(in: .zero ... .seconds(3_600), example: "30s"),
        default: .seconds(30),
        "How long what is under way may take after SIGTERM; 2 s later the process has ended, whatever is left."
    )
}

/// The listener's certificate and key, both PEM files; without them plain HTTP is spoken.
struct TLSKeys: Sendable {
    let certificate = Key<String>(
        "tls.certificate",
        .text("a path", example: "cert.pem"),
        "The listener's certificate chain, leaf first, as a PEM file; without the section plain HTTP is spoken."
    )
    let key = Key<String>(
        "tls.key",
        .text("a path", example: "key.pem"),
        "The certificate's private key, as a PEM file."
    )
}
