/// A `Duration` as people write it: `500ms`, `75s`, `10m`, `2h`, `7d`, `1h30m`, `7d 2h`.
///
/// Units from the largest to the smallest, each at most once: `d` (86,400 s), `h`, `m`, `s`, `ms`. Only whole numbers,
/// except seconds (`1.5s`), down to a millisecond. A number without a unit is refused.
package enum DurationText {
    private static let units: [(name: String, milliseconds: Int)] = [
        ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1),
    ]

    /// Reads a duration; nil where the text is none, or is finer than a millisecond.
    package static func parse(_ text: String) -> Duration? {
        var rest = Substring(text)
        var total = 0
        var nextUnit = 0
        repeat {
            let number = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
            rest = rest[number.endIndex...]
            let name = rest.prefix { $0.isLetter }
            rest = rest[name.endIndex...].drop { $0 == " " }
            guard let index = units[nextUnit...].firstIndex(where: { $0.name == name }),
                let part = milliseconds(number, units[index])
            else { return nil }
            let (sum, overflow) = total.addingReportingOverflow(part)
            guard !overflow else { return nil }
            total = sum
            nextUnit = index + 1
            if rest.isEmpty { return .milliseconds(total) }
        } while nextUnit < units.count
        return nil
    }

    private static func milliseconds(_ number: Substring, _ unit: (name: String, milliseconds: Int)) -> Int? {
        let parts = number.split(separator: ".", omittingEmptySubsequences: false)
        guard let whole = parts.first.flatMap({ Int($0) }) else { return nil }
        let (product, overflow) = whole.multipliedReportingOverflow(by: unit.milliseconds)
        guard !overflow else { return nil }
        if parts.count == 1 { return product }
        guard parts.count == 2, unit.name == "s", (1...3).contains(parts[1].count),
            let fraction = Int(parts[1] + String(repeating: "0", count: 3 - parts[1].count))
        else { return nil }
        return product + fraction
    }

    /// The text of a duration, exact to the millisecond, in the largest unit that divides it (`75s`, `10m`, `7d`).
    package static func text(_ duration: Duration) -> String {
        let (seconds, attoseconds) = duration.components
        let total = Int(seconds) * 1_000 + Int(attoseconds / 1_000_000_000_000_000)
        guard total > 0, let unit = units.first(where: { total % $0.milliseconds == 0 }) else { return "0s" }
        return "\(total / unit.milliseconds)\(unit.name)"
    }
}
