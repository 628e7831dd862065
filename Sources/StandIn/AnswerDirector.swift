import JSON
import Threads
import Vocabulary
import Wire

/// Decides what to send for each request.
final class AnswerDirector: Sendable {
    /// A direction for the handler.
    enum Direction: Sendable, Equatable {
        case play(Playback)
        /// Plays until `piece` pieces are sent, then ends the connection, by a reset or in an orderly way.
        case breakOff(Playback, afterPieces: Int, withReset: Bool)
        case hang
        case garbage
        case endless(Playback)
        case huge
    }

    private let configuration: StandInConfiguration
    private let book: AnswerBook
    private let mirroredRequests = Locked(0)
    private let known = Locked<[Asked: Known]>([:])

    /// A received request.
    private struct Asked: Hashable {
        var shape: APIShape
        var path: PathWords
        var body: [UInt8]
    }

    /// The result of reading a request.
    private struct Known {
        var name: [UInt8]
        var rendering: AnswerRendering
    }

    init(configuration: StandInConfiguration, book: AnswerBook) {
        self.configuration = configuration
        self.book = book
    }

    /// The direction for one request; faults strike requests of mirrored endpoints only.
    func direction(method: String, target: String, legHeader: String?, body: [UInt8]) -> Direction {
        guard method == "POST", let shape = APIShapes.provided.shape(target: target) else {
            return .play(other(method: method, target: target))
        }
        let number = mirroredRequests.withLock { count in
            defer { count += 1 }
            return count
        }
        let path = shape.path.words(ofOwnTarget: target)
        guard let request = read(Asked(shape: shape, path: path, body: body)) else {
            let rendering = AnswerRendering(shape: shape, isStreamed: false, model: "stand-in")
            return .play(rendering.error(status: 400))
        }
        let rendering = request.rendering
        let recorded = recorded(named: request.name, legs: legs(legHeader), isStreamed: rendering.isStreamed)
        let playback =
            recorded.map(rendering.playback(of:))
            ?? rendering.defaultAnswer(tokens: configuration.defaultTokens)
        return direction(
            for: playback.played(atSpeed: configuration.speed),
            fault: configuration.faults.fault(forRequest: number),
            rendering: rendering
        )
    }

    /// Reads a request; nil where it is no JSON object.
    ///
    /// Results are kept: a benchmark repeats its requests, and reading one costs more than answering it.
    private func read(_ asked: Asked) -> Known? {
        if let known = known.withLock({ $0[asked] }) { return known }
        guard let request = try? JSON(parsing: asked.body), request.objectValue != nil else { return nil }
        let read = Known(
            name: AnswerBook.name(shape: asked.shape, body: request),
            rendering: AnswerRendering(
                shape: asked.shape,
                isStreamed: asked.path.isStreamed(orIn: request),
                model: asked.path.model(orIn: request) ?? "stand-in"
            )
        )
        known.withLock { known in
            if known.count >= 64 { known.removeAll() }
            known[asked] = read
        }
        return read
    }

    private func recorded(named name: [UInt8], legs: [Leg], isStreamed: Bool) -> RecordedAnswer? {
        for leg in legs {
            if let answer = book.answer(named: name, leg: leg, isStreamed: isStreamed) { return answer }
        }
        return nil
    }

    /// The legs whose answers serve, the best first: a control is stable's second answer, or else its first.
    private func legs(_ header: String?) -> [Leg] {
        header == Leg.control.rawValue ? [.control, configuration.leg] : [configuration.leg]
    }

    private func direction(for playback: Playback, fault: Fault.Kind?, rendering: AnswerRendering) -> Direction {
        switch fault {
        case nil: .play(playback)
        case .hang: .hang
        case .slow(let factor): .play(playback.played(atSpeed: 1 / factor))
        case .reset: .breakOff(playback, afterPieces: playback.pieces.count / 2, withReset: true)
        case .cut: .breakOff(playback, afterPieces: playback.pieces.count / 2, withReset: false)
        case .status(let status): .play(rendering.error(status: status))
        case .garbage: .garbage
        case .endless: .endless(playback)
        case .huge: .huge
        }
    }

    /// Answers to the paths of model servers beside the mirrored endpoints.
    private func other(method: String, target: String) -> Playback {
        switch (method, target.prefix { $0 != "?" }) {
        case ("GET", "/health"), ("GET", "/healthz"):
            return plain(200, ["status": "ok"])
        case ("GET", "/v1/models"):
            return plain(200, ["object": "list", "data": [["id": "stand-in", "object": "model"]]])
        default:
            let error: JSON = ["message": "The stand-in knows no such path.", "type": "not_found_error", "code": 404]
            return plain(404, ["error": error])
        }
    }

    private func plain(_ status: Int, _ body: JSON) -> Playback {
        Playback(
            status: status,
            contentType: AnswerWriter.documentContentType,
            headAt: .zero,
            pieces: [.init(at: .zero, bytes: body.bytes())],
            endAt: .zero,
            isStreamed: false
        )
    }
}
