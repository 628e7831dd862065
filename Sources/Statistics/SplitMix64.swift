/// A small seeded random generator, for bootstrap, simulation and tests that must give the same figures again.
///
/// Source: Steele, Lea, Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014. Not for secrets.
public struct SplitMix64: RandomNumberGenerator, Sendable {
    private var state: UInt64

    /// Creates a generator; equal seeds give equal sequences.
    ///
    /// - Parameter seed: any number.
    public init(seed: UInt64) {
        state = seed
    }

    /// The next 64 random bits.
    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    /// A uniform number in [0, 1) with 53 random bits.
    public mutating func nextUniform() -> Double {
        Double(next() >> 11) * 0x1p-53
    }

    /// A standard normal number (Box and Muller 1958, the cosine branch).
    public mutating func nextNormal() -> Double {
        let radius = (-2 * Boost.logarithm(1 - nextUniform())).squareRoot()
        return radius * Boost.cosine(2 * .pi * nextUniform())
    }

    /// A whole number in 0 ..< `bound`, by Lemire's multiplication; the bias is below bound / 2⁶⁴.
    mutating func nextIndex(below bound: Int) -> Int {
        Int(truncatingIfNeeded: next().multipliedFullWidth(by: UInt64(bound)).high)
    }
}
