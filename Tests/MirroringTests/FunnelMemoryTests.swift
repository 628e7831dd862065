import Foundation
import TestSupport
import Testing
import Vocabulary

@testable import Mirroring

struct FunnelMemoryTests {
    private let payment = IntentClass(rawValue: "payment")

    private func withFile<Value>(_ body: (String) throws -> Value) throws -> Value {
        try withTemporaryFolder { try body($0 + "/funnel") }
    }

    @Test func `a file has what was counted while the counters are still in use`() throws {
        try withFile { path in
            let memory = try FunnelMemory(file: path, run: 42, experiment: 3)
            var ledger = FunnelLedger(memory: memory)
            for _ in 0..<5 { ledger.sampled(payment, minute: 9) }
            ledger.settle(payment, .stored, minute: 9)
            ledger.settle(payment, .shed(.queueFull), minute: 9)
            ledger.settle(payment, .failed(.store), minute: 10)
            ledger.notSampled(payment, minute: 10)
            ledger.notEligible(.stateful, minute: 10)
            memory.rejected(.endpoint)
            memory.rejected(.storeUnavailable)
            memory.overflowed()
            for _ in 0..<9 { memory.admitted() }
            memory.withdrawn()

            let left = try #require(FunnelMemory.tally(ofFile: path))
            #expect(left.run == 42)
            #expect(left.experiment == 3)
            #expect(left.minute == 10)
            var expected = Funnel()
            (expected.seen, expected.sampled, expected.notSampled) = (6, 5, 1)
            (expected.stored, expected.inFlight) = (1, 2)
            (expected.shed, expected.failed) = ([.queueFull: 1], [.store: 1])
            #expect(left.classes[payment] == expected)
            #expect(left.classes[nil]?.notEligible == [.stateful: 1, .endpoint: 1, .storeUnavailable: 1])
            #expect(left.classes.values.allSatisfy { $0.addsUp })
            #expect(left.overflowed == 1)
            // Eight were admitted, of which five were drawn, one was not, and one could not be.
            #expect(left.undecided == 1)
            let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
            #expect(mode == 0o600)
        }
    }

    @Test func `what is not such a file is nobody's tally`() throws {
        try withFile { path in
            #expect(FunnelMemory.tally(ofFile: path) == nil)
            try Data("not this".utf8).write(to: URL(fileURLWithPath: path))
            #expect(FunnelMemory.tally(ofFile: path) == nil)
            let size = try withFile { other in
                _ = try FunnelMemory(file: other, run: 1, experiment: 1)
                return try Data(contentsOf: URL(fileURLWithPath: other)).count
            }
            try Data(count: size).write(to: URL(fileURLWithPath: path))
            #expect(FunnelMemory.tally(ofFile: path) == nil)
        }
    }

    @Test func `more classes than there is room for are counted as unclassified`() {
        let memory = FunnelMemory()
        var ledger = FunnelLedger(memory: memory)
        for number in 0..<300 { ledger.notSampled(IntentClass(rawValue: "class-\(number)"), minute: 1) }
        ledger.notSampled(IntentClass(rawValue: String(repeating: "long", count: 100)), minute: 1)
        let tally = memory.tally()
        #expect(tally.classes.count == 256)
        #expect(tally.classes[nil]?.notSampled == 46)
        #expect(tally.classes.values.reduce(0) { $0 + $1.seen } == 301)
    }

    @Test func `a drain's tally counts what its minutes count`() {
        let memory = FunnelMemory()
        let shared = MirrorShared(
            settings: LiveSettings(makeConfiguration(shadow: "http://127.0.0.1:9")),
            rates: RateTable(day: 0, rates: [:], otherwise: 1),
            memory: memory,
            wallClock: { 60 }
        )
        shared.notEligible(.endpoint)
        shared.count { $0.sampled(payment, minute: 1) }
        shared.overflowed()
        let first = shared.drainMinutes()
        #expect(first.tally.overflowed == 1)
        #expect(first.tally.classes.values.reduce(0) { $0 + $1.seen } == 2)
        #expect(first.minutes.reduce(0) { $0 + $1.change.seen } == 3)
        // A loop that counts between two drains is in the later one.
        shared.notEligible(.endpoint)
        #expect(memory.tally().classes[nil]?.seen == 2)
        #expect(shared.drainMinutes().minutes.map(\.change.seen) == [1])
    }
}
