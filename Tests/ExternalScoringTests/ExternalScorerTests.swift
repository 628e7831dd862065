import Evaluation
import Foundation
import PairStore
import TestSupport
import Testing
import Threads
import Vocabulary
import Workflows

@testable import ExternalScoring

/// Programs that do their part, run over a real store.
struct ExternalScorerTests {
    @Test func `every pair is scored, and a second run sends nothing`() async throws {
        let scene = try ExternalScene(pairs: 700)
        let command = try scene.reading(ExternalScene.echo(#""stable":0.8,"shadow":0.4,"control":null,"pair":0.5"#))
        let run = try await scene.run(command)
        #expect(run.result.problem == nil, "\(run.problem)")
        #expect(run.result.summary == ["700 pairs scored by judge 1, 0 unanswered"])
        #expect(run.result.kept == 700)
        let scores = try scene.scores("judge")
        #expect(scores.count == 700 && scores.values.allSatisfy { $0 == 0.8 })
        #expect(try scene.scores("judge", of: \.shadow)["p-699"] == 0.4)
        let again = try await scene.run(command)
        #expect(again.result.sent == 0 && again.result.problem == nil)
        #expect(again.result.summary == ["0 pairs sent: none lacks a score"])
    }

    @Test func `a program that is not named on the command line is learned from one pair`() async throws {
        let scene = try ExternalScene(pairs: 40)
        let command = try scene.reading(
            ExternalScene.echo() + "; " + ExternalScene.echo(#""stable":null"#, scorer: "harm")
        )
        let run = try await scene.run(command, name: nil, version: nil)
        #expect(run.result.problem == nil, "\(run.problem)")
        #expect(
            run.result.summary == [
                "40 pairs scored by judge 1, 0 unanswered", "40 pairs scored by harm 1 (40 not defined), 0 unanswered",
            ]
        )
        // New pairs only, and the first one, which tells who the program is.
        try scene.add(3, to: "first", prefix: "q")
        let again = try await scene.run(command, name: nil, version: nil)
        #expect(again.result.sent == 4 && again.result.kept == 6)
        #expect(again.result.summary.last == "2 scores stood in the store already")
        #expect(again.result.problem == nil)
    }

    @Test func `several scores may stand in one line`() async throws {
        let scene = try ExternalScene(pairs: 5)
        let command = try scene.reading(
            #"echo "{\"id\":\"$id\",\"version\":\"2\",\"scores\":[{\"scorer\":\"a\",\"stable\":1},"#
                + #"{\"scorer\":\"b\",\"version\":\"3b\",\"shadow\":true}]}""#
        )
        let run = try await scene.run(command, name: nil, version: nil)
        #expect(
            run.result.scorers.map(\.scorer) == [Scorer(name: "a", version: "2"), Scorer(name: "b", version: "3b")]
        )
        #expect(try scene.scores("a").count == 5)
        #expect(try scene.scores("b", of: \.shadow).values.allSatisfy { $0 == 1 })
    }

    @Test func `answers may come in any order, and all at the end`() async throws {
        let scene = try ExternalScene(pairs: 200)
        let command = try scene.reading(
            #"all="{\"id\":\"$id\",\"stable\":0.$((n%10))}"# + "\n" + #"$all""#,
            then: #"printf %s "$all""#
        )
        let run = try await scene.run(command)
        #expect(run.result.problem == nil, "\(run.problem)")
        let scores = try scene.scores("judge")
        #expect(scores["p-0"] == 0.1 && scores["p-8"] == 0.9 && scores.count == 200)
    }

    @Test func `a long line and a last line without an end count`() async throws {
        let scene = try ExternalScene(pairs: 2)
        let command = try scene.reading(
            """
            printf '{"id":"%s","stable":1,"comment":"' "$id"
            head -c 3000000 /dev/zero | tr '\\0' x
            [ $n = 1 ] && echo '"}' || printf '"}'
            """
        )
        let run = try await scene.run(command)
        #expect(run.result.problem == nil, "\(run.problem)")
        #expect(try scene.scores("judge").count == 2)
    }

    @Test func `a program that goes on after its input has ended is ended, and that is no failure`() async throws {
        let scene = try ExternalScene(pairs: 3)
        let command = try scene.reading(ExternalScene.echo(), then: "trap '' TERM\nwhile :; do sleep 1; done")
        let run = try await scene.run(command, patience: .milliseconds(200))
        #expect(run.result.ending == .endedByUs)
        #expect(run.result.problem == nil, "\(run.problem)")
        #expect(run.result.answeredPairs == 3)
    }

    @Test func `pairs without texts are not sent, nor those of an earlier experiment`() async throws {
        let scene = try ExternalScene(pairs: 5)
        try scene.add(10, to: "second", prefix: "q")
        // The four that are older than 5.5 seconds before the last one.
        _ = try scene.store.upkeep.prune(
            Retention(texts: .milliseconds(5_500)),
            now: Sample.start.addingTimeInterval(9)
        )
        let command = try scene.reading(ExternalScene.echo())
        for name in [nil, "judge"] {
            let run = try await scene.run(command, name: name, version: name.map { _ in "1" })
            #expect(run.result.problem == nil, "\(run.problem)")
            #expect(run.result.sent == (name == nil ? 6 : 0))
            #expect(run.result.withoutText == 4)
            #expect(
                run.result.summary.last == "4 pairs not sent, because retention has deleted the texts"
            )
        }
        #expect(try scene.scores("judge").keys.sorted() == (4..<10).map { "q-\($0)" })
    }

    @Test func `outside scores are metrics of the verdict, the newest version's where there are several`() async throws
    {
        let scene = try ExternalScene(pairs: 120)
        for version in ["2", "10"] {
            let command = try scene.reading(
                #"echo "{\"id\":\"$id\",\"stable\":0.75,\"shadow\":"# + (version == "2" ? "0.5" : "0.25") + #"}""#
            )
            let run = try await scene.run(command, version: version)
            #expect(run.result.problem == nil, "\(run.problem)")
            let pass = ScoringPass(store: scene.store)
            try pass.run()
            let readiness = try StoredEvaluation(stores: [scene.store]).readiness(now: Sample.start)
            guard case .score(let figures)? = readiness.overall.figures(of: "score.judge")?.body else {
                Issue.record("no figures of score.judge")
                return
            }
            #expect(figures.stable.mean.value == 0.75)
            #expect(figures.shadow.mean.value == (version == "2" ? 0.5 : 0.25))
            #expect(readiness.overall.figures(of: "score.judge")?.pairs == 120)
        }
    }

    @Test func `a run that is cancelled ends the program and keeps what it has said`() async throws {
        let scene = try ExternalScene(pairs: 300)
        let command = try scene.reading(ExternalScene.echo() + "; [ $n -lt 100 ] || exec sleep 1000")
        let (events, continuation) = AsyncStream<ExternalScorer.Event>.makeStream()
        let run = Task {
            try await ExternalScorer(command: command, name: "judge", version: "1").score(scene.store) {
                continuation.yield($0)
            }
        }
        for await event in events where event == .scored(pairs: 100) { break }
        run.cancel()
        let result = try await run.value
        #expect(result.ending == .stopped)
        #expect(result.answeredPairs == 100)
        guard case .badData(let sentence)? = result.problem else {
            Issue.record("a stopped run is not complete")
            return
        }
        #expect(sentence.contains("100 pairs were scored and kept"), "\(sentence)")
        let rest = try await scene.run(try scene.reading(ExternalScene.echo()))
        #expect(rest.result.sent == 200 && rest.result.problem == nil)
    }
}
