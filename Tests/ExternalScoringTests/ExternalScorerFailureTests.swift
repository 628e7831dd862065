import Foundation
import PairStore
import Testing
import Vocabulary

@testable import ExternalScoring

/// Programs that fail, run over a real store: nothing that was answered is lost, and the sentence says what happened.
struct ExternalScorerFailureTests {
    /// A run with a program that does its part scores what is left, and only that.
    private func finish(_ scene: ExternalScene, left: Int) async throws {
        let run = try await scene.run(try scene.reading(ExternalScene.echo()))
        #expect(run.result.sent == left)
        #expect(run.result.problem == nil, "\(run.problem)")
    }

    @Test func `a program that is killed`() async throws {
        let scene = try ExternalScene(pairs: 400)
        let run = try await scene.run(try scene.reading(ExternalScene.echo() + "; [ $n = 150 ] && kill -9 $$"))
        #expect(run.result.ending == .ended(.signal(9)))
        #expect(run.isInputOutput)
        #expect(run.problem.contains("signal 9") && run.problem.contains("150 pairs were scored and kept"))
        try await finish(scene, left: 250)
    }

    @Test func `a program that gives up with an exit status`() async throws {
        let scene = try ExternalScene(pairs: 10)
        let run = try await scene.run(try scene.reading(ExternalScene.echo() + "; [ $n = 4 ] && exit 3"))
        #expect(run.isInputOutput)
        #expect(run.problem.hasPrefix("The program ended with exit status 3. 4 pairs were scored"), "\(run.problem)")
        try await finish(scene, left: 6)
    }

    @Test func `a program that is not there`() async throws {
        let scene = try ExternalScene(pairs: 10)
        let run = try await scene.run("/no/such/program 2> /dev/null")
        #expect(run.isInputOutput && run.problem.contains("did not find"), "\(run.problem)")
    }

    @Test(arguments: [true, false])
    func `a program that stalls`(isNamed: Bool) async throws {
        let scene = try ExternalScene(pairs: 100)
        let command =
            isNamed
            ? try scene.reading(ExternalScene.echo() + "; [ $n = 5 ] && exec sleep 1000")
            : try scene.script("cat > /dev/null; sleep 1000")
        let run = try await scene.run(
            command,
            name: isNamed ? "judge" : nil,
            timeout: isNamed ? .seconds(3) : .milliseconds(300)
        )
        #expect(run.isInputOutput)
        #expect(run.problem.hasPrefix("The program stalled: no answer came for"), "\(run.problem)")
        #expect(run.problem.contains("needs --name and --version") == !isNamed)
        // On a busy machine the time may be over before the fifth.
        #expect(run.result.answeredPairs <= (isNamed ? 5 : 0))
        try await finish(scene, left: 100 - run.result.answeredPairs)
    }

    @Test func `a program that never reads`() async throws {
        let scene = try ExternalScene(pairs: 300, words: 2_000)
        let run = try await scene.run("sleep 1000", timeout: .milliseconds(300))
        #expect(run.isInputOutput && run.problem.hasPrefix("The program stalled"), "\(run.problem)")
    }

    @Test func `a program that closes its input`() async throws {
        let scene = try ExternalScene(pairs: 300, words: 2_000)
        let command = try scene.script("IFS= read -r line; exec <&-; exec sleep 1000")
        let run = try await scene.run(command, timeout: .milliseconds(500))
        #expect(run.isInputOutput, "\(run.problem)")
        #expect(run.result.summary.last == "the run ended before every pair was sent")
    }

    @Test func `a program that closes its output`() async throws {
        let scene = try ExternalScene(pairs: 300)
        let command = try scene.reading(ExternalScene.echo() + "; [ $n = 7 ] && exec > /dev/null")
        let run = try await scene.run(command)
        #expect(run.isInputOutput && run.problem.contains("closed its output"), "\(run.problem)")
        #expect(run.result.answeredPairs == 7)
        let stubborn = try await scene.run(
            try scene.script("exec >&-; trap '' TERM; while :; do sleep 1; done"),
            patience: .milliseconds(200)
        )
        #expect(stubborn.result.ending == .closedOutput)
        try await finish(scene, left: 293)
    }

    @Test func `nonsense between good lines is told by line and loses nothing`() async throws {
        let scene = try ExternalScene(pairs: 50)
        let command = try scene.reading(
            """
            [ $n = 1 ] && echo 'loading the secret model'
            \(ExternalScene.echo())
            [ $n = 20 ] && printf '\\n{"id":"unknown","stable":0.5}\\n'
            [ $n = 30 ] && \(ExternalScene.echo())
            [ $n = 40 ] && printf '\\377\\000\\n'
            """
        )
        let run = try await scene.run(command)
        #expect(run.faults.map(\.line) == [1, 23, 34, 45], "\(run.faults)")
        #expect(run.faults.allSatisfy { !$0.description.contains("secret") && !$0.description.contains("unknown") })
        #expect(run.result.answeredPairs == 50)
        #expect(run.isBadData && run.problem.contains("4 lines of the program's output did not count"))
        try await finish(scene, left: 0)
    }

    @Test func `a pair with a bad answer is sent again the next time`() async throws {
        let scene = try ExternalScene(pairs: 20)
        // Also the very first one, from which the scorer should be learned.
        let command = try scene.reading(
            "[ $((n%10)) = 1 ] && v=1.5 || v=0.5\n"
                + ExternalScene.echo(#""stable":'$v'"#)
                .replacingOccurrences(of: "'", with: "")
        )
        let run = try await scene.run(command, name: nil, version: nil)
        #expect(run.isBadData, "\(run.problem)")
        #expect(run.problem.contains("left 2 pairs unanswered and wrote 2 lines that did not count"), "\(run.problem)")
        #expect(run.result.summary == ["18 pairs scored by judge 1, 2 unanswered"])
        try await finish(scene, left: 2)
    }

    @Test func `the name of a built-in scorer is refused`() async throws {
        let scene = try ExternalScene(pairs: 3)
        let run = try await scene.run(try scene.reading(ExternalScene.echo(scorer: "refusal")))
        #expect(run.faults.count == 3)
        #expect(run.faults[0].description.contains("choose another name"), "\(run.faults[0])")
        #expect(run.isBadData)
    }

    @Test func `a program that is another scorer than the command line says`() async throws {
        let scene = try ExternalScene(pairs: 3)
        let run = try await scene.run(try scene.reading(ExternalScene.echo()), version: "2")
        #expect(run.isBadData && run.problem.contains("no score of judge 2, which --name and --version say"))
        #expect(
            run.result.summary == [
                "0 pairs scored by judge 2, 3 unanswered", "3 pairs scored by judge 1, 0 unanswered",
            ]
        )
    }

    @Test func `a program that does not let itself be ended, nor what it has started`() async throws {
        let scene = try ExternalScene(pairs: 3)
        let command = try scene.script("trap '' TERM; (trap '' TERM; sleep 1000) & while :; do sleep 1; done")
        let run = try await scene.run(command, timeout: .milliseconds(300), patience: .milliseconds(300))
        #expect(run.result.ending == .stalled(after: .milliseconds(300)) && run.isInputOutput, "\(run.problem)")
    }

    @Test func `a flood of nonsense is ended`() async throws {
        let scene = try ExternalScene(pairs: 30)
        let command = try scene.reading(ExternalScene.echo() + "; [ $n = 3 ] && exec yes nonsense")
        let run = try await scene.run(command)
        #expect(run.result.ending == .flooding && run.isInputOutput)
        #expect(run.result.answeredPairs == 3)
        let endless = try await scene.run("exec cat /dev/zero", lineBytes: 1 << 20)
        #expect(endless.result.ending == .flooding)
        try await finish(scene, left: 27)
    }

    @Test func `a program that answers every second pair goes on to the end`() async throws {
        let scene = try ExternalScene(pairs: 100)
        let command = try scene.reading("[ $((n%2)) = 0 ] && " + ExternalScene.echo())
        let run = try await scene.run(command, timeout: .seconds(6), inFlight: 8)
        #expect(run.result.sent == 100 && run.result.answeredPairs == 50)
        #expect(run.isBadData && run.problem.contains("left 50 pairs unanswered"), "\(run.problem)")
        #expect(run.result.summary == ["50 pairs scored by judge 1, 50 unanswered"])
        try await finish(scene, left: 50)
    }
}
