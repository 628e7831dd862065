import NIOCore
import NIOPosix
import NIOSSL
import Threads

/// Something a test lets happen once, and others wait for.
final class Signal: Sendable {
    private let stream: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation
    init() {
        (stream, continuation) = AsyncStream.makeStream()
    }

    func fire() { continuation.finish() }

    func wait() async {
        for await _ in stream {}
    }
}

/// What the upstream does on one connection, step by step.
enum Step: Sendable {
    /// Reads a whole request and remembers it.
    case request
    /// Reads only a request's head and remembers it.
    case requestHead
    case send(String)
    case sendBytes([UInt8])
    /// Answers 200 with the request it last read as the body.
    case echo
    /// Reads and echoes until the peer is gone.
    case echoForEver
    case wait(Signal)
    case fire(Signal)
    case run(@Sendable () -> Void)
    /// Sends this many bytes of `x`, in pieces, as fast as they are taken.
    case flood(Int)
    /// Stops reading, so that the peer's bytes stay in the kernel.
    case stopReading
    case startReading
    /// Waits until the peer has closed.
    case awaitClose
    case close
    case reset
}

/// A loopback server whose behaviour is data: one script per connection, the last one for all further ones.
final class ScriptedUpstream: Sendable {
    private struct State {
        var accepted = 0
        var requests: [Wire.Message] = []
        var tasks: [Task<Void, Never>] = []
        var wires: [Wire] = []
        var flooded = 0
    }

    private let scripts: [[Step]]
    private let state = Locked(State())
    private let listener: Locked<(any Channel)?> = Locked(nil)

    init(_ scripts: [[Step]]) {
        self.scripts = scripts
    }

    /// Whole requests that were read, in order.
    var requests: [Wire.Message] { state.withLock { $0.requests } }
    var connectionCount: Int { state.withLock { $0.accepted } }
    /// Bytes of floods that the peer's side has taken.
    var floodedByteCount: Int { state.withLock { $0.flooded } }

    func start(tls: NIOSSLContext? = nil) async throws -> Int {
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.allowRemoteHalfClosure, value: tls == nil)
            .childChannelOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: 65536))
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let tls { try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls)) }
                    self.serve(try Wire(channel).installed())
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        listener.withLock { $0 = channel }
        return channel.localAddress?.port ?? 0
    }

    func stop() async {
        let channel = listener.withLock { listener in
            defer { listener = nil }
            return listener
        }
        try? await channel?.close().get()
        let (tasks, wires) = state.withLock { ($0.tasks, $0.wires) }
        for task in tasks { task.cancel() }
        for wire in wires { await wire.close() }
        for task in tasks { await task.value }
    }

    private func serve(_ wire: Wire) {
        state.withLock { state in
            let script = scripts[min(state.accepted, scripts.count - 1)]
            state.accepted += 1
            state.wires.append(wire)
            state.tasks.append(
                Task {
                    // A peer that leaves in mid-script is what many tests are about.
                    try? await self.run(script, on: wire)
                }
            )
        }
    }

    private func run(_ script: [Step], on wire: Wire) async throws {
        var last = Wire.Message(head: "", raw: [], body: [])
        for step in script {
            switch step {
            case .request:
                last = try await readRequest(wire)
            case .requestHead:
                last = Wire.Message(head: try await wire.read(through: "\r\n\r\n"), raw: [], body: [])
                state.withLock { [last] in $0.requests.append(last) }
            case .send(let text): try await wire.send(text)
            case .sendBytes(let bytes): try await wire.send(bytes)
            case .echo: try await echo(last, wire)
            case .echoForEver:
                while true { try await echo(try await readRequest(wire), wire) }
            case .wait(let signal): await signal.wait()
            case .fire(let signal): signal.fire()
            case .run(let body): body()
            case .flood(let count):
                let piece = [UInt8](repeating: 0x78, count: 65536)
                var left = count
                while left > 0 {
                    try await wire.send(left < piece.count ? Array(piece.prefix(left)) : piece)
                    left -= piece.count
                    state.withLock { $0.flooded += piece.count }
                }
            case .stopReading: try await wire.channel.setOption(.autoRead, value: false).get()
            case .startReading: try await wire.startReading()
            case .awaitClose: _ = try await wire.readToEnd()
            case .close: await wire.close()
            case .reset: await wire.reset()
            }
        }
    }

    private func readRequest(_ wire: Wire) async throws -> Wire.Message {
        let message = try await wire.message()
        state.withLock { $0.requests.append(message) }
        return message
    }

    private func echo(_ request: Wire.Message, _ wire: Wire) async throws {
        let body = Array(request.head.utf8) + request.raw
        let isHead = request.head.hasPrefix("HEAD ")
        let head = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: \(body.count)\r\n\r\n"
        try await wire.send(Array(head.utf8) + (isHead ? [] : body))
    }
}
