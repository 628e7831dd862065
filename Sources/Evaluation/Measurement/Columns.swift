import Vocabulary

/// Columns by name and leg.
///
/// Thirty times for each of millions of rows a column is looked up, so the last look-ups are remembered in their order:
/// rows name their quantities in much the same order again and again.
struct Columns {
    struct Key: Hashable {
        /// nil: of the pair as a whole.
        var leg: Leg?
        var name: String
    }

    /// What a row calls a quantity.
    struct Call: Equatable {
        var leg: Leg?
        var name: String
        /// Whether a scorer gave it; one from outside is told from ours, and from what is measured, by a prefix.
        var isScore: Bool

        var key: Key {
            let isOurs = !isScore || leg == nil || MetricCatalogue.isBuiltIn(name)
            return Key(leg: leg, name: isOurs ? name : MetricCatalogue.scorePrefix + name)
        }
    }

    private var columns: [Column] = []
    private var numbers: [Key: Int] = [:]
    private var recent: [(call: Call, number: Int)] = []
    private var next = 0

    var keys: some Collection<Key> { numbers.keys }

    /// A column; nil where no row has it.
    subscript(key: Key) -> Column? {
        numbers[key].map { columns[$0] }
    }

    /// Appends a row's value to the column that it calls so.
    mutating func append(_ value: Double, at row: Int, to call: Call) {
        columns[number(of: call)].append(value, at: row)
    }

    private mutating func number(of call: Call) -> Int {
        for step in 0..<min(4, recent.count) {
            let place = (next + step) % recent.count
            guard recent[place].call == call else { continue }
            next = place + 1
            return recent[place].number
        }
        let place = recent.firstIndex { $0.call == call } ?? recent.count
        if place == recent.count { recent.append((call, column(of: call.key))) }
        next = place + 1
        return recent[place].number
    }

    private mutating func column(of key: Key) -> Int {
        if let known = numbers[key] { return known }
        numbers[key] = columns.count
        columns.append(Column())
        return columns.count - 1
    }
}
