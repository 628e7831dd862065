import Vocabulary

/// What a stand-in sends for one request, and when: a value that the channel handler plays.
package struct Playback: Sendable, Equatable {
    /// Bytes of a body and the time at which they are sent, counted from the request's end.
    package struct Piece: Sendable, Equatable {
        package var at: Duration
        package var bytes: [UInt8]

        package init(at: Duration, bytes: [UInt8]) {
            self.at = at
            self.bytes = bytes
        }
    }

    package var status: Int
    package var contentType: String
    /// When the head is sent.
    package var headAt: Duration
    package var pieces: [Piece]
    /// When the body ends.
    package var endAt: Duration
    /// Whether the body is sent in chunks (streamed) or with its length.
    package var isStreamed: Bool

    package init(
        status: Int,
        contentType: String,
        headAt: Duration,
        pieces: [Piece],
        endAt: Duration,
        isStreamed: Bool
    ) {
        self.status = status
        self.contentType = contentType
        self.headAt = headAt
        self.pieces = pieces
        self.endAt = endAt
        self.isStreamed = isStreamed
    }

    /// The same answer with every time divided by `speed`, which is above 0.
    ///
    /// 2 is twice as fast; infinity sends everything at once.
    package func played(atSpeed speed: Double) -> Playback {
        var copy = self
        copy.headAt = headAt.divided(by: speed)
        copy.endAt = endAt.divided(by: speed)
        copy.pieces = pieces.map { Piece(at: $0.at.divided(by: speed), bytes: $0.bytes) }
        return copy
    }
}

extension Duration {
    fileprivate func divided(by factor: Double) -> Duration {
        factor == .infinity ? .zero : .fractionalMilliseconds(milliseconds / factor)
    }
}
