import JSON
import Vocabulary

/// An agreement of two answers to the same request, 0…1: 1 means that they are alike.
///
/// It has no direction and is never quite 1 for a model that samples; read it against the control.
protocol PairScorer: Sendable {
    var name: String { get }
    var version: Int { get }
    /// nil where it is not defined for these answers.
    func score(_ reference: AnswerFeatures, _ other: AnswerFeatures) -> Double?
}

extension PairScorer {
    /// Agreements compare what was said: answers that failed are the business of `error`.
    fileprivate func bothAnswered(_ reference: AnswerFeatures, _ other: AnswerFeatures) -> Bool {
        reference.legAnswer.outcome == .ok && other.legAnswer.outcome == .ok
    }
}

extension Scorers {
    /// The scorers of two answers to one request; the order is that of the values in a `ScoreList`.
    static let pairwise: [any PairScorer] = [
        ExactMatchScorer(), RougeLScorer(), ChrFScorer(), LengthRatioScorer(), JSONFieldsScorer(),
        ToolCallAgreementScorer(),
    ]
}

/// The same text, white space at the ends aside, and the same tool calls.
struct ExactMatchScorer: PairScorer {
    let name = "exact_match"
    let version = 1

    func score(_ reference: AnswerFeatures, _ other: AnswerFeatures) -> Double? {
        guard bothAnswered(reference, other) else { return nil }
        guard trimmed(reference.legAnswer.text).elementsEqual(trimmed(other.legAnswer.text)) else { return 0 }
        guard !reference.legAnswer.toolCalls.isEmpty || !other.legAnswer.toolCalls.isEmpty else { return 1 }
        return ToolCallAgreementScorer().score(reference, other).map { $0 == 1 ? 1 : 0 }
    }

    private func trimmed(_ text: String) -> Substring.UTF8View {
        var text = text[...].utf8
        while let first = text.first, first == 0x20 || (first >= 0x09 && first <= 0x0D) { text.removeFirst() }
        while let last = text.last, last == 0x20 || (last >= 0x09 && last <= 0x0D) { text.removeLast() }
        return text
    }
}

/// ROUGE-L F1 over words (Lin 2004): the longest common subsequence against both lengths.
///
/// Not defined where the texts are too long for it: two of some 35,000 words each.
struct RougeLScorer: PairScorer {
    let name = "rouge_l"
    let version = 1

    func score(_ reference: AnswerFeatures, _ other: AnswerFeatures) -> Double? {
        guard bothAnswered(reference, other) else { return nil }
        let total = reference.words.count + other.words.count
        guard total > 0 else { return nil }
        var budget = StepBudget.agreement
        return longestCommonSubsequence(reference.words.map(\.hash), other.words.map(\.hash), &budget)
            .map { 2 * Double($0) / Double(total) }
    }
}

/// Character n-gram F2, n = 1…6, as sacreBLEU's chrF2 computes it (Popović 2015), the reference being stable.
///
/// Not defined where the two texts together have more than some 600 KB.
struct ChrFScorer: PairScorer {
    let name = "chrf"
    let version = 1

    func score(_ reference: AnswerFeatures, _ other: AnswerFeatures) -> Double? {
        guard bothAnswered(reference, other) else { return nil }
        var budget = StepBudget.agreement
        return characterNGramF(reference.legAnswer.text, other.legAnswer.text, &budget)
    }
}

/// The shorter text's length in bytes ÷ the longer one's; 1 where both are empty.
struct LengthRatioScorer: PairScorer {
    let name = "length_ratio"
    let version = 1

    func score(_ reference: AnswerFeatures, _ other: AnswerFeatures) -> Double? {
        guard bothAnswered(reference, other) else { return nil }
        let lengths = [reference.legAnswer.text.utf8.count, other.legAnswer.text.utf8.count]
        guard let longer = lengths.max(), let shorter = lengths.min(), longer > 0 else { return 1 }
        return Double(shorter) / Double(longer)
    }
}

/// The share of JSON leaves, by path and value, that both answers have.
///
/// Defined where both texts are JSON objects or arrays. Values compare by meaning (`1.0` equals `1`). Not defined where that
/// takes more steps than there are: some 60,000 values, or fewer in deep structures, whose paths are long.
struct JSONFieldsScorer: PairScorer {
    let name = "json_fields"
    let version = 1

    func score(_ reference: AnswerFeatures, _ other: AnswerFeatures) -> Double? {
        var budget = StepBudget.agreement
        guard bothAnswered(reference, other), let left = leaves(of: reference.legAnswer.text, &budget),
            let right = leaves(of: other.legAnswer.text, &budget)
        else { return nil }
        let union = left.union(right).count
        return union == 0 ? 1 : Double(left.intersection(right).count) / Double(union)
    }

    /// nil where a text is no object or array, or the steps do not reach.
    private func leaves(of text: String, _ budget: inout StepBudget) -> Set<String>? {
        guard let first = text.utf8.first(where: { $0 != 0x20 && !($0 >= 0x09 && $0 <= 0x0D) }),
            first == UInt8(ascii: "{") || first == UInt8(ascii: "["), budget.pay(10 * text.utf8.count),
            let value = try? JSON(parsing: text), budget.pay(forAll: value, each: 300)
        else { return nil }
        var leaves: Set<String> = []
        collect(value.canonical, path: "", into: &leaves, &budget)
        return budget.isSpent ? nil : leaves
    }

    private func collect(_ value: JSON, path: String, into leaves: inout Set<String>, _ budget: inout StepBudget) {
        // Every value has a path of its own, which is as long as the structure is deep.
        guard budget.pay(2 * path.utf8.count) else { return }
        switch value {
        case .object(let object) where !object.isEmpty:
            for member in object.members {
                collect(member.value, path: path + "/" + member.key, into: &leaves, &budget)
                if budget.isSpent { return }
            }
        case .array(let elements) where !elements.isEmpty:
            for (index, element) in elements.enumerated() {
                collect(element, path: path + "/\(index)", into: &leaves, &budget)
                if budget.isSpent { return }
            }
        default: leaves.insert(path + "=" + value.text())
        }
    }
}

/// The share of tool calls, by name and arguments, that both answers make (F1 over the two lists).
///
/// Defined where at least one of them calls a tool. Arguments compare as canonical JSON. Not defined where that takes more
/// steps than there are: calls of some 500 KB.
struct ToolCallAgreementScorer: PairScorer {
    let name = "tool_calls"
    let version = 1

    func score(_ reference: AnswerFeatures, _ other: AnswerFeatures) -> Double? {
        guard bothAnswered(reference, other) else { return nil }
        let total = reference.legAnswer.toolCalls.count + other.legAnswer.toolCalls.count
        guard total > 0 else { return nil }
        var budget = StepBudget.agreement
        var unmatched: [[UInt8]: Int] = [:]
        for call in reference.legAnswer.toolCalls {
            guard let key = key(call, &budget) else { return nil }
            unmatched[key, default: 0] += 1
        }
        var common = 0
        for call in other.legAnswer.toolCalls {
            guard let key = key(call, &budget) else { return nil }
            guard let left = unmatched[key], left > 0 else { continue }
            unmatched[key] = left - 1
            common += 1
        }
        return 2 * Double(common) / Double(total)
    }

    /// nil where the steps do not reach.
    private func key(_ call: ToolCall, _ budget: inout StepBudget) -> [UInt8]? {
        guard budget.pay(1_000 + call.name.utf8.count + 10 * call.arguments.utf8.count) else { return nil }
        guard let arguments = try? JSON(parsing: call.arguments) else {
            return Array(call.name.utf8) + [0] + Array(call.arguments.utf8)
        }
        guard budget.pay(forAll: arguments, each: 300) else { return nil }
        return Array(call.name.utf8) + [0] + arguments.canonicalBytes
    }
}
