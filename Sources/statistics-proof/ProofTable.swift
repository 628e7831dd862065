// The printed table, one row per property and cell: what was asked, what came out, whether that is enough.

import Foundation
import Statistics

/// One line of the table.
struct ProofRow: Sendable {
    var property: String
    var target: String
    var figure: String
    /// nil: nothing was promised, the figure is printed.
    var isMet: Bool?

    init(_ property: String, target: String, figure: String, isMet: Bool?) {
        self.property = property
        self.target = target
        self.figure = figure
        self.isMet = isMet
    }

    /// A figure without a promise.
    init(_ property: String, printed figure: String) {
        self.init(property, target: "printed", figure: figure, isMet: nil)
    }
}

/// The rows of one family, with what a reader must know of them.
struct ProofTable: Sendable {
    var title: String
    var note: String
    var rows: [ProofRow]

    /// As Markdown.
    var text: String {
        var lines = ["### \(title)", "", note, "", "| property | target | simulated | |", "|---|---|---|---|"]
        for row in rows {
            let verdict = row.isMet.map { $0 ? "met" : "**NOT met**" } ?? ""
            lines.append("| \(row.property) | \(row.target) | \(row.figure) | \(verdict) |")
        }
        return lines.joined(separator: "\n") + "\n"
    }
}

/// How often something happened in a simulation.
struct Share: Sendable {
    private(set) var proportion = Proportion()

    init() {}

    init(_ events: Int, of trials: Int) {
        proportion = Proportion(events: events, trials: trials)
    }

    mutating func add(_ event: Bool) { proportion.add(event) }

    static func + (left: Share, right: Share) -> Share {
        var sum = Share()
        sum.proportion = left.proportion + right.proportion
        return sum
    }

    var value: Double { proportion.rate ?? 0 }
    var trials: Int { proportion.trials }

    /// Wilson's 95 % interval: the simulation error.
    var range: ClosedRange<Double> {
        let interval = proportion.wilson().value ?? Interval(lower: 0, upper: 1)
        return interval.lower...interval.upper
    }

    /// Whether the simulation contradicts "at most": its error lies wholly above.
    func exceeds(_ bound: Double) -> Bool { range.lowerBound > bound }

    /// Whether the simulation contradicts "within": its error lies wholly outside.
    func isOutside(_ band: ClosedRange<Double>) -> Bool { !band.overlaps(range) }

    var text: String { "\(percent(value)) (\(percent(range.lowerBound)) to \(percent(range.upperBound)))" }
}

/// A probability in percent.
func percent(_ value: Double, digits: Int = 1) -> String { String(format: "%.\(digits)f %%", value * 100) }

/// A number in as few digits as it needs, in every locale.
func plain(_ value: Double) -> String { String(format: "%g", value) }
