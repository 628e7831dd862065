/// Why a store cannot be opened or used; each description is one sentence that says what would be right.
///
/// No description carries anything of a prompt or an answer.
package enum StoreError: Error, Equatable, CustomStringConvertible {
    case missing(path: String)
    case noFolder(path: String)
    case notAStore(path: String)
    case damaged(path: String)
    case logNotEmptied(path: String)
    case newerSchema(path: String, found: Int, supported: Int)
    case olderSchema(path: String, found: Int, supported: Int)
    case notReadable(path: String, reason: String)
    case readOnly(path: String)
    case closed(path: String)
    case served(path: String)
    case noExperiment(path: String)
    case unknownExperiment(id: Int64)
    case corruptText(pairRowID: Int64, reason: String)
    case brokenRow(BrokenRow)
    case brokenSums(path: String)
    case tooManyScorers(limit: Int)
    case tooManyScorerSets(limit: Int)
    /// `removal`: a statement that takes away what is too much; nil where something else is wrong.
    case foreignSchema(path: String, object: String, removal: String?)
    case notAFile(path: String, kind: String)
    case invalidScore(scorer: String, value: Double)
    case invalidPair(id: String, reason: String)
    case keyMissing(path: String, store: String)
    case keyPermissions(path: String, mode: String)
    case keyOwner(path: String, owner: Int)
    case keyMalformed(path: String)
    case keyNotReadable(path: String, reason: String)
    case keyNotWritten(path: String, reason: String)
    case otherKey(path: String)
    case mergeIntoItself(path: String)
    case mergeIntoServed(path: String)
    case mergeTwice(path: String)
    case mergeWithoutKey(path: String)
    case mergeOtherKey(path: String, other: String)
    case mergeOtherDeclaration(path: String, other: String, experiment: String, differing: [String])
    case mergeOtherSubject(path: String, kind: String, id: String)
    case mergeDiverged(path: String)
    case mergeUnreadable(path: String, problem: String)

    /// Whether the store's rows are wrong, and not the way to its file.
    package var isAboutData: Bool {
        switch self {
        case .damaged, .corruptText, .brokenRow, .brokenSums, .tooManyScorers, .tooManyScorerSets, .foreignSchema,
            .invalidScore, .invalidPair, .mergeUnreadable, .noExperiment:
            true
        default: false
        }
    }

    package var description: String {
        switch self {
        case .missing(let path):
            "There is no store at \(path); `understudy serve` or `understudy import` creates one."
        case .noFolder(let path):
            "The folder \(path), in which the store should be created, does not exist; create it first."
        case .notAStore(let path):
            "The file \(path) is not a store of Understudy, so it was left as it is; name another file."
        case .damaged(let path):
            "The store \(path) is damaged and cannot be opened; `serve` sets it aside, and `sqlite3 .recover` may read it."
        case .logNotEmptied(let path):
            "What was deleted may still stand in \(path)-wal, since another process is reading; repeat the command."
        case .newerSchema(let path, let found, let supported):
            "The store \(path) has schema \(found), but this Understudy knows schemas up to \(supported); "
                + "use the version that wrote it, or a newer one."
        case .olderSchema(let path, let found, let supported):
            "The store \(path) has schema \(found) and has to be brought to schema \(supported) first; "
                + "open it once for writing, as `understudy store check` does."
        case .notReadable(let path, let reason):
            "The store \(path) cannot be opened: \(reason)."
        case .readOnly(let path):
            "The store \(path) was opened for reading only, so nothing can be written to it."
        case .closed(let path):
            "The store \(path) has been closed, so it can no longer be used."
        case .served(let path):
            "Another `understudy serve` is using the store \(path); stop it first, or give this one a store of its own."
        case .noExperiment(let path):
            "The store \(path) has no experiment: import pairs into it or serve with it first."
        case .unknownExperiment(let id):
            "The store has no experiment with the number \(id); declare it before pairs are added to it."
        case .corruptText(let row, let reason):
            "What is stored of pair row \(row) cannot be read back (\(reason)); run `understudy store check`."
        case .brokenRow(let broken):
            "Row \(broken.row.map(String.init) ?? "without a number") of the table \(broken.table)"
                + (broken.path.isEmpty ? "" : " in the store \(broken.path)")
                + " has in the column \(broken.column) \(broken.found); `understudy store check` names every such row."
        case .brokenSums(let path):
            "Numbers in the store \(path) are too large to be added up; `understudy store check` names their rows."
        case .tooManyScorers(let limit):
            "The store would have, or has, more than \(limit) scorers with all their versions, which is more than is read; "
                + "give scores fewer names."
        case .tooManyScorerSets(let limit):
            "The store would have, or has, more than \(limit) scorers in all combinations in which pairs have scores, which is "
                + "more than is read; give all pairs the same scores."
        case .foreignSchema(let path, let object, let removal):
            "The store \(path) has \(object), which Understudy did not make, so it was left as it is; "
                + (removal.map { "take it away with `sqlite3 \(path) '\($0)'`, or use a copy without it." }
                    ?? "use a store as Understudy wrote it.")
        case .notAFile(let path, let kind):
            "\(path) is \(kind) and not a file, so it was not opened; name a regular file."
        case .invalidScore(let scorer, let value):
            "The scorer \(scorer) gave \(value); a score of an answer is a number from 0 to 1, "
                + "and a score of a pair a finite number."
        case .invalidPair(let id, let reason):
            "The pair \(id) cannot be stored: \(reason)."
        case .keyMissing(let path, let store):
            "The key file \(path) is missing although the store \(store) has pairs that were hashed with it; "
                + "put the original file back, or begin with a new store."
        case .keyPermissions(let path, let mode):
            "The key file \(path) can be read or written by others (mode \(mode)); run `chmod 600 \(path)`."
        case .keyOwner(let path, let owner):
            "The key file \(path) belongs to user \(owner), who could change it; it has to be yours or root's."
        case .keyMalformed(let path):
            "The key file \(path) must hold 64 hexadecimal digits (32 bytes) and nothing else."
        case .keyNotReadable(let path, let reason):
            "The key file \(path) cannot be read: \(reason)."
        case .keyNotWritten(let path, let reason):
            "The key file \(path) could not be written: \(reason)."
        case .otherKey(let path):
            "The key file does not belong to the store \(path): its pairs were hashed with another key; "
                + "put the original file back, or begin with a new store."
        case .mergeIntoItself(let path):
            "The store \(path) is the target of the merge itself; name only the stores that are to be merged into it."
        case .mergeIntoServed(let path):
            "The store \(path) is being served or merged into by another process, so nothing can be merged into it; "
                + "stop that process first, or merge into a store of its own."
        case .mergeTwice(let path):
            "The store \(path) is named twice as a source of the merge; name each store once."
        case .mergeWithoutKey(let path):
            "The store \(path) does not know with which key its pairs were hashed, so it cannot be merged; "
                + "let `understudy serve` or `understudy import` open it once beside its key file."
        case .mergeOtherKey(let path, let other):
            "The pairs of the store \(path) were hashed with another key than those of \(other), so the same prompt or "
                + "session would not be recognised; merge only stores of one key."
        case .mergeOtherDeclaration(let path, let other, let experiment, let differing):
            "The experiment '\(experiment)' is declared in \(path) with another \(differing.joined(separator: ", ")) "
                + "than in \(other); merge only replicas that ran the same experiment."
        case .mergeOtherSubject(let path, let kind, let id):
            "The \(kind) \(id) of the store \(path) is another one than that of the same id in the target; "
                + "give each its own id before they are merged."
        case .mergeUnreadable(let path, let problem):
            "The store \(path) was not merged, as it would take what cannot be read into the target: \(problem) "
                + "`understudy store check` names every such row."
        case .mergeDiverged(let path):
            "The store \(path) and what was merged of it before each have counts that the other lacks, so one is a copy "
                + "that went its own way; merge only one of the two."
        }
    }
}
