package import Foundation

/// A REJECT that was reported.
package struct Rejection: Sendable, Equatable {
    package var metric: String
    /// nil for a gate over all classes.
    package var intent: IntentClass?
    package var time: Date
    package var eValue: Double?
    /// The reason as it was printed.
    package var text: String

    package init(metric: String, intent: IntentClass?, time: Date, eValue: Double?, text: String) {
        self.metric = metric
        self.intent = intent
        self.time = time
        self.eValue = eValue
        self.text = text
    }
}
