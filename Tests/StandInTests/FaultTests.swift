import StandIn
import Testing

struct FaultTests {
    @Test(arguments: [
        ("hang", Fault(kind: .hang)), ("hang:0.05", Fault(kind: .hang, share: 0.05)),
        ("slow:10", Fault(kind: .slow(factor: 10))), ("slow:2.5:0.5", Fault(kind: .slow(factor: 2.5), share: 0.5)),
        ("status:503", Fault(kind: .status(503))), ("status:500:0.2", Fault(kind: .status(500), share: 0.2)),
        ("reset", Fault(kind: .reset)), ("cut", Fault(kind: .cut)), ("garbage", Fault(kind: .garbage)),
        ("endless", Fault(kind: .endless)), ("huge:1", Fault(kind: .huge)),
    ])
    func `faults are read as the command line writes them`(text: String, fault: Fault) throws {
        try #expect(Fault(parsing: text) == fault)
    }

    @Test(arguments: ["", "hung", "slow", "slow:0", "slow:x", "status", "status:99", "hang:0", "hang:1.1", "cut:0.5:1"])
    func `what is no fault is refused with what would be right`(text: String) {
        let error = #expect(throws: FaultSyntaxError.self) { try Fault(parsing: text) }
        #expect(error?.description.hasSuffix(".") == true)
        #expect(error?.description.contains("“\(text)”") == true)
    }

    @Test func `faults strike their shares of any long run of requests`() {
        let plan = FaultPlan([Fault(kind: .hang, share: 0.1), Fault(kind: .status(500), share: 0.25)])
        for start in [0, 1_000, 123_456] {
            let struck = (start..<start + 1_000).compactMap(plan.fault(forRequest:))
            #expect(abs(struck.count { $0 == .hang } - 100) <= 5)
            #expect(abs(struck.count { $0 == .status(500) } - 250) <= 5)
        }
    }

    @Test func `without faults no request is struck`() {
        #expect((0..<1_000).allSatisfy { FaultPlan([]).fault(forRequest: $0) == nil })
    }
}
