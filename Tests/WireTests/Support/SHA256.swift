/// SHA-256 (FIPS 180-4), so that the tests need no cryptography package to compare hashes of texts.
func sha256(_ message: [UInt8]) -> [UInt8] {
    let primes = (2...311).filter { candidate in !(2..<candidate).contains { candidate.isMultiple(of: $0) } }
    /// The first 32 bits of the fractional part.
    func fraction(_ value: Double) -> UInt32 { UInt32((value - value.rounded(.down)) * 4_294_967_296) }
    let constants = primes.prefix(64).map { fraction(cubeRoot(Double($0))) }
    var state = primes.prefix(8).map { fraction(Double($0).squareRoot()) }

    var padded = message + [0x80]
    while padded.count % 64 != 56 { padded.append(0) }
    let bits = UInt64(message.count) * 8
    padded += (0..<8).map { UInt8(truncatingIfNeeded: bits >> (56 - 8 * UInt64($0))) }

    func rotated(_ value: UInt32, _ count: UInt32) -> UInt32 { value >> count | value << (32 - count) }
    for block in stride(from: 0, to: padded.count, by: 64) {
        var words = (0..<16).map { word in
            (0..<4).reduce(UInt32(0)) { $0 << 8 | UInt32(padded[block + 4 * word + $1]) }
        }
        for index in 16..<64 {
            let (early, late) = (words[index - 15], words[index - 2])
            let first = rotated(early, 7) ^ rotated(early, 18) ^ (early >> 3)
            let second = rotated(late, 17) ^ rotated(late, 19) ^ (late >> 10)
            words.append(words[index - 16] &+ first &+ words[index - 7] &+ second)
        }
        var work = state
        for index in 0..<64 {
            let sum = rotated(work[4], 6) ^ rotated(work[4], 11) ^ rotated(work[4], 25)
            let choice = (work[4] & work[5]) ^ (~work[4] & work[6])
            let first = work[7] &+ sum &+ choice &+ constants[index] &+ words[index]
            let other = rotated(work[0], 2) ^ rotated(work[0], 13) ^ rotated(work[0], 22)
            let majority = (work[0] & work[1]) ^ (work[0] & work[2]) ^ (work[1] & work[2])
            work = [first &+ other &+ majority, work[0], work[1], work[2], work[3] &+ first, work[4], work[5], work[6]]
        }
        state = zip(state, work).map { $0 &+ $1 }
    }
    return state.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> (24 - 8 * UInt32($0))) } }
}

private func cubeRoot(_ value: Double) -> Double {
    var root = value / 3 + 1
    for _ in 0..<100 { root -= (root * root * root - value) / (3 * root * root) }
    return root
}
