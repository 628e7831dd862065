// The evaluator's one window on the store: what was declared, the rows without their words, the funnel.
//
// Several stores are read as one: replicas of a gateway that share a configuration, or shards of an import. Their rows
// are joined, pairs that stand in two of them are counted once, their funnels add up.

package import Evaluation
package import Foundation
package import PairStore
import Rating
import Scoring
package import Vocabulary

/// An evaluation over one store or several.
package struct StoredEvaluation {
    /// What is taken from a configuration file instead of the stored declaration, with the sentence that says so.
    package struct Override: Sendable {
        package var declaration: Declaration
        package var note: String

        package init(declaration: Declaration, note: String) {
            self.declaration = declaration
            self.note = note
        }
    }

    /// Why stored pairs cannot be evaluated.
    package enum Failure: Error, Sendable, CustomStringConvertible {
        case unreadableDeclaration(experiment: String)
        case unscored(path: String, limit: Int)

        package var description: String {
            switch self {
            case .unscored(let path, let limit):
                "More than \(limit) pairs of the store \(path) have no score of this version yet; "
                    + "`understudy evaluate --store \(path)` works them out and keeps them."
            case .unreadableDeclaration(let experiment):
                "The gates stored with the experiment '\(experiment)' cannot be read; give them with --config."
            }
        }
    }

    private enum Choice {
        case newest
        case named(String)
        case number(ExperimentID)
    }

    private let stores: [Store]
    private let choice: Choice
    /// How many pairs without a score are scored in memory, of each store.
    var maximumUnscored = FreshScores.maximumPairs

    /// - Parameters:
    ///   - stores: opened stores; the first one's experiment speaks for all.
    ///   - experiment: its name; nil: the newest one of the first store.
    package init(stores: [Store], experiment: String? = nil) {
        self.stores = stores
        choice = experiment.map(Choice.named) ?? .newest
    }

    /// The evaluation of one experiment of one store.
    package init(store: Store, experiment: ExperimentID) {
        stores = [store]
        choice = .number(experiment)
    }

    /// Reads the rows, gives the verdict, and records it.
    ///
    /// A REJECT that comes out for the first time is recorded with the experiment in every store that can be written. What other
    /// gates than the declared ones say is a question, not the experiment's verdict, and not recorded.
    ///
    /// - Parameters, returned value and errors: those of `look`.
    package func readiness(override: Override? = nil, asOf: Date? = nil, now: Date) throws -> Readiness {
        let readiness = try look(override: override, asOf: asOf, now: now)
        if override == nil { try record(readiness) }
        return readiness
    }

    /// Reads the rows and what raters said, and gives the verdict; nothing is written.
    ///
    /// Pairs that have no score yet are scored in memory, so that a look is what an evaluation at that moment would say.
    ///
    /// - Parameters:
    ///   - override: gates, shares and horizon of a file; nil: as they were declared.
    ///   - asOf: the time of the look; nil: now for an experiment that still runs, its closing for one that was closed, and for
    ///     imported pairs the newest one's time; what is more than a day ahead of now is set aside.
    ///   - now: the present.
    /// - Returns: the verdict, its pairs under their own identifiers.
    /// - Throws: `Failure`, or what a store throws.
    package func look(override: Override? = nil, asOf: Date? = nil, now: Date) throws -> Readiness {
        let chosen = try stores.map { try chosenExperiment(in: $0) }
        guard let first = chosen.first else { throw StoreError.noExperiment(path: "") }
        let isClosed = chosen.allSatisfy { $0.closedAt != nil || $0.declaration.experiment.startedAt == nil }
        // A look at a time that has not come would promise data that are not there.
        let closing = chosen.compactMap(\.closedAt).max()
        let end = min(isClosed ? closing ?? now : now, now)
        let isImported = first.declaration.experiment.startedAt == nil
        let until = asOf.map { min($0, now) } ?? (isImported ? nil : end)
        let declared = try override?.declaration ?? declaration(of: first)
        var observations = try observations(of: chosen, until: asOf == nil ? nil : until)
        observations.setAside(
            before: chosen.compactMap(\.declaration.experiment.startedAt).min(),
            // Times without a zone may be some hours ahead.
            after: isImported ? now.addingTimeInterval(86_400) : end
        )
        if isImported, let horizon = declared.horizon { observations.setAsideOutliers(horizon: horizon) }
        var input = EvaluationInput(
            experiment: first.declaration.experiment,
            declaration: declared,
            observations: observations,
            asOf: until,
            isClosed: isClosed,
            ratings: try ratings(of: chosen),
            notes: try notes(override, chosen)
        )
        for (store, experiment) in zip(stores, chosen) {
            input.funnel += try store.funnel.sum(experiment: experiment.id)
            for (intent, funnel) in try store.funnel.byIntent(experiment: experiment.id) {
                if let intent { input.funnelByIntent[intent, default: Funnel()] += funnel }
            }
            input.rejections += try store.experiments.rejections(experiment: experiment.id)
                .filter { rejection in asOf.map { rejection.time <= $0 } ?? true }
        }
        let readiness = input.readiness()
        return readiness.naming(try names(of: readiness))
    }

    /// What was declared with the chosen experiment of the first store.
    ///
    /// - Throws: `StoreError.noExperiment` and `Failure.unreadableDeclaration`.
    package func declaration() throws -> Declaration {
        guard let store = stores.first else { throw StoreError.noExperiment(path: "") }
        return try declaration(of: try chosenExperiment(in: store))
    }

    /// What people said; raters' items belong to one store, so of replicas the first that has ratings speaks.
    private func ratings(of chosen: [StoredExperiment]) throws -> RatingsFigures? {
        for (store, experiment) in zip(stores, chosen) {
            let summary = try RatingSummary(of: store, experiment: experiment.id)
            if summary.ratings > 0 { return RatingsFigures(summary) }
        }
        return nil
    }

    private func chosenExperiment(in store: Store) throws -> StoredExperiment {
        let chosen =
            switch choice {
            case .newest: try store.experiments.newest()
            case .named(let name): try store.experiments.named(name)
            case .number(let id): try store.experiments.numbered(id)
            }
        guard let experiment = chosen else { throw StoreError.noExperiment(path: store.path) }
        return experiment
    }

    private func declaration(of experiment: StoredExperiment) throws -> Declaration {
        let text = experiment.declaration.declaration
        guard !text.isEmpty else { return Declaration(horizon: experiment.declaration.experiment.horizon) }
        guard let declaration = try? Declaration(json: text) else {
            throw Failure.unreadableDeclaration(experiment: experiment.declaration.experiment.name)
        }
        return declaration
    }

    private func notes(_ override: Override?, _ chosen: [StoredExperiment]) throws -> [String] {
        var notes = override.map { [$0.note] } ?? []
        for (store, experiment) in zip(stores, chosen) {
            for change in try store.experiments.changes(experiment: experiment.id) where change.kind == .declaration {
                notes.append(
                    "The declaration was changed on \(Wording.day(change.time)) by \(change.actor): \(change.text)"
                )
            }
        }
        return notes
    }

    private func observations(of chosen: [StoredExperiment], until: Date?) throws -> Observations {
        var observations = Observations()
        let selection = ScoreSelection(preferring: Scorers.all)
        for (source, (store, experiment)) in zip(stores, chosen).enumerated() {
            // The store's bound is exclusive, ours inclusive.
            let end = until.map { $0.addingTimeInterval(1e-6) }
            let fresh = try FreshScores(of: store, experiment: experiment.id, limit: maximumUnscored)
            try store.pairs.forEachFigures(experiment: experiment.id, until: end, scores: selection) { figures in
                observations.append(
                    PairRow(figures, source: source, mayRepeat: stores.count > 1),
                    scores: fresh.joined(with: figures.scores, ofRow: figures.rowID)
                )
            }
        }
        return observations
    }

    private func record(_ readiness: Readiness) throws {
        let chosen = try stores.map { try chosenExperiment(in: $0) }
        for reason in readiness.reasons where reason.kind == .gateRejected {
            guard let metric = reason.metric else { continue }
            let gates = readiness.intents.first { $0.intent == reason.intent }?.gates ?? readiness.overall.gates
            let rejection = Rejection(
                metric: metric,
                intent: reason.intent,
                time: readiness.asOf,
                eValue: gates.first { $0.metric == metric }?.eValue,
                text: reason.text
            )
            for (store, experiment) in zip(stores, chosen) where store.access != .readOnly {
                try store.experiments.record(rejection, experiment: experiment.id)
            }
        }
    }

    /// The pairs' own identifiers for the rows that a verdict names.
    private func names(of readiness: Readiness) throws -> [RowID: String] {
        var names: [RowID: String] = [:]
        let wanted = Dictionary(grouping: readiness.namedRows, by: \.source)
        for (source, store) in stores.enumerated() {
            for (row, uid) in try store.pairs.uids(rowIDs: (wanted[source] ?? []).map(\.row)) {
                names[RowID(source: source, row: row)] = uid
            }
        }
        return names
    }
}

extension PairRow {
    /// The row of stored figures, without their scores.
    ///
    /// With `mayRepeat` it gets an identity, by which the same pair in another store is recognised.
    init(_ figures: PairFigures, source: Int, mayRepeat: Bool) {
        self.init(
            id: RowID(source: source, row: figures.rowID),
            time: figures.time,
            session: Fingerprint(high: figures.session.high, low: figures.session.low),
            intent: figures.intent,
            samplingProbability: figures.samplingProbability,
            isStreamed: figures.isStreamed,
            stable: LegRow(figures.stable),
            shadow: LegRow(figures.shadow),
            control: figures.control.map { LegRow($0) }
        )
        if mayRepeat { identity = Fingerprint(high: figures.key.high, low: figures.key.low) }
    }
}

extension LegRow {
    fileprivate init(_ figures: LegFigures) {
        self.init(
            version: figures.version,
            reportedModel: figures.reportedModel,
            outcome: figures.outcome,
            firstToken: figures.timings.firstToken,
            total: figures.timings.total,
            interTokenMedian: figures.timings.interTokenMedian,
            outputTokens: figures.usage.outputTokens,
            textByteCount: figures.textByteCount
        )
    }
}
