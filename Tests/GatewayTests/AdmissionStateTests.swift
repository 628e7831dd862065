import NIOCore
import Testing

@testable import Gateway

/// Who may connect, apart from any socket.
@Suite struct AdmissionStateTests {
    private let start = ContinuousClock.now

    @Test func `at the maximum there is no room until somebody leaves, and it is said once`() {
        var state = AdmissionState(limit: 2, limitPerAddress: 0)
        #expect(state.room(at: start) == (2, nil))
        #expect(state.accepted(from: nil, at: start).stays == true)
        #expect(state.room(at: start) == (1, nil))
        #expect(state.accepted(from: nil, at: start).stays == true)
        #expect(state.room(at: start) == (0, .full(limit: 2)))
        #expect(state.left(nil) == true)
        #expect(state.room(at: start) == (1, nil))
        #expect(state.accepted(from: nil, at: start).stays == true)
        #expect(state.room(at: start) == (0, nil))
        #expect(state.figures.open == 2)
        #expect(state.figures.pauses == 2)
    }

    @Test func `who leaves while nobody waits wakes nobody`() {
        var state = AdmissionState(limit: 2, limitPerAddress: 0)
        _ = state.room(at: start)
        #expect(state.accepted(from: nil, at: start).stays == true)
        #expect(state.left(nil) == false)
        #expect(state.figures.open == 0)
    }

    @Test func `that it is over is said once nothing was in the way for a while`() {
        var state = AdmissionState(limit: 1, limitPerAddress: 0)
        #expect(state.accepted(from: nil, at: start).stays == true)
        #expect(state.room(at: start).notice == .full(limit: 1))
        #expect(state.look(at: start + .seconds(60)) == (false, nil))
        #expect(state.left(nil) == true)
        #expect(state.look(at: start + .seconds(61)) == (true, nil))
        #expect(state.room(at: start + .seconds(61)) == (1, nil))
        #expect(state.look(at: start + .seconds(62)) == (false, nil))
        #expect(state.look(at: start + .seconds(65)) == (false, .over))
        #expect(state.accepted(from: nil, at: start).stays == true)
        #expect(state.room(at: start + .seconds(66)).notice == .full(limit: 1))
    }

    @Test func `without a descriptor nothing is tried until somebody leaves or a second is over`() {
        var state = AdmissionState(limit: 9, limitPerAddress: 0)
        #expect(state.accepted(from: nil, at: start).stays == true)
        #expect(state.failed(24, at: start) == .outOfDescriptors(code: 24))
        #expect(state.room(at: start) == (0, nil))
        #expect(state.left(nil) == true)
        #expect(state.room(at: start) == (9, nil))
        #expect(state.failed(24, at: start) == nil)
        #expect(state.room(at: start) == (0, nil))
        #expect(state.look(at: start + .seconds(1)) == (true, nil))
        #expect(state.room(at: start + .seconds(1)) == (9, nil))
        #expect(state.look(at: start + .seconds(6)) == (false, .over))
        #expect(state.figures.failures == 2)
        #expect(state.figures.pauses == 0)
    }

    @Test func `an address has no more than its share, and gets it back`() throws {
        var state = AdmissionState(limit: 100, limitPerAddress: 2)
        func address(_ text: String) throws -> ClientAddress? {
            ClientAddress(try SocketAddress(ipAddress: text, port: 1))
        }
        let one = try address("192.0.2.1")
        #expect(state.accepted(from: one, at: start).stays == true)
        #expect(state.accepted(from: try address("::ffff:192.0.2.1"), at: start).stays == true)
        #expect(state.accepted(from: one, at: start) == (false, .addressFull(limit: 2)))
        #expect(state.accepted(from: one, at: start) == (false, nil))
        #expect(state.accepted(from: try address("192.0.2.2"), at: start).stays == true)
        #expect(state.left(one) == false)
        #expect(state.accepted(from: one, at: start).stays == true)
        #expect(state.figures.refusedByAddress == 2)
        #expect(state.figures.open == 3)
        // Whoever has one address of a network of 64 bits has all of them.
        #expect(state.accepted(from: try address("2001:db8:0:1::1"), at: start).stays == true)
        #expect(state.accepted(from: try address("2001:db8:0:1:ffff::2"), at: start).stays == true)
        #expect(state.accepted(from: try address("2001:db8:0:1::3"), at: start).stays == false)
        #expect(state.accepted(from: try address("2001:db8:0:2::1"), at: start).stays == true)
        #expect(try ClientAddress(SocketAddress(unixDomainSocketPath: "/x")) == nil)
    }

    @Test func `descriptors are shared out so that each part has some`() {
        let wishes = DescriptorBudget.Wishes(clients: 8192, shadowCalls: 40)
        let ample = DescriptorBudget(limit: 1 << 20, inUse: 13, loops: 2, otherLoops: 2, wishes: wishes)
        #expect(ample.clients == 8192)
        #expect(ample.console == 64)
        #expect(ample.shadowCalls == 40)
        #expect(ample.keptPerLoop == 256)
        #expect(ample.warning == nil)
        for limit in [0, 40, 64, 100, 256, 1024, 4096, 20_000] {
            let scarce = DescriptorBudget(limit: limit, inUse: 13, loops: 2, otherLoops: 2, wishes: wishes)
            let taken =
                13 + 4 * DescriptorBudget.perLoop + DescriptorBudget.reservedForParts
                + DescriptorBudget.reservedForFiles
                + scarce.console + scarce.shadowCalls + 2 * (scarce.keptPerLoop + scarce.clients)
            #expect(scarce.clients >= 1 && scarce.console >= 4 && scarce.shadowCalls >= 2 && scarce.keptPerLoop >= 1)
            if limit >= 64 { #expect(taken <= limit, "of \(limit)") }
            let warning = scarce.warning
            if scarce.clients < 8192 {
                #expect(warning?.contains("\(scarce.clients) clients") == true)
                #expect(warning?.contains("limits.connections: 8192") == true)
                #expect(warning?.contains("LimitNOFILE") == true)
            } else {
                #expect(warning == nil)
            }
        }
    }
}
