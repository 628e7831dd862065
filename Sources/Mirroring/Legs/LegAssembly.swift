import CurlClient
import Gateway
import JSON
import Vocabulary
import Wire

/// Assembles the answer of one leg from its pieces; used on mirroring's thread.
struct LegAssembly {
    private var assembler: AnswerAssembler
    private let version: String
    /// The time that the pieces' times are relative to.
    private let startedAt: ContinuousClock.Instant
    /// Whether the answer exceeded its limit; known once it has ended.
    private(set) var isOverLimit = false

    init(
        shape: APIShape,
        version: String,
        startedAt: ContinuousClock.Instant,
        room: (any MemoryRoom)? = nil
    ) {
        assembler = AnswerAssembler(shape: shape, room: room)
        self.version = version
        self.startedAt = startedAt
    }

    /// Whether the answer was given up for lack of memory in the budget.
    var isOutOfRoom: Bool { assembler.isOutOfRoom }

    /// False once no further bytes can change the answer.
    var wantsMore: Bool { assembler.wantsMore }

    mutating func head(_ head: AnswerHead) {
        assembler.head(
            status: head.status,
            contentType: head.contentType,
            contentEncoding: head.contentEncoding,
            contentLength: head.contentLength
        )
    }

    mutating func take(_ pieces: AnswerPieces) {
        pieces.eachSlice { assembler.consume($0, at: $1 - startedAt) }
    }

    /// Stable's answer; nil if the gateway's own stop ended it, which is no model's fault.
    mutating func answer(endedBy end: AnswerEnd, at time: ContinuousClock.Instant) -> LegAnswer? {
        let transportEnd: TransportEnd
        switch end {
        case .complete: transportEnd = .complete
        case .clientCancelled: transportEnd = .clientCancelled
        case .upstreamCut: transportEnd = .cut
        case .upstreamTimeout: transportEnd = .timedOut
        case .upstreamUnreachable: transportEnd = .unreachable
        case .stopped: return nil
        }
        return assembler.finish(transportEnd, at: time - startedAt).legAnswer(version: version)
    }

    /// The answer that was played through libcurl.
    ///
    /// The times of such a leg count from the sending of its request. Stable's count from the end of its request, when its
    /// connection is open already. So the time that libcurl took to connect is subtracted.
    mutating func answer(endedBy result: CurlResult, endedEarly: Bool) -> LegAnswer {
        let end = endedEarly ? .complete : TransportEnd(result.outcome)
        let assembled = assembler.finish(end, at: result.finishedAt - startedAt)
        isOverLimit = assembled.malformedReason == .tooLarge || result.outcome == .tooLarge
        var answer = assembled.legAnswer(version: version)
        if answer.outcome != .ok, answer.outcome != .httpError {
            switch result.outcome {
            // Over a limit, or not HTTP: malformed, whether complete or not.
            case .tooLarge, .protocolError: answer.outcome = .malformed
            default: break
            }
        }
        let connecting = result.timings.preTransfer
        answer.timings.firstByte = answer.timings.firstByte.map { max($0 - connecting, .zero) }
        answer.timings.firstToken = answer.timings.firstToken.map { max($0 - connecting, .zero) }
        answer.timings.total = answer.timings.total.map { max($0 - connecting, .zero) }
        return answer
    }
}

extension TransportEnd {
    fileprivate init(_ outcome: CurlOutcome) {
        switch outcome {
        case .ok: self = .complete
        // Without a connection, no request was sent, however long the attempt took.
        case .connectFailed, .invalidRequest, .timeout(.connect): self = .unreachable
        case .timeout(.firstByte), .timeout(.stall), .timeout(.total): self = .timedOut
        case .closedBeforeAnswer, .truncated, .tooLarge, .cancelled, .protocolError: self = .cut
        }
    }
}
