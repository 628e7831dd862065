import Foundation
import Threads
import Vocabulary

/// Pairs whose texts are cut from a file of real text at places that a seeded generator chooses.
///
/// Texts are cut before anything is measured: a generator that works while the writer does takes its processor.
struct TextSource {
    private static let poolCount = 8_192

    private let pool: [String]

    init(path: String, size: Int) throws {
        let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        guard bytes.count > 4 * size else { throw CocoaError(.fileReadCorruptFile) }
        var random = Random(seed: 1)
        pool = (0..<Self.poolCount).map { _ in
            let start = Int(random.next() % UInt64(bytes.count - size))
            return String(decoding: bytes[start..<(start + size)], as: UTF8.self)
        }
    }

    func pair(_ number: Int) -> Pair {
        var random = Random(seed: UInt64(number))
        func text() -> String { pool[Int(random.next() % UInt64(Self.poolCount))] }
        var stable = answer("a", text(), random.next())
        stable.timings.firstToken = .microseconds(90_000 + Int(random.next() % 50_000))
        return Pair(
            // Ascending, as those of `serve`.
            id: Random.hexadecimal(UInt64(number), count: 16),
            time: Date(timeIntervalSince1970: 1_790_000_000 + Double(number) / 10),
            session: SessionHash(hex: Random.hexadecimal(UInt64(number / 3), count: 32)),
            intent: IntentClass(rawValue: ["payment", "order_status", "how_to", "other"][number % 4]),
            intentSource: .rule,
            endpoint: "/v1/chat/completions",
            promptHash: PromptHash(hex: random.hexadecimal(count: 64)),
            prompt: text(),
            request: RequestParameters(temperature: 0, maximumTokens: 512, stream: true),
            samplingProbability: 0.1,
            stable: stable,
            shadow: answer("b", text(), random.next()),
            control: nil
        )
    }

    private func answer(_ version: String, _ text: String, _ random: UInt64) -> LegAnswer {
        var answer = LegAnswer(version: version, outcome: .ok, status: 200, finishReason: "stop", text: text)
        answer.usage = TokenUsage(inputTokens: 500, outputTokens: Int(random % 500))
        answer.timings.total = .microseconds(Int(random % 5_000_000))
        answer.byteCount = text.utf8.count + 400
        return answer
    }
}

/// xorshift64* (Vigna 2016).
private struct Random {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
    }

    mutating func next() -> UInt64 {
        state ^= state >> 12
        state ^= state << 25
        state ^= state >> 27
        return state &* 0x2545_F491_4F6C_DD1D
    }

    mutating func hexadecimal(count: Int) -> String {
        (0..<(count / 16)).map { _ in Self.hexadecimal(next(), count: 16) }.joined()
    }

    static func hexadecimal(_ value: UInt64, count: Int) -> String {
        String(unsafeUninitializedCapacity: count) { text in
            for index in 0..<count {
                let shift = (count - 1 - index) * 4
                let digit = shift < 64 ? UInt8(truncatingIfNeeded: value >> UInt64(shift)) & 15 : 0
                text[index] = digit < 10 ? 0x30 + digit : 0x57 + digit
            }
            return count
        }
    }
}

/// How long each transaction took.
final class Commits: Sendable {
    private let durations = Locked<[Duration]>([])

    @Sendable func note(_ count: Int, _ duration: Duration) {
        durations.withLock { $0.append(duration) }
    }

    func milliseconds(_ share: Double) -> Double {
        let sorted = durations.withLock { $0 }.sorted()
        guard !sorted.isEmpty else { return 0 }
        return sorted[min(sorted.count - 1, Int(share * Double(sorted.count)))] / .milliseconds(1)
    }
}

/// Places for pairs that wait, so that what is measured is the writer and not a queue that grows.
final class Room: Sendable {
    private struct State {
        var free: Int
        var waiting: CheckedContinuation<Void, Never>?
    }

    private let state: Locked<State>

    init(count: Int) {
        state = Locked(State(free: count))
    }

    /// For one caller at a time.
    func take() async {
        let isFree = state.withLock { state in
            guard state.free > 0 else { return false }
            state.free -= 1
            return true
        }
        guard !isFree else { return }
        await withCheckedContinuation { continuation in
            let isFree = state.withLock { state in
                guard state.free > 0 else {
                    state.waiting = continuation
                    return false
                }
                state.free -= 1
                return true
            }
            if isFree { continuation.resume() }
        }
    }

    func give() {
        let waiting = state.withLock { state in
            defer { state.waiting = nil }
            if state.waiting == nil { state.free += 1 }
            return state.waiting
        }
        waiting?.resume()
    }
}
