/// One condition of the verdict, declared before the run.
///
/// - `metric` (metric name, required): see ``KnownMetrics``.
/// - `margin` (difference in (0, 1), required for harms and scores): how much worse is still accepted.
/// - `ratio` (shadow ÷ stable, above 1, required for magnitudes such as `total_time.p99`).
/// - `scope` (`every_intent` or `overall`, optional, default every_intent).
package struct Gate: Sendable, Equatable {
    /// How much worse than stable the shadow may be.
    package enum Tolerance: Sendable, Equatable {
        /// A difference of rates or scores, in (0, 1).
        case margin(Double)
        /// Shadow ÷ stable, above 1.
        case ratio(Double)
    }

    /// Which cells the gate is judged in.
    package enum Scope: String, Sendable, CaseIterable {
        case everyIntent = "every_intent"
        case overall
    }

    package var metric: String
    package var tolerance: Tolerance
    package var scope: Scope

    package init(metric: String, tolerance: Tolerance, scope: Scope) {
        self.metric = metric
        self.tolerance = tolerance
        self.scope = scope
    }

    /// The gates that hold where the file has no `gates`.
    package static let defaults: [Gate] = [
        Gate(metric: "new_refusal", tolerance: .margin(0.02), scope: .everyIntent),
        Gate(metric: "error", tolerance: .margin(0.01), scope: .everyIntent),
        Gate(metric: "malformed", tolerance: .margin(0.02), scope: .everyIntent),
        Gate(metric: "severe_regression", tolerance: .margin(0.03), scope: .everyIntent),
        Gate(metric: "quality.tail_mass", tolerance: .margin(0.05), scope: .everyIntent),
        Gate(metric: "total_time.p99", tolerance: .ratio(1.20), scope: .overall),
        Gate(metric: "first_token.p95", tolerance: .ratio(1.20), scope: .overall),
    ]
}

/// An undecided class that the operator accepts, with the reason that the report prints.
///
/// - `class` (class name, required).
/// - `reason` (text, required).
package struct AcceptedClass: Sendable, Equatable {
    package var intentClass: String
    package var reason: String

    package init(intentClass: String, reason: String) {
        self.intentClass = intentClass
        self.reason = reason
    }
}
