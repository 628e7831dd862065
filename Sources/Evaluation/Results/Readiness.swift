package import Foundation
package import Vocabulary

/// The answer of an evaluation: whether the shadow may go on stage, and everything that says why.
package struct Readiness: Sendable, Equatable {
    package var verdict: Verdict
    /// Every reason for the verdict, the gravest first; for PROMOTE the one sentence that says so.
    package var reasons: [Reason]
    package var experiment: Experiment
    package var horizon: HorizonState
    package var funnel: Funnel
    package var overall: ScopeReadiness
    /// By class name.
    package var intents: [IntentReadiness]
    /// What people said; nil where nobody was asked.
    package var ratings: RatingsFigures?
    /// The time up to which pairs were read.
    package var asOf: Date
    /// Sentences that a reader must know and that decide nothing (gates from a file instead of the stored ones, …).
    package var notes: [String]

    /// The three-way verdict.
    package enum Verdict: String, Sendable, Hashable, CaseIterable {
        case promote
        case hold
        case reject
    }

    package init(
        verdict: Verdict,
        reasons: [Reason],
        experiment: Experiment,
        horizon: HorizonState,
        funnel: Funnel,
        overall: ScopeReadiness,
        intents: [IntentReadiness],
        ratings: RatingsFigures? = nil,
        asOf: Date,
        notes: [String] = []
    ) {
        self.verdict = verdict
        self.reasons = reasons
        self.experiment = experiment
        self.horizon = horizon
        self.funnel = funnel
        self.overall = overall
        self.intents = intents
        self.ratings = ratings
        self.asOf = asOf
        self.notes = notes
    }
}

/// One reason for a verdict: a whole sentence with its figures, and the words to sort it by.
package struct Reason: Sendable, Equatable {
    package var kind: Kind
    /// The class concerned; nil where it is the whole.
    package var intent: IntentClass?
    /// The gate's metric; nil where no gate is concerned.
    package var metric: String?
    package var text: String

    /// What kind of reason it is; the raw values are those of the evaluation JSON.
    package enum Kind: String, Sendable, Hashable, CaseIterable {
        /// An e-process crossed its threshold: REJECT.
        case gateRejected = "gate_rejected"
        /// An earlier evaluation of this experiment said REJECT, and that stays.
        case rejectedEarlier = "rejected_earlier"
        case gateFailed = "gate_failed"
        case gateUndecided = "undecided"
        /// The configured version or the reported model changed within the run.
        case versionDrift = "version_drift"
        /// More sampled requests were lost than a verdict can bear.
        case funnelLoss = "funnel_loss"
        /// Stable's own error rate is too high to compare with.
        case stableDegraded = "stable_degraded"
        /// A gate asks for the control, and there is none.
        case controlMissing = "control_missing"
        case horizonNotReached = "horizon_not_reached"
        /// Too many pairs have times outside of the experiment.
        case strays
        /// There is no pair, or no gate, to judge by.
        case nothingToJudge = "nothing_to_judge"
        /// Every gate passes where it must: PROMOTE.
        case allGatesPass = "all_gates_pass"
    }

    package init(kind: Kind, intent: IntentClass? = nil, metric: String? = nil, text: String) {
        self.kind = kind
        self.intent = intent
        self.metric = metric
        self.text = text
    }
}

/// Figures and gates of one scope.
package struct ScopeReadiness: Sendable, Equatable {
    package var pairs: Int
    package var sessions: Int
    /// Pairs of these that no figure counts: the client left stable's answer, or a leg was not played.
    package var pairsNotCompared: Int
    package var metrics: [MetricFigures]
    package var gates: [GateResult]

    package init(
        pairs: Int,
        sessions: Int,
        pairsNotCompared: Int = 0,
        metrics: [MetricFigures],
        gates: [GateResult]
    ) {
        self.pairs = pairs
        self.sessions = sessions
        self.pairsNotCompared = pairsNotCompared
        self.metrics = metrics
        self.gates = gates
    }

    /// The figures of a metric by name.
    package func figures(of metric: String) -> MetricFigures? {
        metrics.first { $0.name == metric }
    }
}

/// Figures and gates of one intent class.
package struct IntentReadiness: Sendable, Equatable {
    package var intent: IntentClass
    /// The class's share of the traffic, weighted by the inverse of the sampling probability, 0…1.
    package var share: Double
    /// Whether the class has the share that lets it hold or reject.
    package var isGated: Bool
    package var scope: ScopeReadiness

    package init(intent: IntentClass, share: Double, isGated: Bool, scope: ScopeReadiness) {
        self.intent = intent
        self.share = share
        self.isGated = isGated
        self.scope = scope
    }

    package var pairs: Int { scope.pairs }
    package var sessions: Int { scope.sessions }
    package var metrics: [MetricFigures] { scope.metrics }
    package var gates: [GateResult] { scope.gates }
}

/// Where the experiment stands on its way to the look that may PROMOTE.
package struct HorizonState: Sendable, Equatable {
    /// As declared; nil for imported pairs without one.
    package var declared: Duration?
    /// A declared second and last look; nil without one.
    package var extended: Duration?
    /// From the experiment's start to the time of the evaluation; for imported pairs the span of their times.
    package var elapsed: Duration
    package var isReached: Bool
    /// 1, or 2 at a declared extension.
    package var look: Int
    /// The one-sided error that this look spends: 0.05, or 0.04 and 0.01 where two looks were declared.
    package var alpha: Double

    package init(
        declared: Duration?,
        extended: Duration? = nil,
        elapsed: Duration,
        isReached: Bool,
        look: Int = 1,
        alpha: Double = 0.05
    ) {
        self.declared = declared
        self.extended = extended
        self.elapsed = elapsed
        self.isReached = isReached
        self.look = look
        self.alpha = alpha
    }
}

/// What people said about the answers; computed by the rating side and handed in.
package struct RatingsFigures: Sendable, Equatable {
    package var items: Int
    package var ratings: Int
    package var raters: Int
    /// The share that prefers the shadow (ties a half), overall.
    package var preference: Estimate
    package var preferenceByIntent: [IntentClass: Estimate]
    /// Krippendorff's α.
    package var alpha: Estimate
    /// Judge against humans, Cohen's κ; nil without a judge.
    package var judgeKappa: Estimate?
    /// The prediction-powered preference; nil without a judge.
    package var predictionPowered: Estimate?

    package init(
        items: Int = 0,
        ratings: Int = 0,
        raters: Int = 0,
        preference: Estimate = Estimate(),
        preferenceByIntent: [IntentClass: Estimate] = [:],
        alpha: Estimate = Estimate(),
        judgeKappa: Estimate? = nil,
        predictionPowered: Estimate? = nil
    ) {
        self.items = items
        self.ratings = ratings
        self.raters = raters
        self.preference = preference
        self.preferenceByIntent = preferenceByIntent
        self.alpha = alpha
        self.judgeKappa = judgeKappa
        self.predictionPowered = predictionPowered
    }
}
