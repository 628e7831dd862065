package import Foundation

/// A declared comparison of one shadow version with one stable version.
package struct Experiment: Sendable, Equatable {
    package var name: String
    /// When the first request could be seen; nil for imported pairs.
    package var startedAt: Date?
    /// How long the experiment was declared to run; nil where none was declared (imported pairs).
    package var horizon: Duration?
    package var stableModel: String?
    package var stableVersion: String?
    package var shadowModel: String?
    package var shadowVersion: String?

    package init(
        name: String,
        startedAt: Date? = nil,
        horizon: Duration? = nil,
        stableModel: String? = nil,
        stableVersion: String? = nil,
        shadowModel: String? = nil,
        shadowVersion: String? = nil
    ) {
        self.name = name
        self.startedAt = startedAt
        self.horizon = horizon
        self.stableModel = stableModel
        self.stableVersion = stableVersion
        self.shadowModel = shadowModel
        self.shadowVersion = shadowVersion
    }
}
