import Evaluation
import Foundation
import JSON
import PairStore
import Report
import Scoring
import TestSupport
import Testing
import Threads
import Vocabulary

@testable import Workflows

/// Scores and evaluations through a real store.
struct StoreTests {
    /// A new store in a folder of its own, removed afterwards.
    private func withStores(_ count: Int = 1, _ body: ([Store]) throws -> Void) throws {
        try withTemporaryFolder { folder in
            let stores = try (0..<count).map {
                try Store.open(path: "\(folder)/\($0).sqlite", access: .createOrOpen)
            }
            try body(stores)
            for store in stores { try store.close() }
        }
    }

    /// Pairs in sessions of two; the shadow refuses the first `refused` of them.
    private func pairs(_ count: Int, refused: Int, prefix: String = "p", control: Bool = false) -> [Pair] {
        (0..<count).map { number in
            var pair = Sample.pair(
                id: "\(prefix)-\(number)",
                prompt: "Where is my order number ORD-\(10_000 + number) with the lamp?",
                stable: Sample.answer("Your order ORD-\(10_000 + number) with the lamp is on its way."),
                shadow: Sample.answer(
                    number < refused
                        ? "I'm sorry, but I can't help with that."
                        : "The order ORD-\(10_000 + number) with the lamp is on its way."
                ),
                control: control ? Sample.answer("Your order ORD-\(10_000 + number) with the lamp is on its way.") : nil
            )
            pair.session = SessionHash(hex: "\(prefix)-session-\(number / 2)")
            pair.shadow.version = "v2"
            pair.time = Sample.start.addingTimeInterval(Double(number))
            return pair
        }
    }

    private func fill(_ store: Store, _ pairs: [Pair], _ declaration: Declaration) throws {
        let experiment = Experiment(name: "import", stableVersion: "v1", shadowVersion: "v2")
        let id = try store.experiments.declare(
            ExperimentDeclaration(experiment: experiment, declaration: try declaration.json()),
            by: "test",
            at: Sample.start
        )
        _ = try store.pairs.add(pairs.map { ImportedPair(pair: $0) }, into: id, policy: .full)
    }

    private let refusalGate = Declaration(
        gates: [Gate(metric: "new_refusal", margin: .absolute(0.02), scope: .everyIntent)]
    )

    @Test func `pairs are scored once, and a second pass finds nothing to do`() throws {
        try withStores { stores in
            try fill(stores[0], pairs(300, refused: 0, control: true), refusalGate)
            let pass = ScoringPass(store: stores[0])
            #expect(try pass.run() == 300)
            let again = ScoringPass(store: stores[0])
            #expect(try again.run() == 0)
            var seen = 0
            try stores[0].pairs.forEachPair { stored in
                let isAsExpected =
                    stored.pair.stable.scores["refusal"] == 0 && stored.pair.stable.scores["identifier_recall"] == 1
                    && stored.pair.control?.scores["exact_match"] == 1 && stored.pairScores["exact_match"] == 0
                if isAsExpected { seen += 1 }
                return true
            }
            #expect(seen == 300)
        }
    }

    @Test func `what is scored while it is stored has the scores that a later pass would give`() async throws {
        let folder = try TestFolder()
        defer { withExtendedLifetime(folder) {} }
        // Redaction changes what can be scored: the order's number is gone.
        let policy = TextPolicy.redacted { { $0.replacingOccurrences(of: "ORD-1000", with: "<NUMBER>") } }
        var scores: [[[String: Double]]] = []
        for scorer in [nil, ScoringAtStoring()] {
            let path = folder.path + (scorer == nil ? "/later" : "/at once")
            let store = try Store.open(path: path, access: .createOrOpen)
            let id = try store.experiments.declare(
                ExperimentDeclaration(experiment: Experiment(name: "live"), declaration: "[]"),
                by: "test",
                at: Sample.start
            )
            let writer = try PairWriter(store: store, experiment: id, policy: policy, scorer: scorer)
            for pair in pairs(20, refused: 5, control: true) { #expect(writer.append(pair) { _ in }) }
            await writer.close()
            let pass = ScoringPass(store: store)
            #expect(try pass.run() == (scorer == nil ? 20 : 0))
            var all: [[String: Double]] = []
            try store.pairs.forEachPair { stored in
                all += [
                    stored.pair.stable.scores, stored.pair.shadow.scores, stored.pair.control?.scores ?? [:],
                    stored.pairScores,
                ]
                return true
            }
            scores.append(all)
            try store.close()
        }
        #expect(scores[0].count == 80)
        #expect(scores[0].allSatisfy { !$0.isEmpty })
        #expect(scores[0] == scores[1])
    }

    @Test func `a look records nothing, and is of the experiment that it is asked for`() throws {
        try withStores { stores in
            try fill(stores[0], pairs(400, refused: 36), refusalGate)
            let experiment = try #require(try stores[0].experiments.newest()?.id)
            try ScoringPass(store: stores[0]).run()
            let later = ExperimentDeclaration(
                experiment: Experiment(name: "later"),
                declaration: try refusalGate.json()
            )
            _ = try stores[0].experiments.declare(later, by: "test", at: Sample.start.addingTimeInterval(1))
            let evaluation = StoredEvaluation(store: stores[0], experiment: experiment)
            let look = try evaluation.look(now: Sample.start)
            #expect(look.verdict == .reject)
            #expect(look.experiment.name == "import")
            #expect(try stores[0].experiments.rejections(experiment: experiment).isEmpty)
            // What is meant to last says so.
            #expect(try evaluation.readiness(now: Sample.start).verdict == .reject)
            #expect(try !stores[0].experiments.rejections(experiment: experiment).isEmpty)
        }
    }

    @Test func `a look scores as many pairs as it may, and says how to score more`() throws {
        try withStores { stores in
            try fill(stores[0], pairs(40, refused: 0), refusalGate)
            let experiment = try #require(try stores[0].experiments.newest()?.id)
            var evaluation = StoredEvaluation(store: stores[0], experiment: experiment)
            #expect(evaluation.maximumUnscored == 20_000)
            evaluation.maximumUnscored = 40
            #expect(try evaluation.look(now: Sample.start).overall.pairs == 40)
            evaluation.maximumUnscored = 39
            let path = stores[0].path
            #expect {
                try evaluation.look(now: Sample.start)
            } throws: { error in
                guard case .unscored(path, 39) = error as? StoredEvaluation.Failure else { return false }
                return "\(error)".contains("`understudy evaluate --store \(path)`")
            }
            // Nothing was kept; what has its scores does not count.
            try ScoringPass(store: stores[0]).run()
            #expect(try evaluation.look(now: Sample.start).overall.pairs == 40)
        }
    }

    @Test func `a look that cannot write is what an evaluation of that moment says`() throws {
        try withStores { stores in
            try fill(stores[0], pairs(400, refused: 36, control: true), refusalGate)
            let ratings = (0..<20).map {
                StoredRating(subject: .pair("p-\($0)"), rater: "r\($0 % 2)", choice: .stable, time: Sample.start)
            }
            #expect(try stores[0].ratings.save(ratings, policy: .full).added == 20)
            let looking = try Store.open(path: stores[0].path, access: .readOnly)
            let look = try StoredEvaluation(stores: [looking]).look(now: Sample.start)
            try looking.close()
            let experiment = try #require(try stores[0].experiments.newest()?.id)
            #expect(try stores[0].experiments.rejections(experiment: experiment).isEmpty)
            #expect(try stores[0].scores.lacking(of: Scorers.all, limit: 1_000).count == 400)

            try ScoringPass(store: stores[0]).run()
            let readiness = try EvaluationRequest().readiness(of: stores, now: Sample.start)
            #expect(readiness.verdict == .reject)
            #expect(readiness.ratings?.ratings == 20)
            #expect(look.json.bytes() == readiness.json.bytes())
        }
    }

    @Test func `a store without a declaration has its experiment's horizon, with a file's gates too`() throws {
        try withStores { stores in
            let experiment = Experiment(name: "bare", startedAt: Sample.start, horizon: .seconds(3 * 86_400))
            let id = try stores[0].experiments.declare(
                ExperimentDeclaration(experiment: experiment),
                by: "test",
                at: Sample.start
            )
            _ = try stores[0].pairs.add(
                pairs(40, refused: 0).map { ImportedPair(pair: $0) },
                into: id,
                policy: .full
            )
            try ScoringPass(store: stores[0]).run()
            let file = stores[0].path + ".yaml"
            try Data("gates: [{ metric: error, margin: 0.01 }]\n".utf8).write(to: URL(fileURLWithPath: file))
            let now = Sample.start.addingTimeInterval(4 * 86_400)
            let declared = try EvaluationRequest().readiness(of: stores, now: now)
            let overridden = try EvaluationRequest(configurationPath: file).readiness(of: stores, now: now)
            #expect(declared.horizon.declared == .seconds(3 * 86_400))
            #expect(overridden.horizon.declared == .seconds(3 * 86_400))
        }
    }

    @Test func `a rejection is found, names its pairs and stays`() throws {
        try withStores { stores in
            try fill(stores[0], pairs(400, refused: 36), refusalGate)
            let pass = ScoringPass(store: stores[0])
            try pass.run()
            let readiness = try StoredEvaluation(stores: stores).readiness(now: Sample.start)
            #expect(readiness.verdict == .reject)
            #expect(readiness.overall.sessions == 200)
            guard case .harm(let figures, _)? = readiness.overall.figures(of: "new_refusal")?.body else {
                Issue.record("no figures of new_refusal")
                return
            }
            #expect(figures.worst == ["p-35", "p-34", "p-33", "p-32", "p-31"])
            // 500 more sessions without a refusal take the evidence back, not the verdict.
            let id = try #require(try stores[0].experiments.all().first?.id)
            let more = pairs(1_000, refused: 0, prefix: "q").map { ImportedPair(pair: $0) }
            _ = try stores[0].pairs.add(more, into: id, policy: .full)
            let second = ScoringPass(store: stores[0])
            try second.run()
            let later = try StoredEvaluation(stores: stores).readiness(now: Sample.start)
            #expect(later.verdict == .reject)
            #expect(later.reasons.first?.kind == .rejectedEarlier)
        }
    }

    @Test func `several stores are read as one`() throws {
        try withStores(2) { stores in
            try fill(stores[0], pairs(200, refused: 0), refusalGate)
            try fill(stores[1], pairs(200, refused: 0, prefix: "q") + pairs(10, refused: 0), refusalGate)
            for store in stores {
                let pass = ScoringPass(store: store)
                try pass.run()
            }
            let readiness = try StoredEvaluation(stores: stores).readiness(now: Sample.start)
            #expect(readiness.overall.pairs == 400)
            #expect(readiness.overall.sessions == 200)
            #expect(readiness.verdict == .promote)
            #expect(readiness.notes == ["10 pairs stood in more than one store and are counted once."])
        }
    }

    @Test func `gates of a file replace the stored ones, and the answer says so`() throws {
        try withStores { stores in
            try fill(stores[0], pairs(40, refused: 0), refusalGate)
            let pass = ScoringPass(store: stores[0])
            try pass.run()
            let loose = Declaration(gates: [Gate(metric: "new_refusal", margin: .absolute(0.2), scope: .everyIntent)])
            let readiness = try StoredEvaluation(stores: stores).readiness(
                override: .init(declaration: loose, note: "The gates are those of other.yaml."),
                now: Sample.start
            )
            #expect(readiness.verdict == .promote)
            #expect(readiness.notes == ["The gates are those of other.yaml."])
            #expect(try StoredEvaluation(stores: stores).readiness(now: Sample.start).verdict == .hold)
        }
    }

    @Test func `a store without an experiment is an error that says what to do`() throws {
        try withStores { stores in
            #expect(throws: StoreError.noExperiment(path: stores[0].path)) {
                try StoredEvaluation(stores: stores).readiness(now: Sample.start)
            }
        }
    }

    @Test func `a pair whose check was given up counts as scored, and is not tried again`() throws {
        try withStores { stores in
            var pair = pairs(1, refused: 0)[0]
            pair.request.responseFormat = """
                {"type":"json_schema","json_schema":{"schema":{"anyOf":[{"$ref":"#"},{"$ref":"#"}]}}}
                """
            pair.stable.text = "{}"
            pair.shadow.text = "{}"
            try fill(stores[0], [pair], refusalGate)
            #expect(try ScoringPass(store: stores[0]).run() == 1)
            #expect(try ScoringPass(store: stores[0]).run() == 0)
            let stored = try #require(try stores[0].pairs.load(uid: pair.id)).pair
            #expect(stored.shadow.scores["malformed"] == nil && stored.shadow.scores["quality"] == nil)
            #expect(stored.shadow.scores["refusal"] == 0)
        }
    }

    /// Breaks the marks of some compressed texts where they lie in the file (RFC 8878, §3.1.1).
    private func breakFrames(_ count: Int, in path: String) throws -> Int {
        var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        var broken = 0
        var from = bytes.startIndex
        while broken < count, let mark = bytes.range(of: Data([0x28, 0xB5, 0x2F, 0xFD]), in: from..<bytes.endIndex) {
            bytes[mark.lowerBound] = 0
            broken += 1
            from = mark.upperBound
        }
        try bytes.write(to: URL(fileURLWithPath: path))
        return broken
    }

    @Test func `a text that cannot be read back is told once, and holds up no other pair and no verdict`() throws {
        try withStores { stores in
            let path = stores[0].path
            try fill(stores[0], pairs(40, refused: 40), refusalGate)
            try stores[0].close()
            let broken = try breakFrames(2, in: path)
            #expect(broken == 2)
            let store = try Store.open(path: path, access: .readWrite)
            let told = Locked<[StoreError]>([])
            let scored = try ScoringPass(store: store, workers: 1).run(unreadable: { error in
                told.withLock { $0.append(error) }
            })
            #expect(scored == 40)
            #expect(told.withLock { $0.map { "\($0)".contains("cannot be read back") } } == [true])
            #expect(try ScoringPass(store: store).run() == 0)
            let readiness = try StoredEvaluation(stores: [store]).look(now: Sample.start.addingTimeInterval(100))
            // Also the row of a broken pair is named where a verdict names rows.
            #expect(readiness.overall.pairs == 40)
            try store.close()
        }
    }

    // MARK: Times that cannot be right

    private static let day = 86_400.0
    private static let weekLong = Declaration(
        gates: [Gate(metric: "new_refusal", margin: .absolute(0.02), scope: .everyIntent)],
        horizon: .seconds(7 * 86_400)
    )

    /// Pairs of two days, and some at other times.
    private func twoDays(with strays: [Double]) -> [Pair] {
        let times = (0..<100).map { Double($0) * 2 * Self.day / 100 } + strays
        return zip(pairs(times.count, refused: 0), times).map { pair, seconds in
            var pair = pair
            pair.time = Sample.start.addingTimeInterval(seconds)
            return pair
        }
    }

    /// 2099, 1970, and a clock that is some days ahead.
    @Test(arguments: [2_300_000_000, -1_790_000_000, 6 * 86_400.0])
    func `one imported pair of a wrong clock reaches no horizon`(seconds: Double) throws {
        try withStores { stores in
            try fill(stores[0], twoDays(with: [seconds]), Self.weekLong)
            let now = Sample.start.addingTimeInterval(90 * Self.day)
            let readiness = try StoredEvaluation(stores: stores).readiness(now: now)
            #expect(!readiness.horizon.isReached)
            #expect(readiness.overall.pairs == 100)
            #expect(readiness.notes.contains { $0.hasPrefix("1 pair had times outside") })
            #expect(!readiness.reasons.contains { $0.kind == .strays })
        }
    }

    @Test func `many pairs of wrong clocks hold, by name`() throws {
        try withStores { stores in
            try fill(stores[0], twoDays(with: (0..<4).map { -1_000_000_000 + Double($0) }), Self.weekLong)
            let now = Sample.start.addingTimeInterval(90 * Self.day)
            let readiness = try StoredEvaluation(stores: stores).readiness(now: now)
            let stray = readiness.reasons.first { $0.kind == .strays }
            #expect(readiness.verdict == .hold)
            #expect(stray?.text.hasPrefix("4 of 104 pairs have times outside of the experiment") == true)
        }
    }

    @Test(arguments: [true, false])
    func `a served experiment is looked at within its own time`(isClosed: Bool) throws {
        try withStores { stores in
            let experiment = Experiment(
                name: "week",
                startedAt: Sample.start.addingTimeInterval(-1),
                horizon: .seconds(7 * 86_400),
                stableVersion: "v1",
                shadowVersion: "v2"
            )
            let id = try stores[0].experiments.declare(
                ExperimentDeclaration(experiment: experiment, declaration: try Self.weekLong.json()),
                by: "test",
                at: Sample.start
            )
            let pairs = twoDays(with: [2_300_000_000, -1_790_000_000])
            _ = try stores[0].pairs.add(pairs.map { ImportedPair(pair: $0) }, into: id, policy: .full)
            let end = Sample.start.addingTimeInterval(3 * Self.day)
            if isClosed { try stores[0].experiments.close(id, at: end) }
            let now = isClosed ? Sample.start.addingTimeInterval(90 * Self.day) : end
            let readiness = try StoredEvaluation(stores: stores).readiness(now: now)
            #expect(!readiness.horizon.isReached)
            #expect(readiness.asOf == end)
            #expect(readiness.overall.pairs == 100)
        }
    }
}
