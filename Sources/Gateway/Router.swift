/// A model that can answer users.
///
/// Today there is one. A canary adds a case here and a rule in `Routing`, nowhere else.
package enum ServingModel: String, Sendable, CaseIterable {
    case stable
}

/// Decides which model serves a request: once per request, in one place.
///
/// The policy in force and what it may look at (the head's fields, hence the session) come together here, so that a
/// rollout that sends a share of sessions to a candidate changes this value and no other.
package struct Routing: Sendable {
    /// The policy that sends everyone to stable.
    package static let everyoneToStable = Routing()

    /// Which model serves the request with this head.
    package func model(for head: RequestHead) -> ServingModel {
        .stable
    }
}
