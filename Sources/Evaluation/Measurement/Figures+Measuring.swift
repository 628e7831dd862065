// From paired values to the figures of each kind of metric.

import Statistics
import Vocabulary

extension Scope {
    /// How many pairs are named as the worst of a metric.
    static let worstCount = 5

    /// The figures of every metric that is defined on a pair of this scope.
    func figures() -> [MetricFigures] {
        let scores = MetricCatalogue.scores + observations.externalScores.map(MetricCatalogue.carriedScore)
        return MetricCatalogue.harms.compactMap(harm) + MetricCatalogue.asymmetric.compactMap(asymmetric)
            + scores.compactMap(score) + MetricCatalogue.magnitudes.compactMap(magnitude)
            + MetricCatalogue.churn.compactMap(churn)
    }

    /// Stable's and the shadow's values of a leg's column.
    func values(_ name: String, _ left: Leg = .stable, _ right: Leg = .shadow) -> PairedValues {
        PairedValues(observations.column(name, left), observations.column(name, right), in: self)
    }

    private func metric(_ metric: Metric, _ values: PairedValues, _ body: MetricFigures.Body) -> MetricFigures {
        MetricFigures(
            name: metric.name,
            unit: metric.unit,
            pairs: values.pairs,
            sessions: values.sessions,
            body: body
        )
    }

    // MARK: Harms

    private func harm(_ metric: Metric) -> MetricFigures? {
        let values = values(metric.name)
        guard values.pairs > 0 else { return nil }
        let control = self.values(metric.name, .stable, .control)
        var body = harmFigures(
            values,
            stable: { values.left[$0] > 0.5 },
            shadow: { values.right[$0] > 0.5 },
            difference: { $1 - $0 }
        )
        if control.pairs > 0 { body.control = rate(control) { control.right[$0] > 0.5 } }
        return self.metric(metric, values, .harm(body, asymmetric: false))
    }

    private func asymmetric(_ metric: Metric) -> MetricFigures? {
        let isRefusal = metric.name == MetricName.newRefusal
        let column = isRefusal ? MetricName.refusal : MetricName.quality
        let harm = isRefusal ? Self.newHarm : Self.severeHarm
        let values = values(column)
        guard values.pairs > 0 else { return nil }
        var body = harmFigures(
            values,
            stable: { harm(values.left[$0], values.right[$0]) < 0 },
            shadow: { harm(values.left[$0], values.right[$0]) > 0 },
            difference: harm
        )
        let control = self.values(column, .stable, .control)
        if control.pairs > 0 { body.control = rate(control) { harm(control.left[$0], control.right[$0]) > 0 } }
        return self.metric(metric, values, .harm(body, asymmetric: true))
    }

    /// 1 where only the shadow does it, −1 where only stable does.
    static let newHarm: @Sendable (Double, Double) -> Double = { stable, shadow in
        (shadow > 0.5 ? 1 : 0) - (stable > 0.5 ? 1 : 0)
    }

    /// 1 where the shadow's score is lower by 0.5 or more, −1 where it is higher by as much.
    static let severeHarm: @Sendable (Double, Double) -> Double = { stable, shadow in
        // Scores such as 0.9 and 0.4 differ by a little less than 0.5 in binary.
        let loss = stable - shadow
        return loss >= 0.5 - 1e-9 ? 1 : loss <= -0.5 + 1e-9 ? -1 : 0
    }

    private func rate(_ values: PairedValues, _ happens: (Int) -> Bool) -> Estimate {
        let rate = values.rate(happens)
        return Estimate(rate.rate, rate.interval())
    }

    private func harmFigures(
        _ values: PairedValues,
        stable: (Int) -> Bool,
        shadow: (Int) -> Bool,
        difference: (Double, Double) -> Double
    ) -> HarmFigures {
        let indices = 0..<values.pairs
        let worse = indices.filter { shadow($0) && !stable($0) }
        let newest = worse.sorted { time(values.rows[$0]) > time(values.rows[$1]) }.prefix(Self.worstCount)
        return HarmFigures(
            stable: rate(values, stable),
            shadow: rate(values, shadow),
            difference: values.difference(difference),
            shadowOnly: worse.count,
            stableOnly: indices.count { stable($0) && !shadow($0) },
            worst: newest.map { id(values.rows[$0]) }
        )
    }

    private func time(_ row: Int32) -> Double { observations.times[Int(row)] }

    /// Stands for the pair until its own identifier is looked up.
    private func id(_ row: Int32) -> PairName { .row(observations.ids[Int(row)]) }

    // MARK: Scores

    private func score(_ metric: Metric) -> MetricFigures? {
        let values = values(metric.name)
        guard values.pairs > 0, let samples = values.samples(isWeighted: isWeighted) else { return nil }
        let losses = values.rows.indices.filter { values.right[$0] < values.left[$0] }
            .sorted { first, second in
                let (left, right) = (
                    values.left[first] - values.right[first], values.left[second] - values.right[second]
                )
                return left == right ? time(values.rows[first]) > time(values.rows[second]) : left > right
            }
        var severeShadow = 0
        var severeStable = 0
        for index in values.rows.indices {
            let harm = Self.severeHarm(values.left[index], values.right[index])
            if harm > 0 { severeShadow += 1 }
            if harm < 0 { severeStable += 1 }
        }
        var figures = ScoreFigures(
            stable: side(values, \.left, samples.stable) { left, _ in left },
            shadow: side(values, \.right, samples.shadow) { $1 },
            difference: values.difference { $1 - $0 },
            tailMass: Estimate(samples.tailMass()),
            severeShadow: severeShadow,
            severeStable: severeStable,
            worst: losses.prefix(Self.worstCount).map {
                WorstPair(id: id(values.rows[$0]), stable: values.left[$0], shadow: values.right[$0])
            }
        )
        let control = self.values(metric.name, .stable, .control)
        if let sample = control.pairs > 0 ? control.sample(control.right, isWeighted: isWeighted) : nil {
            figures.control = side(control, \.right, sample) { $1 }
        }
        return self.metric(metric, values, .score(figures))
    }

    private func side(
        _ values: PairedValues,
        _ which: KeyPath<PairedValues, [Double]>,
        _ sample: ClusteredSample,
        _ value: (Double, Double) -> Double
    ) -> ScoreSide {
        ScoreSide(
            mean: values.mean(value),
            p01: Estimate(sample.quantileEstimate(0.01)),
            p05: Estimate(sample.quantileEstimate(0.05)),
            p10: Estimate(sample.quantileEstimate(0.10)),
            cvar05: Estimate(sample.conditionalValueAtRisk()),
            histogram: histogram(values, values[keyPath: which])
        )
    }

    private func histogram(_ values: PairedValues, _ side: [Double]) -> [Double] {
        var bins = Array(repeating: 0.0, count: 20)
        var total = 0.0
        for session in 0..<values.sessions {
            let range = values.indices(ofSession: session)
            let weight = values.weights[session] / Double(range.count)
            for index in range { bins[min(19, max(0, Int(side[index] * 20)))] += weight }
            total += values.weights[session]
        }
        return bins.map { $0 / total }
    }

    // MARK: Magnitudes

    private func magnitude(_ metric: Metric) -> MetricFigures? {
        let values = values(metric.name)
        guard values.pairs > 0, let samples = values.samples(isWeighted: isWeighted) else { return nil }
        var figures = MagnitudeFigures(
            stable: quantiles { Estimate(samples.stable.quantileEstimate($0)) },
            shadow: quantiles { Estimate(samples.shadow.quantileEstimate($0)) },
            ratio: quantiles { Estimate(samples.quantileRatio($0)) }
        )
        let control = self.values(metric.name, .stable, .control)
        if let sample = control.pairs > 0 ? control.sample(control.right, isWeighted: isWeighted) : nil {
            figures.control = quantiles { Estimate(sample.quantileEstimate($0)) }
        }
        return self.metric(metric, values, .magnitude(figures))
    }

    private func quantiles(_ quantile: (Double) -> Estimate) -> MagnitudeSide {
        MagnitudeSide(p50: quantile(0.5), p95: quantile(0.95), p99: quantile(0.99), p999: quantile(0.999))
    }

    // MARK: Churn

    private func churn(_ metric: Metric) -> MetricFigures? {
        let name = String(metric.name.dropFirst(MetricCatalogue.churnPrefix.count))
        let column = observations.pairColumn(name)
        let all = PairedValues(column, column, in: self)
        guard all.pairs > 0 else { return nil }
        var figures = ChurnFigures(shadow: all.mean { 1 - $1 })
        let paired = churnValues(name)
        if paired.pairs > 0 {
            figures.control = paired.mean { control, _ in 1 - control }
            figures.excess = paired.difference(Self.excess)
        }
        return self.metric(metric, all, .churn(figures))
    }

    /// Agreement of control and stable beside that of shadow and stable, on the pairs that have a control.
    func churnValues(_ agreement: String) -> PairedValues {
        PairedValues(observations.column(agreement, .control), observations.pairColumn(agreement), in: self)
    }

    /// How much more the shadow differs from stable than stable from itself.
    static let excess: @Sendable (Double, Double) -> Double = { control, shadow in control - shadow }
}
