import JSON
import Vocabulary

/// What a value is to a schema.
enum SchemaResult: Equatable {
    case fits
    /// Nothing is violated, but a part of the schema was not understood.
    case notChecked
    /// The check was given up: it took too many steps, went too deep, or came back to where it was. Nothing is known.
    case givenUp
    case violates

    /// All of several demands.
    static func && (left: SchemaResult, right: SchemaResult) -> SchemaResult {
        if left == .violates || right == .violates { return .violates }
        if left == .givenUp || right == .givenUp { return .givenUp }
        return left == .fits ? right : left
    }
}

/// A JSON Schema, and the check of a value against it (`SchemaCheck`).
struct JSONSchema: Sendable, Equatable {
    private let root: JSON

    init(_ root: JSON) {
        self.root = root
    }

    func check(_ value: JSON) -> SchemaResult {
        var budget = StepBudget.structure
        return check(value, &budget)
    }

    /// The check of a value; `givenUp` where its steps do not reach, whatever was found before.
    func check(_ value: JSON, _ budget: inout StepBudget) -> SchemaResult {
        var check = SchemaCheck(root: root, budget: budget)
        let result = check.check(value, root, depth: 0, references: [])
        budget = check.budget
        return budget.isSpent ? .givenUp : result
    }
}
