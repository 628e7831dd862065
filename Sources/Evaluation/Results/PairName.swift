/// What a pair is called in a verdict: by its row, until its own identifier has been looked up.
package enum PairName: Sendable, Hashable, CustomStringConvertible, ExpressibleByStringLiteral {
    case row(RowID)
    case identifier(String)

    package init(stringLiteral identifier: String) { self = .identifier(identifier) }

    package var description: String {
        switch self {
        case .row(let row): row.description
        case .identifier(let identifier): identifier
        }
    }

    /// The row that still stands for the pair; nil once it has its identifier.
    var row: RowID? {
        guard case .row(let row) = self else { return nil }
        return row
    }

    /// By the identifier of its row; where that is not known, as before.
    func replaced(by identifiers: [RowID: String]) -> PairName {
        row.flatMap { identifiers[$0] }.map(PairName.identifier) ?? self
    }
}
