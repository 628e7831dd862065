import NIOCore
import NIOHTTP1
import NIOPosix
import Threads
import Vocabulary

/// Plays the directions of a connection one after the other, in the order of its requests.
///
/// Bytes are written raw, because some faults are not HTTP.
final class StandInHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = ByteBuffer

    private struct Request {
        var head: HTTPRequestHead
        var body: [UInt8] = []
    }

    private let director: AnswerDirector
    private var arriving: Request?
    private var waiting: [Request] = []
    private var isAnswering = false
    /// Raised at the end of every answer, so that a timer of an aborted answer does nothing.
    private var answerNumber = 0
    /// What to write when the peer has read; nil while nothing waits.
    private var onWritable: (() -> Void)?

    /// One write of the faults that send much.
    private static let block = [UInt8](repeating: 0x78, count: 64 * 1_024)
    private static let hugeBodyBytes = 1 << 30

    init(director: AnswerDirector) {
        self.director = director
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            arriving = Request(head: head)
            if head.headers[canonicalForm: "expect"].contains(where: { $0.lowercased() == "100-continue" }) {
                write("HTTP/1.1 100 Continue\r\n\r\n", context: context)
                context.flush()
            }
        case .body(let bytes):
            arriving?.body.append(contentsOf: bytes.readableBytesView)
        case .end:
            if let request = arriving { waiting.append(request) }
            arriving = nil
            answerNext(context: context)
        }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable, let resume = onWritable {
            onWritable = nil
            resume()
        }
        context.fireChannelWritabilityChanged()
    }

    func channelInactive(context: ChannelHandlerContext) {
        answerNumber += 1
        onWritable = nil
        waiting.removeAll()
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error _: any Error) {
        context.close(promise: nil)
    }

    private func answerNext(context: ChannelHandlerContext) {
        guard !isAnswering, !waiting.isEmpty else { return }
        isAnswering = true
        let request = waiting.removeFirst()
        let direction = director.direction(
            method: request.head.method.rawValue,
            target: request.head.uri,
            legHeader: request.head.headers.first(name: "x-understudy-leg"),
            body: request.body
        )
        switch direction {
        case .play(let playback):
            play(playback, context: context) { self.finish(playback, request: request, context: context) }
        case .breakOff(var playback, let pieces, let withReset):
            if playback.pieces.count == 1 {
                // A document is one piece: half of its bytes leave under the length of the whole.
                let whole = playback.pieces[0].bytes
                sendHead(playback, length: whole.count, context: context)
                write(bytes: Array(whole.prefix(whole.count / 2)), context: context)
                breakOff(withReset: withReset, context: context)
                return
            }
            playback.pieces = Array(playback.pieces.prefix(pieces))
            play(playback, context: context) { self.breakOff(withReset: withReset, context: context) }
        case .hang:
            break
        case .garbage:
            write("\u{1}\u{2}SMTP ready, not HTTP\r\n{\u{0}\u{7f}", context: context)
            context.flush()
            context.close(promise: nil)
        case .endless(var playback):
            playback.isStreamed = true
            sendHead(playback, length: nil, context: context)
            let event = playback.pieces.first { !$0.bytes.isEmpty }?.bytes ?? Array("data: x\n\n".utf8)
            stream(context: context) { _ in self.chunk(event) }
        case .huge:
            let playback = Playback(
                status: 200,
                contentType: "application/json",
                headAt: .zero,
                pieces: [],
                endAt: .zero,
                isStreamed: false
            )
            sendHead(playback, length: Self.hugeBodyBytes, context: context)
            stream(context: context) { sent in sent < Self.hugeBodyBytes ? Self.block : nil }
        }
    }

    /// Schedules every part of a playback; `atEnd` runs at its end unless the connection is closed by then.
    private func play(_ playback: Playback, context: ChannelHandlerContext, atEnd: @escaping () -> Void) {
        let number = answerNumber
        let start = NIODeadline.now()
        let length = playback.isStreamed ? nil : playback.pieces.reduce(0) { $0 + $1.bytes.count }
        var steps: [(at: Duration, run: () -> Void)] = [
            (playback.headAt, { self.sendHead(playback, length: length, context: context) })
        ]
        for piece in playback.pieces where !piece.bytes.isEmpty {
            let bytes = playback.isStreamed ? chunk(piece.bytes) : piece.bytes
            steps.append((piece.at, { self.write(bytes: bytes, context: context) }))
        }
        steps.append((playback.endAt, atEnd))
        run(steps[...], from: start, number: number, context: context)
    }

    /// Runs the parts that are due and leaves the rest to a timer.
    private func run(
        _ steps: ArraySlice<(at: Duration, run: () -> Void)>,
        from start: NIODeadline,
        number: Int,
        context: ChannelHandlerContext
    ) {
        // Parts that are due are sent in one write to the socket.
        defer { context.flush() }
        var rest = steps
        while let step = rest.first, number == answerNumber {
            let due = start + TimeAmount(step.at)
            guard due <= .now() else {
                let later = rest
                context.eventLoop.assumeIsolated().scheduleTask(deadline: due) {
                    self.run(later, from: start, number: number, context: context)
                }
                return
            }
            rest.removeFirst()
            step.run()
        }
    }

    private func sendHead(_ playback: Playback, length: Int?, context: ChannelHandlerContext) {
        let status = HTTPResponseStatus(statusCode: playback.status)
        var head = "HTTP/1.1 \(playback.status) \(status.reasonPhrase)\r\nServer: understudy-stand-in\r\n"
        head += "Content-Type: \(playback.contentType)\r\n"
        head += length.map { "Content-Length: \($0)\r\n\r\n" } ?? "Transfer-Encoding: chunked\r\n\r\n"
        write(head, context: context)
    }

    private func finish(_ playback: Playback, request: Request, context: ChannelHandlerContext) {
        if playback.isStreamed { write("0\r\n\r\n", context: context) }
        answerNumber += 1
        isAnswering = false
        if request.head.isKeepAlive {
            answerNext(context: context)
        } else {
            context.flush()
            context.close(promise: nil)
        }
    }

    private func breakOff(withReset: Bool, context: ChannelHandlerContext) {
        answerNumber += 1
        context.flush()
        if withReset, let provider = context.channel as? any SocketOptionProvider {
            // SO_LINGER with a zero time makes close(2) send RST in place of FIN.
            _ = provider.setSoLinger(linger(l_onoff: 1, l_linger: 0))
        }
        context.close(promise: nil)
    }

    /// Writes blocks as long as `next` gives any, never more than the peer has room for.
    private func stream(context: ChannelHandlerContext, next: @escaping (_ sent: Int) -> [UInt8]?) {
        let number = answerNumber
        var sent = 0
        // Lets other threads on the same processor run in between.
        var turns = Turns()
        func pump() {
            while number == answerNumber, context.channel.isActive {
                guard let block = next(sent) else { return context.flush() }
                write(bytes: block, context: context)
                sent += block.count
                // Small blocks are sent together.
                if !context.channel.isWritable {
                    context.flush()
                    turns.pieceDone()
                    guard context.channel.isWritable else {
                        onWritable = pump
                        return
                    }
                }
                if sent % (1 << 20) < block.count {
                    context.flush()
                    // Lets the loop's other connections have their turn.
                    context.eventLoop.assumeIsolated().execute(pump)
                    return
                }
            }
        }
        pump()
    }

    private func chunk(_ bytes: [UInt8]) -> [UInt8] {
        Array((String(bytes.count, radix: 16) + "\r\n").utf8) + bytes + [0x0d, 0x0a]
    }

    private func write(_ text: String, context: ChannelHandlerContext) {
        write(bytes: Array(text.utf8), context: context)
    }

    private func write(bytes: [UInt8], context: ChannelHandlerContext) {
        context.write(wrapOutboundOut(context.channel.allocator.buffer(bytes: bytes)), promise: nil)
    }
}
