package import Foundation

/// Numbers and times as a sentence shows them.
package enum Wording {
    /// A share as points of a hundred, one decimal: 0.0822 is "8.2".
    package static func points(_ share: Double) -> String { decimal(share * 100, places: 1) }

    /// A share in per cent: 0.02 is "2 %".
    package static func percent(_ share: Double) -> String {
        let percent = share * 100
        return decimal(percent, places: abs(percent) < 1 && percent != 0 ? 2 : 1) + " %"
    }

    /// A number with a thousands separator and a noun: "1 session", "1,250 sessions".
    package static func count(_ number: Int, _ noun: String) -> String {
        "\(grouped(number)) \(noun)\(number == 1 ? "" : "s")"
    }

    package static func grouped(_ number: Int) -> String {
        var digits = String(abs(number))
        var groups: [String] = []
        while digits.count > 3 {
            groups.insert(String(digits.suffix(3)), at: 0)
            digits.removeLast(3)
        }
        return (number < 0 ? "-" : "") + ([digits] + groups).joined(separator: ",")
    }

    /// A number rounded to some places, trailing zeros left out.
    package static func decimal(_ value: Double, places: Int) -> String {
        var text = String(format: "%.\(places)f", value)
        if text.contains(".") {
            while text.hasSuffix("0") { text.removeLast() }
            if text.hasSuffix(".") { text.removeLast() }
        }
        return text == "-0" ? "0" : text
    }

    /// Three significant digits, with an exponent for the very large.
    package static func significant(_ value: Double) -> String {
        if abs(value) >= 100_000 { return String(format: "%.1e", value) }
        if abs(value) >= 100 { return grouped(Int(value.rounded())) }
        return decimal(value, places: abs(value) >= 10 ? 1 : abs(value) >= 1 ? 2 : 3)
    }

    /// A duration by its two largest units: "7d", "7d 2h", "35m", "12s".
    package static func duration(_ duration: Duration) -> String {
        let seconds = Int((duration.milliseconds / 1_000).rounded())
        guard seconds > 0 else { return "0s" }
        let units = [(86_400, "d"), (3_600, "h"), (60, "m"), (1, "s")]
        var rest = seconds
        var parts: [String] = []
        for (size, name) in units where parts.count < 2 {
            let number = rest / size
            rest %= size
            if number > 0 {
                parts.append("\(number)\(name)")
            } else if !parts.isEmpty {
                break
            }
        }
        return parts.joined(separator: " ")
    }

    /// A UTC day and time, as ISO 8601 writes them.
    package static func day(_ time: Date) -> String { time.formatted(.iso8601) }
}
