// From observations and what was declared to the verdict.

package import Foundation
package import Vocabulary

/// Everything that a verdict rests on.
package struct EvaluationInput: Sendable {
    package var experiment: Experiment
    package var declaration: Declaration
    package var observations: Observations
    package var funnel: Funnel
    package var funnelByIntent: [IntentClass: Funnel]
    /// The time of the look, behind which pairs are left out; nil: the newest pair's time.
    package var asOf: Date?
    /// Whether no more pairs can come: the store is closed, or the pairs were imported.
    package var isClosed: Bool
    /// What earlier evaluations reported; it stays with the experiment.
    package var rejections: [Rejection]
    package var ratings: RatingsFigures?
    package var notes: [String]

    package init(
        experiment: Experiment,
        declaration: Declaration,
        observations: Observations,
        funnel: Funnel = Funnel(),
        funnelByIntent: [IntentClass: Funnel] = [:],
        asOf: Date? = nil,
        isClosed: Bool = true,
        rejections: [Rejection] = [],
        ratings: RatingsFigures? = nil,
        notes: [String] = []
    ) {
        self.experiment = experiment
        self.declaration = declaration
        self.observations = observations
        self.funnel = funnel
        self.funnelByIntent = funnelByIntent
        self.asOf = asOf
        self.isClosed = isClosed
        self.rejections = rejections
        self.ratings = ratings
        self.notes = notes
    }
}

extension EvaluationInput {
    /// The verdict with every figure and reason; a pure function of the input.
    ///
    /// Pairs are named by their rows until ``Readiness/naming(_:)`` puts their own identifiers in.
    package func readiness() -> Readiness {
        let asOf = asOf ?? observations.newest ?? Date(timeIntervalSince1970: 0)
        let schedule = LookSchedule(
            start: experiment.startedAt ?? observations.oldest ?? asOf,
            horizon: declaration.horizon,
            extended: declaration.extendedHorizon,
            isImported: experiment.startedAt == nil
        )
        let looks = schedule.looks(at: asOf).map { readiness(at: $0, asOf: asOf) }
        // Two declared looks share their error, so a PROMOTE of the first one stands.
        let promoted = looks.first { $0.verdict == .promote }
        let isRejected = looks.last?.verdict == .reject
        return (isRejected ? looks.last : promoted ?? looks.last) ?? readiness(at: schedule.first(at: asOf), asOf: asOf)
    }

    private func readiness(at look: Look, asOf: Date) -> Readiness {
        let now = asOf.timeIntervalSince1970
        let idleAt = isClosed ? nil : now
        let (weights, isCompared) = (observations.weights, observations.isCompared)
        let evidence = observations.rows(until: now, idleAt: idleAt)
        // The one look is at the same sessions whenever it is made: all up to the horizon, as they were then.
        let rows = look.end < now ? observations.rows(until: look.end, idleAt: nil) : evidence
        let classes = observations.intents.enumerated().sorted { $0.element < $1.element }
        let judge = GateJudge(alpha: look.alpha, hypotheses: hypotheses)
        let compared = rows.filter { isCompared[Int($0)] }
        let isAllEvidence = rows == evidence
        let comparedEvidence = isAllEvidence ? compared : evidence.filter { isCompared[Int($0)] }
        let allWeight = rows.reduce(0) { $0 + weights[Int($1)] }
        let (byClass, comparedByClass) = (observations.byClass(rows), observations.byClass(compared))
        let evidenceByClass = isAllEvidence ? comparedByClass : observations.byClass(comparedEvidence)

        var intents: [IntentReadiness] = []
        for (number, intent) in classes {
            let classRows = byClass[number]
            guard !classRows.isEmpty else { continue }
            let scope = Scope(comparedByClass[number], of: observations)
            let evidenceScope = Scope(evidenceByClass[number], of: observations)
            let share = classRows.reduce(0) { $0 + weights[Int($1)] } / allWeight
            var gates = declaration.gates.filter { $0.scope == .everyIntent }
                .map { judge.judge($0, scope: scope, evidence: evidenceScope) }
            accept(&gates, in: intent)
            intents.append(
                IntentReadiness(
                    intent: intent,
                    share: share,
                    isGated: share >= declaration.minimumShare,
                    scope: readiness(of: scope, all: classRows, gates: gates)
                )
            )
        }
        let scope = Scope(compared, of: observations)
        let evidenceScope = Scope(comparedEvidence, of: observations)
        let overallGates = declaration.gates.filter { $0.scope == .overall }
            .map { judge.judge($0, scope: scope, evidence: evidenceScope) }
        var readiness = Readiness(
            verdict: .hold,
            reasons: [],
            experiment: experiment,
            horizon: look.state,
            funnel: funnel,
            overall: self.readiness(of: scope, all: rows, gates: overallGates),
            intents: intents,
            ratings: ratings,
            asOf: asOf,
            notes: allNotes
        )
        VerdictRules(
            input: self,
            rows: compared,
            evidence: evidence,
            sessionsPerDay: { sessions in
                let span = min(look.end, now) - (observations.oldest?.timeIntervalSince1970 ?? now)
                return experiment.startedAt != nil && span >= 3_600 ? Double(sessions) / (span / 86_400) : nil
            }
        ).apply(to: &readiness)
        return readiness
    }

    private var allNotes: [String] {
        var all = notes
        if observations.duplicates > 0 {
            all.append("\(observations.duplicates) pairs stood in more than one store and are counted once.")
        }
        if observations.strays > 0 {
            all.append(
                "\(Wording.count(observations.strays, "pair")) had times outside of the experiment and are in no figure."
            )
        }
        return all
    }

    private func readiness(of scope: Scope, all rows: [Int32], gates: [GateResult]) -> ScopeReadiness {
        ScopeReadiness(
            pairs: rows.count,
            sessions: SessionRows(rows, of: observations).sessions,
            pairsNotCompared: rows.count - scope.rows.rows.count,
            metrics: scope.figures(),
            gates: gates
        )
    }

    private func accept(_ gates: inout [GateResult], in intent: IntentClass) {
        guard let acceptance = declaration.accept.first(where: { $0.intent == intent.rawValue }) else { return }
        for index in gates.indices where gates[index].state == .undecided {
            gates[index].state = .accepted
            gates[index].acceptedReason = acceptance.reason
        }
    }

    /// T: one e-process per gate that has one and class (`other` included), or once where it is judged overall.
    ///
    /// Fixed by the declaration. Pairs that were imported without declared classes bring their own, and a class that
    /// turns up undeclared is counted as well, so that no e-process runs uncounted.
    private var hypotheses: Int {
        let seen = Set(observations.intents)
        let classes = declaration.classes.isEmpty ? seen : seen.union(declaration.classes).union([.other])
        let count = declaration.gates.reduce(0) { count, gate in
            guard GateMetric(gate.metric)?.hasEProcess == true else { return count }
            return count + (gate.scope == .everyIntent ? classes.count : 1)
        }
        return max(1, count)
    }
}

extension Readiness {
    /// The identifiers that stand for pairs in this value.
    package var namedRows: Set<RowID> {
        var names: Set<PairName> = []
        for metric in overall.metrics + intents.flatMap(\.metrics) {
            switch metric.body {
            case .harm(let figures, _): names.formUnion(figures.worst)
            case .score(let figures): names.formUnion(figures.worst.map(\.id))
            case .magnitude, .churn: break
            }
        }
        return Set(names.compactMap(\.row))
    }

    /// A copy in which pairs go by their identifiers; one whose identifier is not given stays as it is.
    package func naming(_ names: [RowID: String]) -> Readiness {
        var copy = self
        copy.overall.rename(names)
        for index in copy.intents.indices { copy.intents[index].scope.rename(names) }
        return copy
    }
}

extension ScopeReadiness {
    fileprivate mutating func rename(_ names: [RowID: String]) {
        for index in metrics.indices {
            switch metrics[index].body {
            case .harm(var figures, let asymmetric):
                figures.worst = figures.worst.map { $0.replaced(by: names) }
                metrics[index].body = .harm(figures, asymmetric: asymmetric)
            case .score(var figures):
                for index in figures.worst.indices {
                    figures.worst[index].id = figures.worst[index].id.replaced(by: names)
                }
                metrics[index].body = .score(figures)
            case .magnitude, .churn: break
            }
        }
    }
}
