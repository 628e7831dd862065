package import Statistics
package import Vocabulary

/// An estimate with its two-sided 95 % interval; either is nil where there are too few sessions for it.
///
/// "Cannot tell" is never a number: `neededSessions` then says how many sessions the missing part asks for. All three
/// are nil where nothing was measured at all.
package struct Estimate: Sendable, Equatable {
    package var value: Double?
    package var interval: Interval?
    /// The sessions that the missing value or interval needs in total; nil where nothing is missing for want of them.
    package var neededSessions: Int?

    package init(_ value: Double? = nil, interval: Interval? = nil, neededSessions: Int? = nil) {
        self.value = value
        self.interval = interval
        self.neededSessions = neededSessions
    }
}

/// The figures of one metric in one scope (a class, or overall).
package struct MetricFigures: Sendable, Equatable {
    /// The metric's name, such as `refusal`, `score.correct` or `total_time`.
    package var name: String
    package var unit: String?
    /// Pairs on which the metric is defined on both legs.
    package var pairs: Int
    /// Sessions of these pairs: the `n` of every interval.
    package var sessions: Int
    package var body: Body

    /// The figures themselves, by kind.
    package enum Body: Sendable, Equatable {
        /// Of kinds `harm` and `asymmetric`.
        case harm(HarmFigures, asymmetric: Bool)
        case score(ScoreFigures)
        case magnitude(MagnitudeFigures)
        case churn(ChurnFigures)
    }

    package var kind: MetricKind {
        switch body {
        case .harm(_, let asymmetric): asymmetric ? .asymmetric : .harm
        case .score: .score
        case .magnitude: .magnitude
        case .churn: .churn
        }
    }

    package init(name: String, unit: String?, pairs: Int, sessions: Int, body: Body) {
        self.name = name
        self.unit = unit
        self.pairs = pairs
        self.sessions = sessions
        self.body = body
    }
}

/// Rates of a harm on both legs.
///
/// For an asymmetric harm `shadow` is the rate of pairs in which the shadow was so much worse, `stable` the rate of
/// its mirror image, and `difference` is net.
package struct HarmFigures: Sendable, Equatable {
    package var stable: Estimate
    package var shadow: Estimate
    /// Stable's second answer to the same requests; nil where no control was drawn.
    package var control: Estimate?
    /// Shadow − stable.
    package var difference: Estimate
    /// Pairs in which only the shadow did harm.
    package var shadowOnly: Int
    /// Pairs in which only stable did harm.
    package var stableOnly: Int
    /// Identifiers of pairs in which only the shadow did harm, the newest first; a few.
    package var worst: [PairName]

    package init(
        stable: Estimate,
        shadow: Estimate,
        control: Estimate? = nil,
        difference: Estimate,
        shadowOnly: Int,
        stableOnly: Int,
        worst: [PairName] = []
    ) {
        self.stable = stable
        self.shadow = shadow
        self.control = control
        self.difference = difference
        self.shadowOnly = shadowOnly
        self.stableOnly = stableOnly
        self.worst = worst
    }
}

/// A score's figures on both legs, tails first.
package struct ScoreFigures: Sendable, Equatable {
    package var stable: ScoreSide
    package var shadow: ScoreSide
    package var control: ScoreSide?
    /// Shadow − stable, of the means: negative is worse.
    package var difference: Estimate
    /// The share of the shadow's answers in what is stable's worst 5 %: 0.05 is no change.
    package var tailMass: Estimate
    /// Pairs in which the shadow scored lower by 0.5 or more.
    package var severeShadow: Int
    /// Pairs in which stable scored lower by 0.5 or more.
    package var severeStable: Int
    /// The pairs in which the shadow fell furthest behind, the worst first; a few.
    package var worst: [WorstPair]

    package init(
        stable: ScoreSide,
        shadow: ScoreSide,
        control: ScoreSide? = nil,
        difference: Estimate,
        tailMass: Estimate,
        severeShadow: Int,
        severeStable: Int,
        worst: [WorstPair] = []
    ) {
        self.stable = stable
        self.shadow = shadow
        self.control = control
        self.difference = difference
        self.tailMass = tailMass
        self.severeShadow = severeShadow
        self.severeStable = severeStable
        self.worst = worst
    }
}

/// The distribution of a score on one leg.
package struct ScoreSide: Sendable, Equatable {
    package var mean: Estimate
    package var p01: Estimate
    package var p05: Estimate
    package var p10: Estimate
    /// The mean of the worst 5 %.
    package var cvar05: Estimate
    /// Shares of the answers in 20 bins of width 0.05 over 0…1; the last bin holds 1.
    package var histogram: [Double]

    package init(
        mean: Estimate,
        p01: Estimate,
        p05: Estimate,
        p10: Estimate,
        cvar05: Estimate,
        histogram: [Double]
    ) {
        self.mean = mean
        self.p01 = p01
        self.p05 = p05
        self.p10 = p10
        self.cvar05 = cvar05
        self.histogram = histogram
    }
}

/// A pair in which the shadow scored lower than stable.
package struct WorstPair: Sendable, Equatable {
    package var id: PairName
    package var stable: Double
    package var shadow: Double

    package init(id: PairName, stable: Double, shadow: Double) {
        self.id = id
        self.stable = stable
        self.shadow = shadow
    }
}

/// A magnitude's quantiles on both legs.
package struct MagnitudeFigures: Sendable, Equatable {
    package var stable: MagnitudeSide
    package var shadow: MagnitudeSide
    package var control: MagnitudeSide?
    /// Shadow ÷ stable, quantile by quantile: above 1 the shadow's is larger.
    package var ratio: MagnitudeSide

    package init(
        stable: MagnitudeSide,
        shadow: MagnitudeSide,
        control: MagnitudeSide? = nil,
        ratio: MagnitudeSide
    ) {
        self.stable = stable
        self.shadow = shadow
        self.control = control
        self.ratio = ratio
    }
}

/// Four quantiles of a magnitude, or of the ratio of two.
package struct MagnitudeSide: Sendable, Equatable {
    package var p50: Estimate
    package var p95: Estimate
    package var p99: Estimate
    package var p999: Estimate

    package init(p50: Estimate, p95: Estimate, p99: Estimate, p999: Estimate) {
        self.p50 = p50
        self.p95 = p95
        self.p99 = p99
        self.p999 = p999
    }
}

/// How much two answers to the same request differ, beside how much stable differs from itself.
///
/// All three are mean disagreements in 0…1 (1 − agreement), and without direction.
package struct ChurnFigures: Sendable, Equatable {
    /// Shadow against stable, on every pair.
    package var shadow: Estimate
    /// Control against stable, on the pairs that have a control; nil without one.
    package var control: Estimate?
    /// Shadow against stable − control against stable, on the pairs that have a control; nil without one.
    package var excess: Estimate?

    package init(shadow: Estimate, control: Estimate? = nil, excess: Estimate? = nil) {
        self.shadow = shadow
        self.control = control
        self.excess = excess
    }
}
