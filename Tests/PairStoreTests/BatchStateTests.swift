import Statistics
import TestSupport
import Testing

@testable import PairStore

struct BatchStateTests {
    private typealias State = BatchState<Int, String>

    private let start = ContinuousClock.now
    private let limits = PairWriter.Limits(
        batchCount: 3,
        batchBytes: 100,
        batchDelay: .milliseconds(50),
        pendingCount: 5,
        pendingBytes: 200
    )

    private func items(_ action: State.Action) -> [Int]? {
        if case .write(let items) = action { items } else { nil }
    }

    private func deadline(_ action: State.Action) -> ContinuousClock.Instant? {
        if case .arm(let deadline) = action { deadline } else { nil }
    }

    private func admit(_ state: inout State, bytes: Int) -> Bool {
        state.admit(bytes: bytes)
    }

    private func ready(
        _ state: inout State,
        _ item: Int,
        bytes: Int = 1,
        at now: ContinuousClock.Instant
    ) -> State.Action {
        #expect(admit(&state, bytes: bytes))
        return state.prepared(item, bytes: bytes, now: now)
    }

    @Test func `a batch leaves when it is full`() {
        var state = State(limits: limits)
        #expect(deadline(ready(&state, 1, at: start)) == start + .milliseconds(50))
        #expect(items(ready(&state, 2, at: start)) == nil)
        #expect(items(ready(&state, 3, at: start)) == [1, 2, 3])
    }

    @Test func `a batch leaves when its bytes are many`() {
        var state = State(limits: limits)
        _ = ready(&state, 1, bytes: 60, at: start)
        #expect(items(ready(&state, 2, bytes: 60, at: start)) == [1, 2])
    }

    @Test func `one timer is armed and takes what is there`() {
        var state = State(limits: limits)
        _ = ready(&state, 1, at: start)
        #expect(deadline(ready(&state, 2, at: start + .milliseconds(10))) == nil)
        let action = state.timerFired(now: start + .milliseconds(50))
        #expect(items(action) == [1, 2])
    }

    @Test func `a timer that comes too late finds a younger batch and is armed again`() {
        var state = State(limits: limits)
        _ = ready(&state, 1, at: start)
        _ = ready(&state, 2, at: start)
        #expect(items(ready(&state, 3, at: start)) == [1, 2, 3])
        #expect(items(ready(&state, 4, at: start + .milliseconds(40))) == nil)
        let (action, _) = state.written(count: 3, now: start + .milliseconds(45))
        // The first timer is still under way.
        #expect(deadline(action) == nil)
        let late = state.timerFired(now: start + .milliseconds(50))
        #expect(deadline(late) == start + .milliseconds(90))
    }

    @Test func `while one batch is written the next one gathers`() {
        var state = State(limits: limits)
        for item in 1...2 { _ = ready(&state, item, at: start) }
        #expect(items(ready(&state, 3, at: start)) == [1, 2, 3])
        for item in 4...5 { #expect(items(ready(&state, item, at: start)) == nil) }
        #expect(!admit(&state, bytes: 1))
        let (action, _) = state.written(count: 3, now: start + .milliseconds(60))
        #expect(items(action) == [4, 5])
        #expect(state.pendingCount == 2)
    }

    @Test func `bytes are bounded, but a single large item is taken`() {
        var state = State(limits: limits)
        #expect(admit(&state, bytes: 1_000))
        #expect(!admit(&state, bytes: 1))
        let waiters = state.dropped(bytes: 1_000)
        #expect(waiters.isEmpty)
        #expect(state.pendingBytes == 0)
        #expect(admit(&state, bytes: 199))
        #expect(!admit(&state, bytes: 2))
        #expect(admit(&state, bytes: 1))
    }

    @Test func `a flush waits for what was admitted before it and for nothing after it`() {
        var state = State(limits: limits)
        let (isWaiting, nothing) = state.flush("early", now: start)
        #expect(!isWaiting)
        #expect(items(nothing) == nil)
        #expect(admit(&state, bytes: 1))
        let (isKept, _) = state.flush("first", now: start)
        #expect(isKept)
        // Admitted but not ready yet: it leaves as soon as it is.
        let leaving = state.prepared(1, bytes: 1, now: start)
        #expect(items(leaving) == [1])
        #expect(admit(&state, bytes: 1))
        let (action, finished) = state.written(count: 1, now: start)
        #expect(finished == ["first"])
        #expect(items(action) == nil)
    }

    @Test func `nothing is admitted after closing, and what was admitted leaves at once`() {
        var state = State(limits: limits)
        #expect(admit(&state, bytes: 1))
        state.close()
        #expect(!admit(&state, bytes: 1))
        let leaving = state.prepared(1, bytes: 1, now: start)
        #expect(items(leaving) == [1])
    }

    @Test func `whatever happens, every item leaves once and in order`() {
        for seed in 0..<300 as Range<UInt64> {
            var random = SplitMix64(seed: seed)
            var state = State(limits: limits)
            var now = start
            var waiting: [Int] = []
            var next = 0
            var left: [Int] = []
            var writing: [Int]?
            var isArmed = false
            func take(_ action: State.Action) {
                switch action {
                case .none: break
                case .arm:
                    #expect(!isArmed, "seed \(seed)")
                    isArmed = true
                case .write(let items):
                    #expect(writing == nil, "seed \(seed)")
                    #expect(items.count <= 3)
                    writing = items
                }
            }
            func finish(_ items: [Int]) {
                writing = nil
                left += items
                take(state.written(count: items.count, now: now).action)
            }
            for _ in 0..<60 {
                now += .milliseconds(Int.random(in: 0...30, using: &random))
                switch Int.random(in: 0..<4, using: &random) {
                case 0:
                    if state.admit(bytes: 30) {
                        waiting.append(next)
                        next += 1
                    }
                case 1:
                    if let item = waiting.first {
                        waiting.removeFirst()
                        take(state.prepared(item, bytes: 30, now: now))
                    }
                case 2:
                    if let items = writing { finish(items) }
                default:
                    if isArmed {
                        isArmed = false
                        take(state.timerFired(now: now))
                    }
                }
                #expect(state.pendingCount <= 5)
                #expect(state.pendingBytes <= 200)
            }
            state.close()
            for item in waiting { take(state.prepared(item, bytes: 30, now: now)) }
            now += .seconds(1)
            while let items = writing { finish(items) }
            if isArmed { take(state.timerFired(now: now)) }
            while let items = writing { finish(items) }
            #expect(left == Array(0..<next), "seed \(seed)")
            #expect(state.pendingCount == 0 && state.pendingBytes == 0)
        }
    }
}
