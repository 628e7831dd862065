import Foundation
import Vocabulary

/// The layout of the scores that some scorers gave for one pair, as one value of the table `score_pack`.
///
/// Why. A pair has some thirty scores; as a row each they would outweigh its texts on the disk and its answers in the
/// writer's time. Which scorers they are stands once in `scorer_set`.
///
/// Layout. A byte for each scorer of the set, in the set's order: two bits for each leg's number (stable in the lowest,
/// then shadow, control, the pair), where 0 stands for not defined, 1 for zero, 2 for one, and 3 for one of the doubles
/// that follow, little-endian, in the same order. Most scores are zero or one. The layout is part of the schema: it is
/// never changed, only followed by another table.
enum ScorePack {
    private enum Code {
        static let undefined: UInt8 = 0, zero: UInt8 = 1, one: UInt8 = 2, double: UInt8 = 3
    }

    /// What one scorer gave, by the legs' numbers.
    typealias Values = (Double?, Double?, Double?, Double?)

    /// Whether a value can be a score: 0…1 of an answer, finite of a pair.
    ///
    /// Bytes can hold others.
    static func isScore(_ value: Double, leg: Int) -> Bool {
        leg == Leg.pairRowID ? value.isFinite : StoredRange.shares.contains(value)
    }

    static func encode(_ scorers: some Collection<Values>) -> [UInt8] {
        var bytes: [UInt8] = []
        var doubles: [UInt8] = []
        bytes.reserveCapacity(scorers.count * 10)
        for values in scorers {
            var codes: UInt8 = 0
            for (leg, value) in [values.0, values.1, values.2, values.3].enumerated() {
                let code: UInt8
                switch value {
                case nil: code = Code.undefined
                case .some(let value) where value == 0: code = Code.zero
                case .some(let value) where value == 1: code = Code.one
                case .some(let value):
                    code = Code.double
                    withUnsafeBytes(of: value.bitPattern.littleEndian) { doubles += $0 }
                }
                codes |= code << UInt8(leg * 2)
            }
            bytes.append(codes)
        }
        return bytes + doubles
    }

    /// Hands over each value with the place of its scorer in the set and its leg's number.
    ///
    /// - Returns: false where the bytes are not those of so many scorers; then some values may have been handed over.
    static func forEach(
        in bytes: Data,
        scorerCount: Int,
        _ body: (_ scorer: Int, _ leg: Int, _ value: Double) -> Void
    ) -> Bool {
        bytes.withUnsafeBytes { bytes in
            guard bytes.count >= scorerCount else { return false }
            var next = scorerCount
            for scorer in 0..<scorerCount where bytes[scorer] != 0 {
                for leg in 0..<4 {
                    switch bytes[scorer] >> UInt8(leg * 2) & 3 {
                    case Code.zero: body(scorer, leg, 0)
                    case Code.one: body(scorer, leg, 1)
                    case Code.double:
                        guard next + 8 <= bytes.count else { return false }
                        let pattern = bytes.loadUnaligned(fromByteOffset: next, as: UInt64.self)
                        body(scorer, leg, Double(bitPattern: UInt64(littleEndian: pattern)))
                        next += 8
                    default: break
                    }
                }
            }
            return next == bytes.count
        }
    }
}
