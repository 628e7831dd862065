import Crypto
package import JSON
import Threads
package import Vocabulary
package import Wire

/// Recorded answers, found by the unkeyed SHA-256 of the canonical request.
///
/// Where one request was recorded several times (a common greeting, say), its answers are given in turn.
package final class AnswerBook: Sendable {
    private struct Key: Hashable {
        let request: [UInt8]
        let leg: Leg
    }

    private struct Shelf {
        var answers: [RecordedAnswer] = []
        var next = 0
    }

    private let shelves = Locked<[Key: Shelf]>([:])

    package init() {}

    /// The number of answers in the book.
    package var count: Int {
        shelves.withLock { $0.values.reduce(0) { $0 + $1.answers.count } }
    }

    /// The key of a request's answers: SHA-256 of its canonical bytes.
    package static func name(shape: APIShape, body: JSON) -> [UInt8] {
        Array(SHA256.hash(data: CanonicalRequest.bytes(shape: shape, body: body)))
    }

    /// The key of a request whose canonical bytes are known.
    package static func name(canonicalBytes: [UInt8]) -> [UInt8] {
        Array(SHA256.hash(data: canonicalBytes))
    }

    package func add(_ answer: RecordedAnswer, under name: [UInt8], leg: Leg) {
        shelves.withLock { $0[Key(request: name, leg: leg), default: Shelf()].answers.append(answer) }
    }

    /// The next answer to a request: preferably one recorded for the same kind of transfer, else one that has to be rewritten.
    package func answer(named name: [UInt8], leg: Leg, isStreamed: Bool) -> RecordedAnswer? {
        shelves.withLock { shelves in
            let key = Key(request: name, leg: leg)
            guard var shelf = shelves[key] else { return nil }
            let count = shelf.answers.count
            let start = shelf.next
            let order = (0..<count).map { (start + $0) % count }
            let fitting = order.first { shelf.answers[$0].isStreamed.map { $0 == isStreamed } ?? true }
            let chosen = fitting ?? start
            shelf.next = (chosen + 1) % count
            shelves[key] = shelf
            return shelf.answers[chosen]
        }
    }
}

extension RecordedAnswer {
    /// Whether the recorded bytes are a stream; nil if only contents are known.
    fileprivate var isStreamed: Bool? {
        switch self {
        case .bytes(let playback): playback.isStreamed
        case .contents: nil
        }
    }
}
