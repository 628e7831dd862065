import Testing
import Vocabulary

struct FunnelTests {
    @Test func `a funnel adds up only when both laws hold`() {
        var funnel = Funnel()
        #expect(funnel.addsUp)
        funnel.seen = 10
        #expect(!funnel.addsUp)
        funnel.notEligible = [.endpoint: 2, .paused: 1]
        funnel.notSampled = 3
        funnel.sampled = 4
        #expect(!funnel.addsUp)
        funnel.stored = 1
        funnel.inFlight = 1
        funnel.shed = [.queueFull: 1]
        funnel.failed = [.store: 1]
        #expect(funnel.addsUp)
    }

    @Test func `funnels of replicas add up reason by reason`() {
        var one = Funnel()
        one.seen = 2
        one.notEligible = [.endpoint: 2]
        var two = Funnel()
        two.seen = 5
        two.notEligible = [.endpoint: 1, .paused: 1]
        two.sampled = 3
        two.shed = [.bufferFull: 3]
        let sum = one + two
        #expect(sum.addsUp)
        #expect(sum.seen == 7)
        #expect(sum.notEligible == [.endpoint: 3, .paused: 1])
        #expect(sum.shedTotal == 3)
    }
}
