import Foundation
import Testing

@testable import Statistics

/// Reference values written by Scripts/reference-statistics.py.
enum Reference {
    private struct File<Case: Decodable>: Decodable {
        var cases: [Case]
    }

    /// The cases of one file in the folder Reference beside this source file.
    static func cases<Case: Decodable>(_ name: String, as type: Case.Type = Case.self) throws -> [Case] {
        let url = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Reference/\(name).json")
        let cases = try JSONDecoder().decode(File<Case>.self, from: Data(contentsOf: url)).cases
        try #require(!cases.isEmpty, "\(name).json holds no case")
        return cases
    }
}

/// Agreement with a reference: 1e-9 relative for closed forms, 1e-6 for iterative ones.
func agrees(_ value: Double?, _ reference: Double, within tolerance: Double = 1e-9) -> Bool {
    guard let value, value.isFinite else { return false }
    return abs(value - reference) <= tolerance * max(abs(reference), 1e-12)
}

func agrees(_ interval: Interval?, _ reference: [Double], within tolerance: Double = 1e-9) -> Bool {
    agrees(interval?.lower, reference[0], within: tolerance) && agrees(interval?.upper, reference[1], within: tolerance)
}

func agrees(_ result: TestResult?, _ reference: [Double], within tolerance: Double = 1e-9) -> Bool {
    agrees(result?.statistic, reference[0], within: tolerance)
        && agrees(result?.pValue, reference[1], within: tolerance)
}
