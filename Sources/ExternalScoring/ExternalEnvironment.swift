import Foundation

/// The environment of a scoring program: ours, without our secrets.
///
/// A scorer may need keys of its own (`OPENAI_API_KEY`), a proxy, a path; so it has all that we were given, but for what begins
/// with `UNDERSTUDY_`, which is our configuration and the console's token, and for the variables that a configuration names
/// as those of secrets.
enum ExternalEnvironment {
    static let ownPrefix = "UNDERSTUDY_"

    /// All variables that a program gets.
    ///
    /// - Parameters:
    ///   - ours: all variables of this process.
    ///   - withheld: names of variables that hold secrets.
    /// - Returns: what is left of them.
    static func variables(of ours: [String: String], without withheld: Set<String>) -> [String: String] {
        let kept = ours.filter { !$0.key.hasPrefix(ownPrefix) && !withheld.contains($0.key) }
        // Python holds back what it prints to a pipe, unless it is told not to.
        return kept.merging(["PYTHONUNBUFFERED": "1"]) { own, _ in own }
    }
}
