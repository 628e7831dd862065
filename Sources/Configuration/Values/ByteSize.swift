/// A number of bytes, written with a binary (`KiB`, `MiB`, `GiB`, `TiB`) or decimal (`kB`, `MB`, `GB`, `TB`) unit.
///
/// The units are those of IEC 80000-13, in any case; a number without a unit is bytes. `K` or `M` alone is refused,
/// because it is read both ways.
package struct ByteSize: Sendable, Equatable, Hashable, Comparable, CustomStringConvertible {
    package var bytes: Int

    package init(bytes: Int) {
        self.bytes = bytes
    }

    package static func kibibytes(_ count: Int) -> ByteSize { ByteSize(bytes: count << 10) }
    package static func mebibytes(_ count: Int) -> ByteSize { ByteSize(bytes: count << 20) }
    package static func gigabytes(_ count: Int) -> ByteSize { ByteSize(bytes: count * 1_000_000_000) }

    private static let units: [(name: String, bytes: Int)] = [
        ("TiB", 1 << 40), ("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10),
        ("TB", 1_000_000_000_000), ("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1_000), ("B", 1),
    ]

    /// Reads `32KiB`, `50 GB`, `1.5GiB` or `4096`; nil where it is no size.
    package init?(_ text: String) {
        let number = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        let unit = text[number.endIndex...].drop { $0 == " " }
        guard let first = number.first, first != ".", number.last != ".", let amount = Double(number) else {
            return nil
        }
        guard
            let factor = unit.isEmpty
                ? 1 : Self.units.first(where: { $0.name.lowercased() == unit.lowercased() })?.bytes
        else { return nil }
        if let whole = Int(number) {
            let (product, overflow) = whole.multipliedReportingOverflow(by: factor)
            guard !overflow else { return nil }
            self.init(bytes: product)
        } else {
            let product = amount * Double(factor)
            guard product < Double(Int.max), product.rounded() == product else { return nil }
            self.init(bytes: Int(product))
        }
    }

    /// The shortest exact text: the largest unit that divides it.
    package var description: String {
        guard bytes > 0 else { return "\(bytes)" }
        let best =
            Self.units.filter { bytes % $0.bytes == 0 }.min { bytes / $0.bytes < bytes / $1.bytes } ?? ("B", 1)
        return best.name == "B" ? "\(bytes)" : "\(bytes / best.bytes)\(best.name)"
    }

    package static func < (left: ByteSize, right: ByteSize) -> Bool { left.bytes < right.bytes }
}
