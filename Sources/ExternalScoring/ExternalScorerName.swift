import PairStore
import Scoring
import Vocabulary

/// The valid names of external scorers.
///
/// Its name becomes the metric `score.NAME` and both are printed, so neither can be a line of someone's words.
package enum ExternalScorerName {
    private static let longest = 100

    private static let taken: Set<String> = {
        let scorers = Scorers.all.map(\.name)
        return Set(scorers + MetricCatalogue.all.map(\.name))
    }()

    /// What is wrong with a name, as the end of a sentence that begins with where it stands; nil where nothing is.
    package static func problem(withName name: String) -> String? {
        guard isWord(name) else { return "must be " + word }
        guard !taken.contains(name) else {
            return "is the name of one of Understudy's own scorers or metrics; choose another name"
        }
        return nil
    }

    /// What is wrong with a version, as the end of a sentence that begins with where it stands; nil where nothing is.
    package static func problem(withVersion version: String) -> String? {
        guard isWord(version) else { return "must be a whole number, or " + word }
        guard version != Scorer.importedVersion else {
            return "is the version of scores that came with imported pairs; choose another"
        }
        return nil
    }

    private static let word = "1 to \(longest) letters, digits or any of `_ - . : / + @`"

    private static func isWord(_ text: String) -> Bool {
        (1...longest).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
                case UInt8(ascii: "0")...UInt8(ascii: "9"): true
                default: "_-.:/+@".utf8.contains(byte)
                }
            }
    }
}
