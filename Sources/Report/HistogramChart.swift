import Evaluation
import Formats
import Vocabulary

/// A score's distribution on both sides: bars for stable, a line of dots for the shadow.
struct HistogramChart {
    let title: String
    /// Shares of the answers in bins of equal width over 0…1.
    let stable: [Double]
    let shadow: [Double]

    private static let width = 300.0
    private static let height = 110.0

    var svg: HTML {
        let highest = max(stable.max() ?? 0, shadow.max() ?? 0, 0.000_1)
        let step = Self.width / Double(max(stable.count, 1))
        func y(_ share: Double) -> Double { Self.height - share / highest * (Self.height - 6) }
        let bars = stable.enumerated().map { index, share -> HTML in
            """
            <rect x="\(number(Double(index) * step + 1))" y="\(number(y(share)))" width="\(number(step - 2))" \
            height="\(number(Self.height - y(share)))" fill="currentColor" fill-opacity="0.3"/>
            """
        }
        let dots = shadow.enumerated().map { index, share -> HTML in
            "<circle cx=\"\(number((Double(index) + 0.5) * step))\" cy=\"\(number(y(share)))\" r=\"3\" fill=\"var(--bad)\"/>"
        }
        return """
            <svg role="img" aria-label="Distribution of \(title)" width="\(number(Self.width))" \
            height="\(number(Self.height + 34))" viewBox="0 0 \(number(Self.width)) \(number(Self.height + 34))">
            \(HTML(joining: bars))\(HTML(joining: dots))
            <text x="0" y="\(number(Self.height + 14))">0</text>
            <text x="\(number(Self.width))" y="\(number(Self.height + 14))" text-anchor="end">1</text>
            <text x="\(number(Self.width / 2))" y="\(number(Self.height + 28))" text-anchor="middle">\(title): \
            bars stable, dots shadow</text>
            </svg>
            """
    }

    private func number(_ value: Double) -> String { Wording.decimal(value, places: 1) }
}
