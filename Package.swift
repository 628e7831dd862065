// swift-tools-version: 6.2
import PackageDescription

// One target per boundary of the design. Data flows from top to bottom of the list; no target depends on a later one.
let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .treatAllWarnings(as: .error),
    .swiftLanguageMode(.v6),
]

let nio: [Target.Dependency] = [
    .product(name: "NIOCore", package: "swift-nio"),
    .product(name: "NIOPosix", package: "swift-nio"),
]
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let lifecycle: Target.Dependency = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let metrics: Target.Dependency = .product(name: "Metrics", package: "swift-metrics")

// For the gateway alone. Debug builds, and so the tests, check each access for exclusivity. In a release build the checks
// were 8 % of the instructions of a JSON request on the user's path and 4 % of a streamed one (callgrind, 2,000 requests each);
// in all other modules together 0.1 to 1.1 % of an import, a scoring, an export, an evaluation, and next to nothing of what a mirrored
// request adds.
let uncheckedExclusivity: [SwiftSetting] = [
    .unsafeFlags(["-enforce-exclusivity=unchecked"], .when(configuration: .release))
]

/// Every address that the program takes from a library is bound at its start, after which the linker makes the table of them
/// read-only (`ld`(1), `-z now` with `-z relro`): a stray write cannot turn a call into another one.
let hardened: [LinkerSetting] = [
    .unsafeFlags(["-Xlinker", "-z", "-Xlinker", "now", "-Xlinker", "-z", "-Xlinker", "relro"])
]

/// For tests that draw: `SplitMix64`.
let random: [Target.Dependency] = ["Statistics"]

/// A module and its tests.
func module(
    _ name: String,
    _ dependencies: [Target.Dependency] = [],
    more: [SwiftSetting] = [],
    resources: [Resource] = [],
    testing: [Target.Dependency] = [],
    testResources: [Resource] = [],
    testExclude: [String] = []
) -> [Target] {
    [
        .target(name: name, dependencies: dependencies, resources: resources, swiftSettings: settings + more),
        .testTarget(
            name: name + "Tests",
            dependencies: [.target(name: name), "TestSupport"] + dependencies + testing,
            exclude: testExclude,
            resources: testResources,
            swiftSettings: settings
        ),
    ]
}

let cLibraries: [Target] = [
    .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
    .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CLinux"),
    .target(name: "CBoostMath"),
]

// libFuzzer brings its own main, so that an ordinary build would not link (Scripts/fuzz).
let fuzzing: [Target] =
    Context.environment["UNDERSTUDY_FUZZ"] == nil
    ? []
    : [
        .executableTarget(
            name: "fuzz",
            dependencies: [
                "Vocabulary", "JSON", "Gateway", "Wire", "Formats", "Redaction", "PairStore", "Scoring", "Evaluation",
                "Workflows",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "GRDB", package: "GRDB.swift"),
            ],
            swiftSettings: settings
        )
    ]

let package = Package(
    name: "understudy",
    products: [
        .executable(name: "understudy", targets: ["understudy"]),
        .library(name: "Statistics", targets: ["Statistics"]),
    ],
    // Exact versions: an application that publishes what it measured is built from what was measured.
    dependencies: [
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", exact: "2.37.6"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", exact: "2.13.0"),
        .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1"),
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
        .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", exact: "0.2.0"),
    ],
    targets: cLibraries + fuzzing
        // What tests share.
        + [
            .target(
                name: "TestSupport",
                dependencies: ["Threads", "Vocabulary", "JSON", "Statistics", "Scoring", "Evaluation", "CZlib"],
                path: "Tests/TestSupport",
                swiftSettings: settings
            )
        ]
        // Leaves.
        + module("Vocabulary")
        + module("JSON", testing: random)
        + module("Threads", ["CLinux"])
        + module("Files")
        + module("Statistics", ["CBoostMath"], testResources: [.copy("Reference")])
        + module("Redaction", ["Vocabulary"], testing: random)
        // Bytes.
        + module("Wire", ["Vocabulary", "JSON", "CZlib"], testing: random, testExclude: ["Expected"])
        + module("Formats", ["Vocabulary", "JSON", "Wire"], testing: random)
        + module(
            "Configuration",
            ["Vocabulary", "JSON", "Files", .product(name: "Yams", package: "Yams")],
            testing: random
        )
        // Online.
        + module(
            "Gateway",
            nio + [.product(name: "NIOSSL", package: "swift-nio-ssl"), logging, "CLinux", "Threads", "Vocabulary"],
            more: uncheckedExclusivity,
            testing: random
        )
        + module("CurlClient", ["CCurl", "CLinux", "Threads"])
        + module(
            "Mirroring",
            [
                "Threads", "Vocabulary", "JSON", "Files", "Wire", "Gateway", "CurlClient", crypto, logging,
                .product(name: "NIOCore", package: "swift-nio"),
            ],
            testing: random + ["CLinux"]
        )
        // Keeping.
        + module(
            "PairStore",
            [
                "Threads", "Vocabulary", "Files", "CZstd", crypto, .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
            ],
            testing: random
        )
        // Judging.
        + module(
            "Scoring",
            ["Vocabulary", "JSON", "Wire"],
            // In the binary, which stays one file.
            resources: [.embedInCode("Resources/Phrases")],
            testing: random,
            testResources: [.copy("Labelled")]
        )
        + module(
            "ExternalScoring",
            ["Threads", "Vocabulary", "JSON", "Formats", "PairStore", "Scoring"],
            testing: ["Workflows", "Evaluation"]
        )
        + module("Rating", ["Vocabulary", "Formats", "PairStore", "Statistics", crypto], testing: ["JSON"])
        + module(
            "Evaluation",
            ["Vocabulary", "Statistics", "Scoring"],
            testing: ["Threads", "JSON", "Report"]
        )
        // Showing.
        + module("Report", ["Vocabulary", "JSON", "Formats", "Statistics", "Evaluation"])
        + module(
            "Console",
            [
                "Threads", "Vocabulary", "JSON", "Formats", crypto, logging, metrics, lifecycle,
                .product(name: "CoreMetrics", package: "swift-metrics"),
                // Hummingbird brings swift-configuration, whose module is called as ours.
                .product(
                    name: "Hummingbird",
                    package: "hummingbird",
                    moduleAliases: ["Configuration": "SwiftConfiguration"]
                ),
                .product(name: "Histogram", package: "hdrhistogram-swift"),
            ]
        )
        + module(
            "StandIn",
            [
                "Threads", "Vocabulary", "JSON", "Files", "Wire", "Formats", "CZstd", crypto,
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ] + nio
        )
        // Assembling.
        + module(
            "Workflows",
            [
                "Threads", "Vocabulary", "Files", "Formats", "Configuration", "Redaction", "Mirroring", "PairStore",
                "Scoring", "ExternalScoring", "Rating", "Evaluation", "Statistics", crypto,
            ],
            testing: ["JSON", "Report"]
        )
        + module(
            "Serving",
            [
                "CLinux", "Threads", "Vocabulary", "JSON", "Wire", "Configuration", "Gateway", "Mirroring", "PairStore",
                "Scoring", "Evaluation", "Report", "Console", "Workflows", logging, lifecycle,
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
                .product(name: "NIOCore", package: "swift-nio"),
            ],
            testing: [.product(name: "InMemoryLogging", package: "swift-log")]
        )
        + [
            .executableTarget(
                name: "understudy",
                dependencies: [
                    "Vocabulary", "JSON", "Files", "Formats", "Configuration", "PairStore", "Rating", "ExternalScoring",
                    "Evaluation", "Report", "StandIn", "Workflows", "Serving", "Scoring", "Mirroring", "Statistics",
                    .product(name: "UnixSignals", package: "swift-service-lifecycle"),
                    .product(name: "ArgumentParser", package: "swift-argument-parser"),
                ],
                swiftSettings: settings,
                linkerSettings: hardened
            ),
            // The load generator of Scripts/bench.
            .executableTarget(
                name: "load-client",
                dependencies: ["CLinux", .product(name: "ArgumentParser", package: "swift-argument-parser")],
                swiftSettings: settings
            ),
            // The load generator of `Scripts/bench store`.
            .executableTarget(
                name: "store-load",
                dependencies: [
                    "Threads", "Vocabulary", "Redaction", "PairStore", "Workflows",
                    .product(name: "ArgumentParser", package: "swift-argument-parser"),
                ],
                swiftSettings: settings
            ),
            // The simulations of `Scripts/bench statistics`.
            .executableTarget(
                name: "statistics-proof",
                dependencies: ["Vocabulary", "Formats", "Statistics", "Scoring", "Evaluation"],
                swiftSettings: settings
            ),
            .testTarget(
                name: "understudyTests",
                dependencies: [
                    "understudy", "TestSupport", "Threads", "Vocabulary", "JSON", "PairStore", "Workflows", "Scoring",
                ],
                swiftSettings: settings
            ),
        ],
    cxxLanguageStandard: .cxx17
)
