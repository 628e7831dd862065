import JSON
import Vocabulary

/// What the scorers may spend on a pair beyond one look at each of its bytes; together with that look it is less than 0.2 s.
///
/// Each kind of work on each answer has steps of its own: a schema that spends all of them takes no other score away, and one
/// leg none from the other.
extension StepBudget {
    /// The check of an answer against the schema or the tools that the request gave: some 200,000 rules and values.
    static let structure = StepBudget(20_000_000)
    /// The search for marks that leaked, or for what an injected instruction demands.
    static let search = StepBudget(10_000_000)
    /// One agreement of two answers.
    static let agreement = StepBudget(40_000_000)

    /// Pays for work on every value within a value; walks no further than the steps reach.
    ///
    /// - Parameters:
    ///   - json: the value.
    ///   - each: steps for each value and name in it; its characters are paid for besides.
    /// - Returns: false where they do not reach.
    mutating func pay(forAll json: JSON, each: Int) -> Bool {
        switch json {
        case .null, .bool: return pay(each)
        case .number(let number): return pay(each + number.text.utf8.count)
        case .string(let text): return pay(each + text.utf8.count)
        case .array(let elements):
            guard pay(each) else { return false }
            for element in elements where !pay(forAll: element, each: each) { return false }
            return true
        case .object(let object):
            guard pay(each) else { return false }
            for member in object.members {
                guard pay(each + member.key.utf8.count), pay(forAll: member.value, each: each) else { return false }
            }
            return true
        }
    }
}
