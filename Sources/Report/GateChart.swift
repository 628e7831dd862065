import Evaluation
import Formats
import Foundation
import Vocabulary

/// Every gate of a scope as its harm with both bounds, on one scale where each gate's margin is 1.
struct GateChart {
    let gates: [GateResult]

    private static let rowHeight = 22.0
    private static let labelWidth = 170.0
    private static let plotWidth = 300.0
    /// In margins: what lies beyond is drawn at the edge.
    private static let range = -2.0...3.0

    /// nil where no gate has a figure.
    var svg: HTML? {
        let drawn = gates.filter { $0.estimate != nil }.sorted { Shown.rank($0) < Shown.rank($1) }
        guard !drawn.isEmpty else { return nil }
        let height = Double(drawn.count) * Self.rowHeight + 24
        let width = Self.labelWidth + Self.plotWidth + 10
        let rows = drawn.enumerated().map { index, gate in row(gate, y: Double(index) * Self.rowHeight + 12) }
        return """
            <svg role="img" aria-label="Harm of every gate against its margin" width="\(number(width))" \
            height="\(number(height))" viewBox="0 0 \(number(width)) \(number(height))">
            \(line(at: 0, height: height, dash: "none"))\(line(at: 1, height: height, dash: "4 3"))
            <text x="\(number(x(0)))" y="\(number(height - 4))" text-anchor="middle">no harm</text>
            <text x="\(number(x(1)))" y="\(number(height - 4))" text-anchor="middle">margin</text>
            \(HTML(joining: rows))
            </svg>
            """
    }

    private func row(_ gate: GateResult, y: Double) -> HTML {
        let margin = gate.margin.harm
        let label: HTML =
            "<text x=\"\(number(Self.labelWidth - 8))\" y=\"\(number(y + 4))\" text-anchor=\"end\">\(gate.metric)</text>"
        guard let estimate = gate.estimate, margin > 0 else { return label }
        let dot: HTML =
            "<circle cx=\"\(number(x(estimate / margin)))\" cy=\"\(number(y))\" r=\"4\" fill=\"currentColor\"/>"
        var bar: HTML = ""
        if let lower = gate.lower, let upper = gate.upper {
            bar = """
                <line x1="\(number(x(lower / margin)))" x2="\(number(x(upper / margin)))" y1="\(number(y))" \
                y2="\(number(y))" stroke="currentColor" stroke-width="2"/>
                """
        }
        return "<g class=\"\(Shown.tone(gate))\">\(label)\(bar)\(dot)</g>"
    }

    private func line(at harm: Double, height: Double, dash: String) -> HTML {
        """
        <line x1="\(number(x(harm)))" x2="\(number(x(harm)))" y1="0" y2="\(number(height - 18))" \
        stroke="currentColor" stroke-opacity="0.5" stroke-dasharray="\(dash)"/>
        """
    }

    private func x(_ harm: Double) -> Double {
        let clamped = min(max(harm, Self.range.lowerBound), Self.range.upperBound)
        let share = (clamped - Self.range.lowerBound) / (Self.range.upperBound - Self.range.lowerBound)
        return Self.labelWidth + share * Self.plotWidth
    }

    private func number(_ value: Double) -> String { Wording.decimal(value, places: 1) }
}
