package import Statistics

extension SplitMix64 {
    package init(seed: Int) {
        self.init(seed: UInt64(truncatingIfNeeded: seed))
    }

    /// True with a probability.
    package mutating func happens(_ probability: Double) -> Bool {
        Double.random(in: 0..<1, using: &self) < probability
    }

    /// Cuts a body at random places.
    package mutating func slices(of bytes: [UInt8]) -> [ArraySlice<UInt8>] {
        var slices: [ArraySlice<UInt8>] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = Int.random(in: 1...min(rest.count, 1 + Int.random(in: 0...40, using: &self)), using: &self)
            slices.append(rest.prefix(count))
            rest = rest.dropFirst(count)
        }
        return slices
    }
}
