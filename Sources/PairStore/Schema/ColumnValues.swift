// How the field's words stand in columns: times in whole microseconds, legs and outcomes as the numbers of the
// schema's own tables, hashes as bytes.

import Foundation
import GRDB
import Vocabulary

extension Leg {
    /// The leg's number in the tables `leg` and `exchange`, and in packs of scores.
    var rowID: Int {
        switch self {
        case .stable: 0
        case .shadow: 1
        case .control: 2
        }
    }

    init?(rowID: Int) {
        switch rowID {
        case 0: self = .stable
        case 1: self = .shadow
        case 2: self = .control
        default: return nil
        }
    }

    /// The number under which scores of the pair as a whole stand.
    static let pairRowID = 3
}

extension Outcome {
    var rowID: Int {
        switch self {
        case .ok: 0
        case .httpError: 1
        case .timeout: 2
        case .connectError: 3
        case .truncated: 4
        case .malformed: 5
        case .clientCancelled: 6
        case .shed: 7
        }
    }

    private static let byRowID = Dictionary(uniqueKeysWithValues: allCases.map { ($0.rowID, $0) })

    init?(rowID: Int) {
        guard let outcome = Self.byRowID[rowID] else { return nil }
        self = outcome
    }
}

extension IntentSource {
    var rowID: Int {
        switch self {
        case .header: 0
        case .body: 1
        case .rule: 2
        case .fallback: 3
        case .imported: 4
        }
    }

    init?(rowID: Int) {
        switch rowID {
        case 0: self = .header
        case 1: self = .body
        case 2: self = .rule
        case 3: self = .fallback
        case 4: self = .imported
        default: return nil
        }
    }
}

extension IntentClass {
    /// The class of a name in `intent_class`, where the empty name stands for no class.
    init?(column name: String) {
        guard !name.isEmpty else { return nil }
        self.init(rawValue: name)
    }
}

extension Date {
    /// Whole microseconds since 1970; times beyond the years 0 to 9999 are cut to these.
    var microseconds: Int64 {
        let value = (timeIntervalSince1970 * 1e6).rounded()
        let times = StoredRange.times
        return value.isNaN ? 0 : Int64(min(max(value, Double(times.lowerBound)), Double(times.upperBound)))
    }

    init(microseconds: Int64) {
        self.init(timeIntervalSince1970: Double(microseconds) / 1e6)
    }
}

extension Duration {
    /// Whole microseconds, rounded to the nearest.
    var wholeMicroseconds: Int64 {
        let (seconds, attoseconds) = components
        let rounded = (attoseconds + (attoseconds < 0 ? -500_000_000_000 : 500_000_000_000)) / 1_000_000_000_000
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000)
        return overflow ? (seconds < 0 ? .min : .max) : product + rounded
    }
}

/// A hash in a column: bytes for lower-case hexadecimal, as we make them, else the text that an import brought.
enum HashValue: Sendable, Hashable {
    case bytes(Data)
    case text(String)

    init(hex: String) {
        // With capitals it would not read back as it came.
        let isOurs = !hex.isEmpty && hex.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
        if isOurs, let bytes = decodeHexadecimal(hex) {
            self = .bytes(Data(bytes))
        } else {
            self = .text(hex)
        }
    }

    var hex: String {
        switch self {
        case .bytes(let data): data.withUnsafeBytes { hexadecimal($0) }
        case .text(let text): text
        }
    }
}

extension HashValue: DatabaseValueConvertible {
    var databaseValue: DatabaseValue {
        switch self {
        case .bytes(let data): data.databaseValue
        case .text(let text): text.databaseValue
        }
    }

    static func fromDatabaseValue(_ value: DatabaseValue) -> HashValue? {
        switch value.storage {
        case .blob(let data): .bytes(data)
        case .string(let text): .text(text)
        default: nil
        }
    }
}

/// FNV-1a, 64 bits (Fowler, Noll, Vo): to find equal texts among few, never to prove them equal.
func fingerprint(_ bytes: some Sequence<UInt8>) -> UInt64 {
    bytes.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
}
