import CurlClient
import Threads

/// Everything that one transfer told.
struct Recording: Sendable {
    var head: CurlHead?
    var body: [UInt8] = []
    var pieceCount = 0
    var result: CurlResult?
    var eventsAfterTheEnd = 0

    var text: String { String(decoding: body, as: UTF8.self) }
    var outcome: CurlOutcome? { result?.outcome }

    mutating func take(_ event: CurlEvent) {
        if result != nil { eventsAfterTheEnd += 1 }
        switch event {
        case .head(let head, _): self.head = head
        case .bytes(let bytes, _):
            body += bytes
            pieceCount += 1
        case .finished(let result): self.result = result
        }
    }
}

extension CurlClient {
    /// Plays a request to its end; `onEvent` is called on the curl thread.
    func play(
        _ request: CurlRequest,
        onEvent: @escaping @Sendable (CurlEvent) -> Void = { _ in }
    ) async -> Recording {
        let recording = Locked(Recording())
        return await withCheckedContinuation { continuation in
            let id = start(request) { event in
                let whole = recording.withLock { recording in
                    recording.take(event)
                    return recording
                }
                onEvent(event)
                if case .finished = event { continuation.resume(returning: whole) }
            }
            if id == nil { continuation.resume(returning: Recording()) }
        }
    }

    func stopped() async {
        await withCheckedContinuation { continuation in
            shutdown { continuation.resume() }
        }
    }
}
