package import Vocabulary
import Wire

/// One model's recorded answer to one request: its bytes, or only its contents.
package enum RecordedAnswer: Sendable, Equatable {
    /// The bytes as a server sent them, with their times.
    case bytes(Playback)
    /// The contents of an answer without its bytes, as a pair line has them.
    case contents(LegAnswer)
}

/// Turns recorded answers into playbacks for a request.
struct AnswerRendering {
    let shape: APIShape
    let isStreamed: Bool
    let model: String

    /// A recorded answer in the form that this request asks for.
    ///
    /// Bytes recorded for the same kind of request are sent unchanged; otherwise their contents are written anew. Times missing
    /// in a pair line are those of a quick model.
    func playback(of answer: RecordedAnswer) -> Playback {
        switch answer {
        case .bytes(let playback) where playback.isStreamed == isStreamed || playback.status >= 400: return playback
        case .bytes(let playback): return self.playback(of: legAnswer(of: playback))
        case .contents(let contents): return self.playback(of: contents)
        }
    }

    private func legAnswer(of playback: Playback) -> LegAnswer {
        var assembler = AnswerAssembler(shape: shape)
        assembler.head(status: playback.status, contentType: playback.contentType, contentEncoding: nil)
        for piece in playback.pieces {
            assembler.consume(piece.bytes, at: piece.at)
        }
        return assembler.finish(.complete, at: playback.endAt).legAnswer(version: model)
    }

    func playback(of answer: LegAnswer) -> Playback {
        let total = answer.timings.total ?? .milliseconds(200)
        guard answer.outcome == .ok || answer.outcome == .truncated else {
            let body = AnswerWriter.error(
                shape: shape,
                type: "server_error",
                message: "Recorded outcome: \(answer.outcome.rawValue)."
            )
            return document(body, status: max(answer.status ?? 500, 400), at: total)
        }
        let writer = AnswerWriter(
            shape: shape,
            model: answer.reportedModel ?? model,
            id: "stand-in",
            created: 0,
            text: answer.text,
            toolCalls: answer.toolCalls,
            finishReason: answer.finishReason,
            usage: answer.usage
        )
        guard isStreamed else { return document(writer.document(), status: 200, at: total) }
        let first = min(answer.timings.firstToken ?? total / 4, total)
        let events = writer.events()
        // Evenly between the first token and the end: no other times are known.
        let gap = events.count > 1 ? (total - first) / (events.count - 1) : .zero
        return Playback(
            status: 200,
            contentType: AnswerWriter.eventStreamContentType,
            headAt: min(answer.timings.firstByte ?? first, first),
            pieces: events.enumerated().map { .init(at: first + gap * $0.offset, bytes: $0.element) },
            endAt: total,
            isStreamed: true
        )
    }

    private func document(_ body: [UInt8], status: Int, at time: Duration) -> Playback {
        Playback(
            status: status,
            contentType: AnswerWriter.documentContentType,
            headAt: time,
            pieces: [.init(at: time, bytes: body)],
            endAt: time,
            isStreamed: false
        )
    }

    /// The marked answer to a request without a recorded answer, `tokens` words long.
    func defaultAnswer(tokens: Int) -> Playback {
        let words = ["[stand-in:", "no", "recorded", "answer]"] + (0..<max(0, tokens - 4)).map { "word\($0 % 100)" }
        return playback(
            of: LegAnswer(
                version: model,
                outcome: .ok,
                status: 200,
                text: words.joined(separator: " "),
                usage: TokenUsage(inputTokens: 0, outputTokens: words.count),
                timings: Timings(
                    firstByte: .milliseconds(20),
                    firstToken: .milliseconds(20),
                    total: .milliseconds(20) + .milliseconds(5) * words.count
                )
            )
        )
    }

    /// An error in the API's shape.
    func error(status: Int) -> Playback {
        let body = AnswerWriter.error(shape: shape, type: "server_error", message: "A fault was asked for.")
        return document(body, status: status, at: .milliseconds(1))
    }
}
