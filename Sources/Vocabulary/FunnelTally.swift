/// All that one run of a serving process has counted, as far as it got.
///
/// The store keeps, with the counts that it takes, the tally up to which it has them. What a run that ended without warning
/// left in its file is then the difference of two tallies, and is entered once.
package struct FunnelTally: Sendable, Equatable {
    /// Which run.
    package var run: Int
    /// The row of the experiment.
    package var experiment: Int
    /// The UTC minute since 1970 of the last count; 0 before there is one.
    package var minute: Int
    /// Every class's funnel since the run began; nil for what was never classified.
    package var classes: [IntentClass?: Funnel] = [:]
    /// Requests for which there was no room, which are drawn when they are entered into the funnel.
    package var overflowed = 0
    /// Requests that wait for their decision.
    package var undecided = 0

    package init(run: Int, experiment: Int, minute: Int = 0) {
        self.run = run
        self.experiment = experiment
        self.minute = minute
    }
}
