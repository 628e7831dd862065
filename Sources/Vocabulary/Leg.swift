/// One of the up to three answers that a sampled request gets.
package enum Leg: String, Sendable, Hashable, CaseIterable {
    /// The answer that the user got.
    case stable
    /// The candidate's answer to the same request, which no user sees.
    case shadow
    /// Stable's second answer to the same request: the noise floor.
    case control
}
