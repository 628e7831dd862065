// What is decided while a program scores pairs: which of its lines count, how many more pairs it may be sent, when it is
// stalled. No process, no store and no clock inside; times come in.
//
// Learning. Unless the command line names the scorer, nobody knows which scores a stored pair lacks before the program has
// spoken. So one pair goes out alone, and the scorers that answer it within `settle` of the first answer are the program's.
//
// Window. At most `inFlight` pairs are out, so that the program may read ahead and memory stays bounded. A pair leaves the
// window with its first line, good or bad; it is remembered for a while after that, since other scorers of the same program may
// follow with lines of their own, in any order.
//
// Passing over. A program should answer every pair, if only to say that nothing is defined. One that does not would fill
// the window with pairs that it will never answer. So when nothing has come for half of `timeout` and the window is full,
// pairs that were overtaken by a later one's answer are given up, and from then on at once. An answer to one of them
// still counts, and ends that: the program was only slow.
//
// Limits. A later line about a pair that has been forgotten (`remembered` others left the window since) is a bad line.

import Formats
import JSON
import PairStore
import Vocabulary

/// The state of one program's scoring.
struct ScoringWindow {
    /// What comes of a line.
    enum Reply: Equatable {
        case scores([PairScores])
        case fault(ExternalFault)
    }

    /// Why a program has to be ended.
    enum Alarm: Equatable {
        case stalled
        case flooding
    }

    /// How many pairs a scorer has answered.
    struct Tally: Equatable {
        var answered = 0
        /// Of the answered ones those without any value.
        var undefined = 0
    }

    private struct Flight {
        var rowID: Int64
        /// In the order of sending.
        var number: Int
        var scorers: [Scorer] = []
        var wasPassedOver = false
    }

    private let limits: ExternalLimits
    private let name: String?
    private let version: String?

    /// The program's scorers, in the order in which they were named.
    private(set) var scorers: [Scorer] = []
    private(set) var tallies: [Scorer: Tally] = [:]
    /// Pairs that were sent.
    private(set) var sent = 0
    /// Pairs with at least one answer.
    private(set) var answeredPairs = 0
    /// Lines that did not count.
    private(set) var faults = 0
    /// Whether pairs go out one by one, until the program's scorers are known.
    private(set) var isLearning: Bool

    private var live: [String: Flight] = [:]
    private var past: [String: Flight] = [:]
    /// The ids of `past`, the oldest at `oldest`.
    private var pastIDs: [String] = []
    private var oldest = 0
    private var learnedAt: ContinuousClock.Instant?
    private var progressAt: ContinuousClock.Instant
    /// Bad lines that were about no pair in flight.
    private var strayFaults = 0
    private var faultsInARow = 0
    private var newestAnswered = -1
    private var passesOver = false

    /// - Parameters:
    ///   - limits: bounds in pairs and time.
    ///   - name: the scorer where a line names none; with `version` nothing has to be learned.
    ///   - version: its version where a line names none.
    ///   - now: the present.
    init(limits: ExternalLimits, name: String?, version: String?, now: ContinuousClock.Instant) {
        self.limits = limits
        self.name = name
        self.version = version
        progressAt = now
        if let name, let version { scorers = [Scorer(name: name, version: version)] }
        isLearning = scorers.isEmpty
    }

    /// How many pairs wait for an answer.
    var waiting: Int { live.count }

    /// How many more pairs may be sent now.
    var room: Int {
        guard isLearning else { return max(0, limits.inFlight - live.count) }
        guard learnedAt == nil else { return 0 }
        // A bad line may have been the answer to the pair that is out: the next one gets its chance.
        return max(0, min(limits.inFlight, 1 + strayFaults) - live.count)
    }

    /// Pairs that lack an answer of at least one of the program's scorers.
    var unansweredPairs: Int { sent - (scorers.map { tallies[$0]?.answered ?? 0 }.min() ?? 0) }

    /// Answers of all scorers.
    var answers: Int { tallies.values.reduce(0) { $0 + $1.answered } }

    /// A pair goes out.
    mutating func send(id: String, rowID: Int64, at now: ContinuousClock.Instant) {
        if live.isEmpty { progressAt = now }
        live[id] = Flight(rowID: rowID, number: sent)
        sent += 1
    }

    /// A line came in.
    ///
    /// - Parameters:
    ///   - line: its bytes.
    ///   - number: counted from 1.
    ///   - now: the present.
    /// - Returns: its scores, or why it does not count.
    mutating func receive(_ line: UnsafeRawBufferPointer, number: Int, at now: ContinuousClock.Instant) -> Reply {
        let json: JSON
        do {
            json = try JSON(parsing: line)
        } catch {
            strayFaults += 1
            return fault(number, error.description)
        }
        do {
            return .scores(try accept(try ScoreLine(json), at: now))
        } catch {
            if let id = ScoreLine.id(of: json), let flight = live.removeValue(forKey: id) {
                progressAt = now
                remember(id, flight)
            } else {
                strayFaults += 1
            }
            return fault(number, error.description)
        }
    }

    /// Lets time pass.
    mutating func advance(to now: ContinuousClock.Instant) -> Alarm? {
        if isLearning, let learnedAt, now >= learnedAt + limits.settle { isLearning = false }
        if faultsInARow >= limits.badLinesInARow { return .flooding }
        guard !live.isEmpty else { return nil }
        if now >= progressAt + limits.timeout { return .stalled }
        if now >= progressAt + limits.timeout / 2, !isLearning, room == 0 {
            passOver()
            // The program is given more, and the time for it.
            if room > 0 { progressAt = now }
        }
        return nil
    }

    /// When time has to pass again; nil where it need not.
    func deadline(after now: ContinuousClock.Instant) -> ContinuousClock.Instant? {
        var times: [ContinuousClock.Instant] = []
        if isLearning, let learnedAt { times.append(learnedAt + limits.settle) }
        if !live.isEmpty { times += [progressAt + limits.timeout / 2, progressAt + limits.timeout] }
        return times.filter { $0 > now }.min()
    }

    // MARK: - Lines

    private mutating func accept(
        _ line: ScoreLine,
        at now: ContinuousClock.Instant
    ) throws(LineError) -> [PairScores] {
        guard var flight = live[line.id] ?? past[line.id] else {
            throw LineError("The key `id` names no pair that was sent and waits for an answer.")
        }
        var given: [PairScores] = []
        for entry in line.entries {
            let scorer = try scorer(of: entry)
            guard !flight.scorers.contains(scorer) else {
                throw LineError("The pair has an answer of this scorer already; each scorer answers a pair once.")
            }
            flight.scorers.append(scorer)
            let values = ScorerValues(
                scorer: scorer,
                stable: entry.stable,
                shadow: entry.shadow,
                control: entry.control,
                pair: entry.pair
            )
            given.append(PairScores(pairRowID: flight.rowID, values: values))
        }
        let new = flight.scorers.filter { !scorers.contains($0) }
        guard scorers.count + new.count <= limits.scorers else {
            throw LineError(
                "The program has named more than \(limits.scorers) scorers; a name and a version stand for a scorer, "
                    + "not for a pair or a time."
            )
        }
        scorers += new
        count(given, flight)
        if live.removeValue(forKey: line.id) != nil {
            progressAt = now
        } else if flight.wasPassedOver {
            passesOver = false
            flight.wasPassedOver = false
        }
        remember(line.id, flight)
        if learnedAt == nil { learnedAt = now }
        newestAnswered = max(newestAnswered, flight.number)
        if passesOver { passOver() }
        return given
    }

    private mutating func count(_ given: [PairScores], _ flight: Flight) {
        faultsInARow = 0
        if flight.scorers.count == given.count { answeredPairs += 1 }
        for score in given {
            let values = score.values
            tallies[values.scorer, default: Tally()].answered += 1
            if values == ScorerValues(scorer: values.scorer) { tallies[values.scorer]?.undefined += 1 }
        }
    }

    private func scorer(of entry: ScoreLine.Entry) throws(LineError) -> Scorer {
        guard let name = entry.scorer ?? name else {
            throw LineError("The key `scorer` is missing; name the scorer there or with --name.")
        }
        if let problem = ExternalScorerName.problem(withName: name) { throw LineError("The key `scorer` \(problem).") }
        guard let version = entry.version ?? version else {
            throw LineError("The key `version` is missing; name the scorer's version there or with --version.")
        }
        if let problem = ExternalScorerName.problem(withVersion: version) {
            throw LineError("The key `version` \(problem).")
        }
        return Scorer(name: name, version: version)
    }

    private mutating func fault(_ line: Int, _ reason: String) -> Reply {
        faults += 1
        faultsInARow += 1
        return .fault(ExternalFault(line: line, reason: reason))
    }

    // MARK: - Pairs that left the window

    private mutating func remember(_ id: String, _ flight: Flight) {
        guard past.updateValue(flight, forKey: id) == nil else { return }
        if pastIDs.count < limits.remembered {
            pastIDs.append(id)
        } else {
            past[pastIDs[oldest]] = nil
            pastIDs[oldest] = id
            oldest = (oldest + 1) % pastIDs.count
        }
    }

    /// Gives up the pairs that were overtaken by an answered one.
    private mutating func passOver() {
        for (id, flight) in live where flight.number < newestAnswered {
            live[id] = nil
            var flight = flight
            flight.wasPassedOver = true
            remember(id, flight)
            passesOver = true
        }
    }
}
