/// What a gate's metric name refers to.
package enum GateMetric: Equatable {
    case harm(String)
    case newRefusal
    /// A score lower by 0.5 or more, net of the mirror image.
    case severe(score: String)
    case mean(score: String)
    case tailMass(score: String)
    case quantile(magnitude: String, probability: Double)
    case churn(agreement: String)

    /// How a gate on it compares shadow with stable.
    package enum Comparison: Sendable {
        /// By a difference, of which a `margin` is allowed.
        case difference
        /// By a quotient, of which a `ratio` is allowed.
        case quotient
    }

    /// What of a score is judged, behind the score's name and a dot.
    package enum ScoreFigure: String, Sendable, CaseIterable {
        case mean
        case tailMass = "tail_mass"
        case severe
    }

    package static let quantiles = [("p50", 0.5), ("p95", 0.95), ("p99", 0.99), ("p999", 0.999)]
        .map { (name: $0.0, probability: $0.1) }

    package var comparison: Comparison {
        if case .quantile = self { .quotient } else { .difference }
    }

    /// nil where there is no such metric.
    package init?(_ name: String) {
        if name == MetricName.newRefusal {
            self = .newRefusal
            return
        }
        if name == MetricName.severeRegression {
            self = .severe(score: MetricName.quality)
            return
        }
        if MetricCatalogue.harms.contains(where: { $0.name == name }) {
            self = .harm(name)
            return
        }
        if name.hasPrefix(MetricCatalogue.churnPrefix), MetricCatalogue.churn.contains(where: { $0.name == name }) {
            self = .churn(agreement: String(name.dropFirst(MetricCatalogue.churnPrefix.count)))
            return
        }
        guard let dot = name.lastIndex(of: ".") else { return nil }
        let base = String(name[..<dot])
        let figure = String(name[name.index(after: dot)...])
        if MetricCatalogue.magnitudes.contains(where: { $0.name == base }) {
            guard let quantile = Self.quantiles.first(where: { $0.name == figure }) else { return nil }
            self = .quantile(magnitude: base, probability: quantile.probability)
            return
        }
        let parts = base.split(separator: ".", omittingEmptySubsequences: false)
        let isCarried = base.hasPrefix(MetricCatalogue.scorePrefix) && parts.allSatisfy { !$0.isEmpty }
        guard isCarried || MetricCatalogue.scores.contains(where: { $0.name == base }) else { return nil }
        switch ScoreFigure(rawValue: figure) {
        case .mean: self = .mean(score: base)
        case .tailMass: self = .tailMass(score: base)
        case .severe: self = .severe(score: base)
        case nil: return nil
        }
    }

    /// The name by which a gate refers to it.
    package var name: String {
        switch self {
        case .harm(let name): name
        case .newRefusal: MetricName.newRefusal
        case .severe(MetricName.quality): MetricName.severeRegression
        case .severe(let score): "\(score).\(ScoreFigure.severe.rawValue)"
        case .mean(let score): "\(score).\(ScoreFigure.mean.rawValue)"
        case .tailMass(let score): "\(score).\(ScoreFigure.tailMass.rawValue)"
        case .quantile(let magnitude, let probability):
            "\(magnitude).\(Self.quantiles.first { $0.probability == probability }?.name ?? "p\(probability)")"
        case .churn(let agreement): MetricCatalogue.churnPrefix + agreement
        }
    }

    /// Whether an e-process runs on it: quantile, tail-mass and churn gates can hold, not reject.
    package var hasEProcess: Bool {
        switch self {
        case .harm, .newRefusal, .severe, .mean: true
        case .tailMass, .quantile, .churn: false
        }
    }

    package var needsControl: Bool {
        if case .churn = self { true } else { false }
    }
}
