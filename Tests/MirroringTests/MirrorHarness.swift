import CurlClient
import Foundation
import Gateway
import Logging
import NIOCore
import Threads
import Vocabulary

@testable import Mirroring

/// A sink that keeps pairs in memory, and can be told to have no room, to fail or to keep its answer to itself.
final class MemorySink: PairSink {
    enum Mode { case keeps, isFull, fails, isSilent }

    private struct State {
        var pairs: [Pair] = []
        var waiters: [(count: Int, continuation: CheckedContinuation<[Pair], Never>)] = []
    }

    private let mode: Mode
    private let state = Locked(State())

    init(_ mode: Mode = .keeps) {
        self.mode = mode
    }

    func store(_ pair: Pair, completion: @escaping @Sendable (PairSinkResult) -> Void) -> Bool {
        if mode == .isFull { return false }
        if mode != .isSilent { completion(mode == .fails ? .failed : .stored) }
        let due = state.withLock { state in
            state.pairs.append(pair)
            let due = state.waiters.filter { $0.count <= state.pairs.count }.map { ($0.continuation, state.pairs) }
            state.waiters.removeAll { [count = state.pairs.count] in $0.count <= count }
            return due
        }
        for (continuation, pairs) in due { continuation.resume(returning: pairs) }
        return true
    }

    var pairs: [Pair] { state.withLock { $0.pairs } }

    /// The pairs, once there are as many.
    func pairs(_ count: Int) async -> [Pair] {
        await withCheckedContinuation { continuation in
            let now = state.withLock { state in
                if state.pairs.count >= count { return Optional(state.pairs) }
                state.waiters.append((count, continuation))
                return nil
            }
            if let now { continuation.resume(returning: now) }
        }
    }
}

/// Keeps what an observer is told.
final class MemoryObserver: MirroringObserver {
    struct Seen {
        var legs: [LegReport] = []
        var tables: [RateTable] = []
        var breaker: [CircuitBreaker.State] = []
    }

    private let state = Locked(Seen())

    var seen: Seen { state.withLock { $0 } }

    func legFinished(_ report: LegReport) { state.withLock { $0.legs.append(report) } }
    func ratesChanged(_ table: RateTable) { state.withLock { $0.tables.append(table) } }
    func breakerChanged(_ breaker: CircuitBreaker.State) { state.withLock { $0.breaker.append(breaker) } }
}

func makeConfiguration(
    shadow: String,
    stable: String = "http://127.0.0.1:9",
    rate: Double = 1,
    controlRate: Double = 0,
    _ edit: (inout MirroringConfiguration) -> Void = { _ in }
) -> MirroringConfiguration {
    var configuration = MirroringConfiguration(
        stable: .init(version: "v1.1.0", model: "stable-model", url: serverURL(stable)),
        shadow: .init(version: "v1.2.0", model: "shadow-model", url: serverURL(shadow), apiKey: "shadow-key"),
        sampling: SamplingSettings(rate: rate, targetPerDay: 0, controlRate: controlRate, seed: "test"),
        limits: MirroringLimits(),
        maximumBodyBytes: 32 << 20,
        key: Array(0..<32)
    )
    edit(&configuration)
    return configuration
}

private func serverURL(_ text: String) -> ServerURL {
    do {
        return try ServerURL(text)
    } catch {
        preconditionFailure("\(text) is no server's URL: \(error)")
    }
}

func makeMirror(
    _ configuration: MirroringConfiguration,
    sink: MemorySink = MemorySink(),
    observer: MemoryObserver? = nil,
    wallClock: @escaping @Sendable () -> Double = { 1_800_000_000 }
) throws -> Mirror {
    var logger = Logger(label: "test")
    logger.logLevel = .critical
    return try Mirror(configuration, sink: sink, observer: observer, logger: logger, wallClock: wallClock)
}

func chatBody(_ text: String = "hello", stream: Bool = false, user: String? = nil) -> String {
    let userMember = user.map { ",\"user\":\"\($0)\"" } ?? ""
    return #"{"model":"m","stream":\#(stream),"messages":[{"role":"user","content":"\#(text)"}]\#(userMember)}"#
}

func chatAnswer(_ text: String) -> String {
    #"{"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"\#(text)"},"finish_reason":"stop"}],"#
        + #""usage":{"prompt_tokens":3,"completion_tokens":2}}"#
}

func chatEvents(_ words: [String]) -> String {
    words.map { #"data: {"choices":[{"index":0,"delta":{"content":"\#($0)"}}]}"# + "\n\n" }.joined()
        + #"data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"# + "\n\ndata: [DONE]\n\n"
}

/// The head of a request with a JSON body.
func requestHead(
    _ method: String,
    _ target: String,
    _ headers: [(name: String, value: String)] = []
) -> RequestHead {
    guard
        let head = RequestHead(
            method: method,
            target: target,
            headers: [("Content-Type", "application/json")] + headers
        )
    else { preconditionFailure("\(method) \(target) is no request line") }
    return head
}

extension Mirror {
    /// Says that a request is complete, as the gateway does.
    @discardableResult
    func request(
        _ body: String,
        target: String = "/v1/chat/completions",
        method: String = "POST",
        headers: [(name: String, value: String)] = []
    ) -> (any AnswerTap)? {
        let bytes = Array(body.utf8)
        let half = bytes.count / 2
        let head = requestHead(method, target, headers)
        let slices = wantsBody(of: head) ? [bytes[..<half], bytes[half...]] : []
        return requestCompleted(
            TappedRequest(
                head: head,
                body: slices.map { ByteBuffer(bytes: $0) },
                bodyByteCount: bytes.count,
                receivedFirstByteAt: .now,
                completedAt: .now
            )
        )
    }

    /// A request that stable answers at once.
    func exchange(
        _ body: String = chatBody(),
        answer: String = chatAnswer("stable"),
        headers: [(name: String, value: String)] = []
    ) {
        request(body, headers: headers)?.play(answer)
    }
}

extension AnswerTap {
    /// Lets an answer of stable pass.
    func play(_ answer: String, status: Int = 200, type: String = "application/json", end: AnswerEnd = .complete) {
        answerHead(status: status, headers: HeaderFields([("Content-Type", type)]), at: .now)
        answerBytes(ByteBuffer(string: answer), at: .now)
        finished(end, at: .now)
    }
}
