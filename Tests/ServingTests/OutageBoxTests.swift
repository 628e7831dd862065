import Console
import Foundation
import InMemoryLogging
import Logging
import Mirroring
import TestSupport
import Testing
import Vocabulary

@testable import PairStore
@testable import Serving

/// What is done and said about a store that takes nothing.
struct OutageBoxTests {
    private struct NoSink: PairSink {
        func store(_ pair: Pair, completion: @escaping @Sendable (PairSinkResult) -> Void) -> Bool { false }
    }

    /// A store, the box that watches it, the mirror that pauses, and what is told.
    private struct Scene {
        let store: Store
        let registry = PrometheusRegistry.forUnderstudy()
        let log = InMemoryLogHandler()
        let mirror: Mirror
        let box: OutageBox

        init(_ folder: String) throws {
            store = try Store.open(path: folder + "/s.sqlite", access: .createOrOpen)
            let (log, logger) = (log, Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
            let target = MirroringConfiguration.Target(
                version: "v1",
                model: nil,
                url: try ServerURL("http://127.0.0.1:1")
            )
            mirror = try Mirror(
                MirroringConfiguration(
                    stable: target,
                    shadow: target,
                    sampling: SamplingSettings(
                        rate: 1,
                        unit: .session,
                        targetPerDay: 0,
                        controlRate: 0,
                        sessionFrom: [],
                        seed: ""
                    ),
                    limits: MirroringLimits(
                        timeout: .seconds(1),
                        maximumInFlight: 1,
                        maximumQueued: 1,
                        maximumBufferedBytes: 1 << 20,
                        breaker: .init(failures: 1, probeEvery: .seconds(1))
                    ),
                    maximumBodyBytes: 1 << 20,
                    key: Array(repeating: 0, count: 32)
                ),
                sink: NoSink(),
                logger: logger
            )
            box = OutageBox(registry: registry, logger: Logger(label: "test") { _ in log }, store: store)
            box.attach(mirror)
        }

        /// The reasons that the metric says are in force.
        var shown: [String] {
            registry.exposition().split(separator: "\n")
                .filter { $0.hasPrefix("understudy_store_paused{") && $0.hasSuffix(" 1") }
                .map { String($0.split(separator: "\"")[1]) }
        }

        var lines: [String] { log.entries.map { "\($0.level): \($0.message)" } }

        func end() async throws {
            await mirror.stop(within: .zero)
            try store.close()
        }
    }

    @Test func `mirroring pauses while a store takes nothing, and the metric and the log say why`() async throws {
        try await withTemporaryFolder { folder in
            let scene = try Scene(folder)
            #expect(scene.shown == [])
            #expect(!scene.mirror.isSuspended)

            scene.box.changed(.full)
            #expect(scene.mirror.isSuspended)
            #expect(scene.shown == ["full"])
            scene.box.changed(.readOnly)
            #expect(scene.mirror.isSuspended)
            #expect(scene.shown.count == 1 && scene.shown != ["full"])
            scene.box.changed(nil)
            #expect(!scene.mirror.isSuspended)
            #expect(scene.shown == [])
            #expect(
                scene.lines == [
                    "error: The store takes no pairs, so mirroring pauses: the disk that the store is on is full. "
                        + "It is tried again.",
                    "error: The store takes no pairs, so mirroring pauses: the store's file or its file system is "
                        + "read-only. It is tried again.",
                    "notice: The store takes pairs again; mirroring goes on.",
                ]
            )
            try await scene.end()
        }
    }

    @Test func `a new store in the place of a damaged one is told once`() async throws {
        try await withTemporaryFolder { folder in
            let scene = try Scene(folder)
            scene.box.changed(.corrupt)
            _ = try scene.store.setAside(keeping: [], at: Date())
            scene.box.changed(nil)
            scene.box.changed(nil)
            let told = scene.lines.filter { $0.contains("a new one was begun at \(scene.store.path).") }
            #expect(
                told == ["error: The store's file was damaged or gone; a new one was begun at \(scene.store.path)."]
            )
            try await scene.end()
        }
    }

    @Test func `a commit is counted with its time`() async throws {
        try await withTemporaryFolder { folder in
            let scene = try Scene(folder)
            scene.box.committed(3, .milliseconds(5))
            #expect(scene.registry.exposition().contains("understudy_store_commit_seconds_count 1"))
            try await scene.end()
        }
    }
}
