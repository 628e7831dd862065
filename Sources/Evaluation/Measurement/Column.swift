/// One measured quantity, a number for each row; NaN where there is none.
///
/// A column of zeros and ones, as harms are, takes a byte a row; the first other number widens it to eight.
struct Column {
    private static let none = UInt8.max
    private var marks: [UInt8] = []
    private var numbers: [Double] = []
    private var isWide = false

    /// Sets the value of a row behind all that have one.
    mutating func append(_ value: Double, at row: Int) {
        if !isWide {
            if value == 0 || value == 1 {
                while marks.count < row { marks.append(Self.none) }
                marks.append(value == 0 ? 0 : 1)
                return
            }
            numbers = marks.map { $0 == Self.none ? .nan : Double($0) }
            marks = []
            isWide = true
        }
        while numbers.count < row { numbers.append(.nan) }
        numbers.append(value)
    }

    subscript(row: Int32) -> Double {
        let row = Int(row)
        if isWide { return row < numbers.count ? numbers[row] : .nan }
        guard row < marks.count, marks[row] != Self.none else { return .nan }
        return Double(marks[row])
    }
}
