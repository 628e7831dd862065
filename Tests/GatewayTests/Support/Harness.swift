import Gateway
import Logging
import NIOCore
import NIOPosix
import NIOSSL
import Testing
import Threads
import Vocabulary

/// What a test of the running gateway works with.
struct Stage: Sendable {
    let gateway: GatewayServer
    let upstream: ScriptedUpstream
    /// The upstream as the gateway knows it.
    let stable: Upstream
    let tap: RecordingTap
    let port: Int

    func client(reads: Bool = true) async throws -> Wire {
        try await Wire.connect(port: port, reads: reads)
    }

    /// Sends one request on a connection of its own and reads the answer.
    func ask(_ request: String) async throws -> Wire.Message {
        let client = try await client()
        try await client.send(request)
        let answer = try await client.message(isAnswerToHead: request.hasPrefix("HEAD "))
        await client.close()
        return answer
    }
}

/// A change of the configuration that most tests use, and of stable.
struct Configure {
    var apply: (inout GatewayConfiguration, inout Upstream) -> Void

    init(_ apply: @escaping (inout GatewayConfiguration) -> Void) {
        self.apply = { configuration, _ in apply(&configuration) }
    }

    init(_ apply: @escaping (inout GatewayConfiguration, inout Upstream) -> Void) {
        self.apply = apply
    }
}

/// Runs a gateway in front of a scripted upstream and stops both afterwards.
func withGateway<T: Sendable>(
    upstream scripts: [[Step]] = [[.echoForEver]],
    tap: RecordingTap = RecordingTap(),
    threads: Int? = nil,
    upstreamTLS: NIOSSLContext? = nil,
    resolver: (any Resolver & Sendable)? = nil,
    configure: Configure = Configure { _, _ in },
    _ body: (Stage) async throws -> T
) async throws -> T {
    let upstream = ScriptedUpstream(scripts)
    let upstreamPort = try await upstream.start(tls: upstreamTLS)
    let scheme = upstreamTLS == nil ? "http" : "https"
    let host = resolver != nil ? "stable.test" : upstreamTLS == nil ? "127.0.0.1" : "localhost"
    let url = try ServerURL("\(scheme)://\(host):\(upstreamPort)")
    var stable = Upstream(.stable, version: "v1.1.0", url: url)
    var configuration = GatewayConfiguration(host: "127.0.0.1", port: 0)
    configuration.errorBody = ErrorBody { type, code, message in
        Array(#"{"error":{"message":"\#(message)","type":"\#(type)","param":null,"code":"\#(code)"}}"#.utf8)
    }
    configuration.lingerTimeout = .milliseconds(500)
    // Tests can be slow between two requests, or to accept one, when the machine is busy.
    configuration.keptConnectionTimeout = .seconds(60)
    configuration.connectTimeout = .seconds(60)
    if let threads { configuration.threads = threads }
    configure.apply(&configuration, &stable)
    let gateway = GatewayServer(
        configuration: configuration,
        router: EveryoneTo(stable),
        tap: tap,
        group: threads == nil ? .singleton : nil,
        observer: tap,
        resolver: resolver,
        logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    )
    let address = try await gateway.start()
    let port = try #require(address.port)
    let stage = Stage(gateway: gateway, upstream: upstream, stable: stable, tap: tap, port: port)
    let result: Result<T, any Error>
    do { result = .success(try await body(stage)) } catch { result = .failure(error) }
    await gateway.stop(within: .milliseconds(200))
    await upstream.stop()
    return try result.get()
}

/// A tap that remembers everything, and lets a test wait for what is to come.
final class RecordingTap: Tap, GatewayObserver {
    struct Answer: Sendable {
        var request: TappedRequest
        var status: Int?
        var headers: TappedHeaders?
        var body: [UInt8] = []
        var pieces = 0
        var end: AnswerEnd?
    }

    struct Abandoned: Equatable, Sendable {
        var reason: AbandonedReason
        var path: String?
    }

    struct State: Sendable {
        var answers: [Answer] = []
        var abandoned: [Abandoned] = []
        var summaries: [ExchangeSummary] = []
        var finishedTwice = false
        /// How often room was asked for.
        var reservations = 0
        var reservedBytes = 0
        var mostReserved = 0
        var waiters: [(id: Int, condition: @Sendable (State) -> Bool, continuation: CheckedContinuation<Void, Never>)] =
            []
        var nextWaiter = 0
    }

    private struct Listener: AnswerTap {
        let tap: RecordingTap
        let index: Int

        func answerHead(status: Int, headers: TappedHeaders, at: ContinuousClock.Instant) {
            tap.change { state in
                state.answers[index].status = status
                state.answers[index].headers = headers
            }
        }

        func answerBytes(_ slice: ByteBuffer, at: ContinuousClock.Instant) {
            tap.change { state in
                state.answers[index].body += slice.readableBytesView
                state.answers[index].pieces += 1
            }
        }

        func finished(_ end: AnswerEnd, at: ContinuousClock.Instant) {
            tap.change { state in
                if state.answers[index].end != nil { state.finishedTwice = true }
                state.answers[index].end = end
            }
        }
    }

    private let state = Locked(State())
    private let wants: @Sendable (String, String) -> Bool
    /// Bytes that there is room for.
    private let room: Int
    private let whenFinished: @Sendable () -> Void

    /// A tap that calls `whenFinished` on the gateway's loop when an exchange is over, before anything else happens there.
    init(
        whenFinished: @escaping @Sendable () -> Void = {},
        room: Int = .max,
        wantsBody: @escaping @Sendable (String, String) -> Bool = { _, _ in true }
    ) {
        self.whenFinished = whenFinished
        self.room = room
        wants = wantsBody
    }

    var now: State { state.withLock { $0 } }

    func firstAnswer() throws -> Answer { try #require(now.answers.first) }

    private func change(_ body: (inout State) -> Void) {
        let ready = state.withLock { state in
            body(&state)
            let ready = state.waiters.filter { $0.condition(state) }
            state.waiters.removeAll { waiter in ready.contains { $0.id == waiter.id } }
            return ready
        }
        for waiter in ready { waiter.continuation.resume() }
    }

    /// Waits until what was recorded fits.
    func wait(until condition: @escaping @Sendable (State) -> Bool) async {
        let id = state.withLock { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isReady = state.withLock { state in
                    if condition(state) || Task.isCancelled { return true }
                    state.waiters.append((id, condition, continuation))
                    return false
                }
                if isReady { continuation.resume() }
            }
        } onCancel: {
            let found = state.withLock { state in
                let found = state.waiters.first { $0.id == id }
                state.waiters.removeAll { $0.id == id }
                return found
            }
            found?.continuation.resume()
        }
    }

    func wantsBody(of head: RequestHead) -> Bool { wants(head.method, head.path) }

    func reserve(_ byteCount: Int) -> Bool {
        var hasRoom = false
        change { state in
            state.reservations += 1
            hasRoom = room - state.reservedBytes >= byteCount
            if hasRoom { state.reservedBytes += byteCount }
            state.mostReserved = max(state.mostReserved, state.reservedBytes)
        }
        return hasRoom
    }

    func release(_ byteCount: Int) {
        change { $0.reservedBytes -= byteCount }
    }

    func requestCompleted(_ request: TappedRequest) -> (any AnswerTap)? {
        var index = 0
        change { state in
            index = state.answers.count
            state.answers.append(Answer(request: request))
        }
        return Listener(tap: self, index: index)
    }

    func requestAbandoned(_ reason: AbandonedReason, head: RequestHead?) {
        change { $0.abandoned.append(Abandoned(reason: reason, path: head?.path)) }
    }

    func exchangeFinished(_ summary: ExchangeSummary) {
        whenFinished()
        change { $0.summaries.append(summary) }
    }
}
