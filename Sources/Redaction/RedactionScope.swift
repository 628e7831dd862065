/// Gives placeholders their numbers, consistently within one pair or one conversation.
///
/// A value that occurs in a prompt and again in an answer has one number, so that a reader sees that it was echoed:
/// `<EMAIL_1>` in the prompt is `<EMAIL_1>` in both answers. The scope keeps no value, only a hash of it under a key that
/// lives as long as the process.
///
/// Limits. A scope tells 131,072 values apart, which takes at most 6 MB while a pair is prepared; what comes after
/// them has the number 0 in common.
package struct RedactionScope: Sendable {
    private struct Key: Hashable {
        var kind: RedactionKind
        var hash: Int
    }

    static let maximumValues = 1 << 17
    /// A number that a text brings along and that is higher keeps none of ours from being given.
    static let highestReserved = 99_999_999

    private var numbers: [Key: Int] = [:]
    private var highest: [RedactionKind: Int] = [:]
    /// How often each kind was replaced.
    package private(set) var findings: [RedactionKind: Int] = [:]

    /// What the texts so far have, and what they took of this thread's time: an answer may be cut into thousands of tool
    /// calls, each of which is a text.
    var byteCount = 0
    var ruleTime = Duration.zero
    var scanTime = Duration.zero

    package init() {}

    /// The number of a value, counted as a finding.
    mutating func number(of kind: RedactionKind, value: [UInt8]) -> Int {
        findings[kind, default: 0] += 1
        // Hasher is SipHash under a random key per process: 64 bits are enough for the values of one pair.
        var hasher = Hasher()
        value.withUnsafeBytes { hasher.combine(bytes: $0) }
        let key = Key(kind: kind, hash: hasher.finalize())
        if let number = numbers[key] { return number }
        guard numbers.count < Self.maximumValues else { return 0 }
        let number = highest[kind, default: 0] + 1
        highest[kind] = number
        numbers[key] = number
        return number
    }

    /// Counts what has no number of its own.
    mutating func count(_ kind: RedactionKind) { findings[kind, default: 0] += 1 }

    /// Keeps a number that a text already uses from being given to another value.
    mutating func reserve(_ number: Int, of kind: RedactionKind) {
        guard number <= Self.highestReserved else { return }
        highest[kind] = max(highest[kind, default: 0], number)
    }
}
