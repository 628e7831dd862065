import JSON
import PairStore
import Testing
import Vocabulary

@testable import ExternalScoring

/// The decisions about lines and pairs, with times that the tests make.
struct ScoringWindowTests {
    private let start = ContinuousClock.now
    private let judge = Scorer(name: "judge", version: "1")

    private func state(
        named: Bool = true,
        sending count: Int = 0,
        _ change: (inout ExternalLimits) -> Void = { _ in }
    ) -> ScoringWindow {
        var limits = ExternalLimits()
        change(&limits)
        var state = ScoringWindow(
            limits: limits,
            name: named ? "judge" : nil,
            version: named ? "1" : nil,
            now: start
        )
        for number in 0..<count { state.send(id: "p\(number)", rowID: Int64(number), at: start) }
        return state
    }

    private func receive(
        _ line: String,
        _ state: inout ScoringWindow,
        after: Duration = .zero
    ) -> ScoringWindow.Reply {
        Array(line.utf8).withUnsafeBytes { state.receive($0, number: 7, at: start + after) }
    }

    /// The reason why a line does not count; nil where it does.
    private func reason(_ line: String, _ state: inout ScoringWindow) -> String? {
        guard case .fault(let fault) = receive(line, &state) else { return nil }
        #expect(fault.line == 7)
        return fault.reason
    }

    @Test func `an answer becomes the scores of its pair`() {
        var state = state(sending: 3)
        let reply = receive(#"{"id":"p1","stable":0.25,"shadow":false,"control":null,"pair":1}"#, &state)
        let values = ScorerValues(scorer: judge, stable: 0.25, shadow: 0, pair: 1)
        #expect(reply == .scores([PairScores(pairRowID: 1, values: values)]))
        #expect(state.tallies[judge] == ScoringWindow.Tally(answered: 1, undefined: 0))
        #expect(receive(#"{"id":"p0"}"#, &state) == .scores([.init(pairRowID: 0, values: .init(scorer: judge))]))
        #expect(state.tallies[judge] == ScoringWindow.Tally(answered: 2, undefined: 1))
        #expect(state.unansweredPairs == 1 && state.waiting == 1)
    }

    @Test(arguments: [
        ("not JSON", "The JSON is invalid at byte"),
        ("[1]", "must be a JSON object"),
        (#"{"stable":0.5}"#, "`id` is missing"),
        (#"{"id":"other","stable":0.5}"#, "names no pair"),
        (#"{"id":"p0","stable":1.01}"#, "`stable` must be a number from 0 to 1"),
        (#"{"id":"p0","shadow":-0.01}"#, "`shadow` must be a number from 0 to 1"),
        (#"{"id":"p0","control":"high"}"#, "`control` must be a number from 0 to 1"),
        (#"{"id":"p0","pair":2}"#, "`pair` must be a number from 0 to 1"),
        (#"{"id":"p0","scores":[{"scorer":"a","stable":1},{"scorer":"b","stable":7}]}"#, "`scores[1].stable` must be"),
        (#"{"id":"p0","scores":[{"scorer":"a"},{"scorer":"a"}]}"#, "each scorer answers a pair once"),
        (#"{"id":"p0","scorer":"error"}"#, "choose another name"),
        (#"{"id":"p0","scorer":"total_time"}"#, "choose another name"),
        (#"{"id":"p0","scorer":"rouge_l"}"#, "choose another name"),
        (#"{"id":"p0","scorer":"my words are long"}"#, "must be 1 to 100 letters"),
        (#"{"id":"p0","scorer":"judge","version":"imported"}"#, "choose another"),
        (#"{"id":"p0","version":1.5}"#, "`version` must be a string"),
    ])
    func `a bad line does not count, and its reason quotes nothing`(line: String, expected: String) throws {
        var state = state(sending: 2)
        let reason = try #require(reason(line, &state))
        #expect(reason.contains(expected), "\(reason)")
        #expect(state.faults == 1 && state.answeredPairs == 0 && state.scorers == [judge])
        // Nothing of the line was taken, so a good line for the same pair still counts.
        #expect(receive(#"{"id":"p0","stable":1}"#, &state) != .scores([]))
        #expect(state.answeredPairs == 1)
    }

    @Test func `without names on the command line a line has to name the scorer and its version`() {
        var state = state(named: false, sending: 1)
        #expect(reason(#"{"id":"p0"}"#, &state)?.contains("--name") == true)
        #expect(reason(#"{"id":"p0","scorer":"x"}"#, &state)?.contains("--version") == true)
        #expect(reason(#"{"id":"p0","scorer":"x","version":3}"#, &state) == nil)
        #expect(state.scorers == [Scorer(name: "x", version: "3")])
    }

    @Test func `a second answer of the same scorer does not count, one of another does`() {
        var state = state(sending: 2)
        #expect(reason(#"{"id":"p0","stable":1}"#, &state) == nil)
        #expect(reason(#"{"id":"p0","stable":0}"#, &state)?.contains("already") == true)
        #expect(reason(#"{"id":"p0","scorer":"harm","stable":0}"#, &state) == nil)
        #expect(reason(#"{"id":"p1"}"#, &state) == nil)
        #expect(state.answeredPairs == 2 && state.waiting == 0)
        // `harm` has not answered the second pair.
        #expect(state.unansweredPairs == 1)
    }

    @Test func `one pair goes out alone until the program's scorers are known`() {
        var state = state(named: false)
        #expect(state.room == 1)
        state.send(id: "p0", rowID: 1, at: start)
        #expect(state.room == 0)
        _ = receive(#"{"id":"p0","scorer":"a","version":1}"#, &state, after: .seconds(1))
        #expect(state.room == 0 && state.isLearning)
        #expect(state.deadline(after: start + .seconds(1)) == start + .milliseconds(1_250))
        _ = receive(#"{"id":"p0","scorer":"b","version":1}"#, &state, after: .milliseconds(1_200))
        #expect(state.advance(to: start + .milliseconds(1_250)) == nil)
        #expect(!state.isLearning && state.room == 256)
        #expect(state.scorers.map(\.name) == ["a", "b"])
    }

    @Test func `a bad answer to the first pair lets the next one go out`() {
        for line in [#"{"id":"p0","scorer":"a","version":1,"stable":NaN}"#, #"{"id":"p0","stable":3}"#] {
            var state = state(named: false, sending: 1)
            #expect(state.room == 0)
            #expect(reason(line, &state) != nil)
            #expect(state.room == 1 && state.isLearning)
        }
    }

    @Test func `no more than the window is out, and every answer makes room`() {
        var state = state(sending: 256)
        #expect(state.room == 0)
        _ = receive(#"{"id":"p255"}"#, &state)
        _ = receive(#"{"id":"p9","stable":9}"#, &state)
        #expect(state.room == 2)
    }

    @Test func `a stall is no answer for the time allowed while pairs are out`() {
        var state = state()
        #expect(state.advance(to: start + .seconds(1_000)) == nil)
        state.send(id: "p0", rowID: 0, at: start + .seconds(1_000))
        state.send(id: "p1", rowID: 1, at: start + .seconds(1_050))
        #expect(state.advance(to: start + .seconds(1_119)) == nil)
        #expect(state.deadline(after: start + .seconds(1_100)) == start + .seconds(1_120))
        // Words about no pair are no progress; an answer is.
        _ = receive("still loading", &state, after: .seconds(1_119))
        var silent = state
        #expect(silent.advance(to: start + .seconds(1_120)) == .stalled)
        _ = receive(#"{"id":"p1"}"#, &state, after: .seconds(1_119))
        #expect(state.advance(to: start + .seconds(1_238)) == nil)
        #expect(state.advance(to: start + .seconds(1_239)) == .stalled)
    }

    @Test func `pairs that the program passed over make room, and a late answer still counts`() {
        var state = state(sending: 10) { $0.inFlight = 8 }
        for number in [1, 3, 5] { _ = receive(#"{"id":"p\#(number)"}"#, &state) }
        #expect(state.room == 1)
        state.send(id: "p10", rowID: 10, at: start)
        #expect(state.room == 0)
        #expect(state.advance(to: start + .seconds(59)) == nil)
        #expect(state.room == 0)
        #expect(state.advance(to: start + .seconds(60)) == nil)
        // 0, 2 and 4 were overtaken.
        #expect(state.room == 3)
        #expect(state.advance(to: start + .seconds(179)) == nil)
        _ = receive(#"{"id":"p7"}"#, &state, after: .seconds(179))
        // From now on at once: 7 and with it 6.
        #expect(state.room == 5)
        #expect(reason(#"{"id":"p2","stable":1}"#, &state) == nil)
        _ = receive(#"{"id":"p9"}"#, &state, after: .seconds(180))
        // That was only slow, so 8 is still waited for.
        #expect(state.room == 6 && state.waiting == 2)
    }

    @Test func `nothing but bad lines is a flood`() {
        var state = state(sending: 1) { $0.badLinesInARow = 3 }
        for _ in 0..<2 { _ = receive("x", &state) }
        #expect(state.advance(to: start) == nil)
        _ = receive(#"{"id":"p0"}"#, &state)
        for _ in 0..<2 { _ = receive("x", &state) }
        #expect(state.advance(to: start) == nil)
        _ = receive("x", &state)
        #expect(state.advance(to: start) == .flooding)
    }

    @Test func `a name for every pair is refused after some`() {
        var state = state(sending: 5) { $0.scorers = 3 }
        for number in 0..<2 { #expect(reason(#"{"id":"p\#(number)","version":"t\#(number)"}"#, &state) == nil) }
        #expect(reason(#"{"id":"p2","version":"t2"}"#, &state)?.contains("more than 3 scorers") == true)
    }

    @Test func `answered pairs are forgotten after some`() {
        var state = state(sending: 4) { $0.remembered = 2 }
        for number in 0..<4 { _ = receive(#"{"id":"p\#(number)"}"#, &state) }
        #expect(reason(#"{"id":"p1","scorer":"b"}"#, &state)?.contains("names no pair") == true)
        #expect(reason(#"{"id":"p2","scorer":"b"}"#, &state) == nil)
        #expect(reason(#"{"id":"p3","scorer":"b"}"#, &state) == nil)
    }
}
