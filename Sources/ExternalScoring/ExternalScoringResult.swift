import Foundation
import PairStore
package import Vocabulary

/// How the scoring of stored pairs by a program came out.
package struct ExternalScoringResult: Sendable, Equatable {
    /// What one scorer gave.
    package struct ScorerCount: Sendable, Equatable {
        package var scorer: Scorer
        /// Pairs that it has answered.
        package var answered: Int
        /// Of the answered ones those for which it has nothing.
        package var undefined: Int
        /// Pairs that were sent and that it has not answered.
        package var unanswered: Int
    }

    /// How the program ended.
    enum Ending: Sendable, Equatable {
        /// No pair lacked a score, so it was not started.
        case notNeeded
        case notStarted(reason: String)
        case ended(ProcessEnd)
        /// It had to be ended after it had no more pairs to answer.
        case endedByUs
        case closedOutput
        case stalled(after: Duration)
        case flooding
        case stopped
    }

    /// How grave what went wrong is.
    package enum Problem: Sendable, Equatable {
        /// Lines or pairs are missing.
        case badData(String)
        /// The program did not do its part to the end.
        case inputOutput(String)
    }

    var ending: Ending
    /// Whether the program was given every pair and the end of its input.
    var sentAll: Bool
    /// Whether the stall came while the first pair was out alone.
    var wasLearning: Bool
    package var scorers: [ScorerCount]
    /// Pairs that were sent.
    package var sent: Int
    /// Pairs with at least one answer.
    package var answeredPairs: Int
    /// Pairs that lack an answer of at least one of the scorers.
    package var unansweredPairs: Int
    /// Lines of the program's output that did not count.
    package var faults: Int
    /// Scores that were new to the store, of all scorers.
    package var kept: Int
    /// Pairs that were not sent, because retention has deleted their texts.
    package var withoutText: Int

    /// What was done, a sentence without a full stop in each line.
    package var summary: [String] {
        var lines = scorers.map { count in
            let undefined = count.undefined > 0 ? " (\(Wording.grouped(count.undefined)) not defined)" : ""
            return Wording.count(count.answered, "pair")
                + " scored by \(count.scorer.name) \(count.scorer.version)\(undefined), "
                + "\(Wording.grouped(count.unanswered)) unanswered"
        }
        if sent == 0 {
            lines = ["0 pairs sent: none lacks a score"]
        } else if lines.isEmpty {
            lines = ["0 pairs scored, \(Wording.grouped(unansweredPairs)) unanswered"]
        }
        if !sentAll { lines.append("the run ended before every pair was sent") }
        let known = scorers.reduce(0) { $0 + $1.answered } - kept
        if known > 0 { lines.append(Wording.count(known, "score") + " stood in the store already") }
        if withoutText > 0 {
            lines.append(Wording.count(withoutText, "pair") + " not sent, because retention has deleted the texts")
        }
        return lines
    }

    /// What went wrong and what to do, in whole sentences; nil where every pair was answered and every line counted.
    package var problem: Problem? {
        if case .notStarted(let reason) = ending {
            return .inputOutput("The shell that runs --command could not be started: \(reason).")
        }
        let isComplete = sentAll && unansweredPairs == 0
        if let trouble, !isComplete { return .inputOutput("\(trouble) \(whatIsKept)") }
        if !isComplete { return .badData("\(lack) \(whatIsKept)") }
        guard faults > 0 else { return nil }
        return .badData(
            "\(Wording.count(faults, "line")) of the program's output did not count, though every pair was answered; "
                + "\(scoredAndKept)."
        )
    }

    /// What is missing although the program did its part, or was not allowed to.
    private var lack: String {
        if ending == .stopped { return "The run was stopped before every pair was answered." }
        if let named = scorers.first, named.answered == 0, answeredPairs > 0 {
            return
                "The program gave no score of \(named.scorer.name) \(named.scorer.version), which --name and --version "
                + "say, but others; leave the two out, or give those that its lines name."
        }
        return
            "The program left \(Wording.count(unansweredPairs, "pair")) unanswered\(badLines); it has to answer every "
            + "pair, with a line without values where it has nothing."
    }

    private var badLines: String {
        faults > 0 ? " and wrote \(Wording.count(faults, "line")) that did not count" : ""
    }

    private var whatIsKept: String { "\(scoredAndKept); run the same command again, it goes on from there." }

    private var scoredAndKept: String {
        Wording.count(answeredPairs, "pair") + (answeredPairs == 1 ? " was" : " were") + " scored and kept"
    }

    /// What the program did instead of going on to the end; nil where it did its part.
    private var trouble: String? {
        switch ending {
        case .notNeeded, .notStarted, .stopped: nil
        case .endedByUs: sentAll ? nil : "The program closed its input before it had read every pair."
        case .closedOutput: "The program closed its output before it had answered every pair."
        case .flooding: "The program wrote line after line that did not count, or one without an end, and was ended."
        case .stalled(let time): stalled(after: time)
        case .ended(.exit(0)):
            sentAll ? nil : "The program ended, or closed its output, before it had answered every pair."
        case .ended(.exit(127)) where answeredPairs == 0:
            "The shell did not find the program of --command (exit status 127)."
        case .ended(.exit(126)) where answeredPairs == 0:
            "The shell could not run the program of --command (exit status 126)."
        case .ended(.exit(let status)) where status > 128:
            "The program ended with exit status \(status), which is the shell's word for signal \(status - 128)."
        case .ended(.exit(let status)): "The program ended with exit status \(status)."
        case .ended(.signal(let number)): "The program was ended by signal \(number)."
        }
    }

    private func stalled(after time: Duration) -> String {
        let start =
            "The program stalled: no answer came for \(Wording.duration(time)) while pairs were out, and it was ended."
        if wasLearning {
            return start + " It had been sent one pair alone, to learn which scorer it is; a program that answers only "
                + "when it has more pairs or the end of its input needs --name and --version. Otherwise see that it "
                + "writes out each line at once, or allow it more with --timeout."
        }
        return start + " See that it writes out each line at once; allow it more with --timeout, or more pairs at a "
            + "time with --in-flight."
    }
}
