/// Payload bytes of one answer with their times, in one piece of memory.
///
/// Copied together, because a slice of a read buffer keeps the whole buffer alive, and a streamed answer is thousands of
/// small slices.
struct AnswerPieces: Sendable {
    /// Bytes gathered before a portion is handed over; with the event that fills it, less than 8 KiB.
    static let handOverBytes = 7 << 10

    private(set) var bytes: [UInt8] = []
    /// Where each slice ends, and when it came.
    private(set) var marks: [(end: Int, at: ContinuousClock.Instant)] = []

    /// Bytes of the budget for each slice's mark, beside its own bytes.
    static let markBytes = MemoryLayout<(end: Int, at: ContinuousClock.Instant)>.stride

    /// Bytes reserved in the budget.
    var heldBytes: Int { bytes.count + marks.count * Self.markBytes }

    var isEmpty: Bool { marks.isEmpty }
    var isLargeEnough: Bool { bytes.count >= Self.handOverBytes }

    mutating func append(_ slice: some Collection<UInt8>, at time: ContinuousClock.Instant) {
        guard !slice.isEmpty else { return }
        // Doubling would end at nearly twice what a portion holds.
        if bytes.count > Self.handOverBytes / 8, bytes.count + slice.count > bytes.capacity {
            let portionBytes = max(bytes.count + slice.count, Self.handOverBytes + 1_000)
            marks.reserveCapacity(marks.count * portionBytes / bytes.count + 1)
            bytes.reserveCapacity(portionBytes)
        }
        bytes.append(contentsOf: slice)
        marks.append((bytes.count, time))
    }

    mutating func take() -> AnswerPieces {
        defer { self = AnswerPieces() }
        return self
    }

    /// Gives each slice back, in order.
    func eachSlice(_ body: (UnsafeRawBufferPointer, ContinuousClock.Instant) -> Void) {
        bytes.withUnsafeBytes { all in
            var start = 0
            for mark in marks {
                body(UnsafeRawBufferPointer(rebasing: all[start..<mark.end]), mark.at)
                start = mark.end
            }
        }
    }
}

/// The needed parts of an answer's head.
struct AnswerHead: Sendable {
    var status: Int
    var contentType: String?
    var contentEncoding: String?
    var contentLength: Int?
}
