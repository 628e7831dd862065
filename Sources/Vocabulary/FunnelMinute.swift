/// What came into a class of the funnel, or left it, within a UTC minute.
///
/// The changes of all minutes add up to the funnel. A change keeps both laws by itself, and its counts may be negative.
package struct FunnelMinute: Sendable, Equatable {
    /// UTC minutes since 1970.
    package var minute: Int
    /// nil for requests that were never classified.
    package var intent: IntentClass?
    package var change: Funnel

    package init(minute: Int, intent: IntentClass?, change: Funnel) {
        self.minute = minute
        self.intent = intent
        self.change = change
    }
}
