import Foundation
import JSON
import NIOCore
import NIOPosix
import StandIn
import Vocabulary

/// Starts a stand-in on a port of the system's choice, and stops it at the end.
func withStandIn<Result: Sendable>(
    _ book: AnswerBook = AnswerBook(),
    leg: Leg = .stable,
    speed: Double = .infinity,
    faults: [Fault] = [],
    defaultTokens: Int = 16,
    _ body: (RawClient) async throws -> Result
) async throws -> Result {
    let server = try await StandInServer.start(
        StandInConfiguration(
            port: 0,
            leg: leg,
            speed: speed,
            faults: FaultPlan(faults),
            defaultTokens: defaultTokens
        ),
        book: book
    )
    do {
        let result = try await body(RawClient(port: server.port))
        try await server.stop()
        return result
    } catch {
        try await server.stop()
        throw error
    }
}

/// Sends bytes and collects what comes back, to the end of the connection or to a limit.
struct RawClient: Sendable {
    let port: Int

    struct Reply: Sendable {
        var text: String
        var byteCount: Int
        /// Whether the connection ended in an error (a reset), not in an orderly way.
        var wasReset: Bool
        var endedAfter: Duration

        var status: Int? { text.split(separator: " ").dropFirst().first.flatMap { Int($0) } }

        /// The body without its chunk framing.
        var body: String {
            guard let end = text.range(of: "\r\n\r\n") else { return "" }
            let raw = String(text[end.upperBound...])
            guard text.lowercased().contains("transfer-encoding: chunked") else { return raw }
            var rest = Array(raw.utf8)[...]
            var body: [UInt8] = []
            while let line = rest.firstIndex(of: 0x0a),
                let size = Int(String(decoding: rest[..<line].dropLast(), as: UTF8.self), radix: 16), size > 0
            {
                body += rest[(line + 1)...].prefix(size)
                rest = rest[(line + 1)...].dropFirst(size + 2)
            }
            return String(decoding: body, as: UTF8.self)
        }
    }

    func post(
        _ path: String,
        _ body: JSON,
        headers: String = "",
        upTo limit: Int = .max,
        timeout: Duration = .seconds(120)
    ) async throws -> Reply {
        let bytes = body.bytes()
        let head =
            "POST \(path) HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n\(headers)"
            + "Content-Length: \(bytes.count)\r\nConnection: close\r\n\r\n"
        return try await send(Array(head.utf8) + bytes, upTo: limit, timeout: timeout)
    }

    func send(_ bytes: [UInt8], upTo limit: Int = .max, timeout: Duration = .seconds(120)) async throws -> Reply {
        let clock = ContinuousClock()
        let start = clock.now
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        // A connection that stays silent ends here, so that no test can hang.
        let end = channel.channel.eventLoop.scheduleTask(in: TimeAmount(timeout)) {
            channel.channel.close(promise: nil)
        }
        defer { end.cancel() }
        return try await channel.executeThenClose { inbound, outbound in
            try await outbound.write(ByteBuffer(bytes: bytes))
            var text: [UInt8] = []
            var count = 0
            var wasReset = false
            do {
                for try await buffer in inbound {
                    count += buffer.readableBytes
                    if text.count < 1 << 20 { text += Array(buffer.readableBytesView) }
                    if count >= limit { break }
                }
            } catch {
                wasReset = true
            }
            return Reply(
                text: String(decoding: text, as: UTF8.self),
                byteCount: count,
                wasReset: wasReset,
                endedAfter: clock.now - start
            )
        }
    }
}
