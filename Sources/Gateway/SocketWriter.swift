// The way out of one connection: straight to its socket while nothing waits, through its channel when something does.
//
// Why. Nearly every flush finds an empty channel and a socket that takes all of it. Then a channel's queue, its promises and
// its bookkeeping are most of what this process itself does for an event; `send(2)` is all that is needed.
// What. One buffer at a time goes to the socket at once. What the socket does not take, and whatever comes while anything
// waits, goes to the channel, which keeps the order, waits for room, counts what it holds for back-pressure, and fails the
// connection where writing fails. So an error is never handled here: the channel's own write fails as well.
// Limits. Over TLS (and wherever the channel has no socket) everything goes through the channel.

import NIOCore
import NIOPosix

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

final class SocketWriter {
    // First what each event of a stream needs; `ClientConnection.Ongoing` says why.
    /// The socket; -1 where bytes must go through the channel.
    private var descriptor: CInt
    /// Whether the channel may hold bytes, which must go first.
    private var isQueued = false
    /// What the next flush sends, as long as it is a single buffer.
    private var next: ByteBuffer?
    private let context: ChannelHandlerContext
    private let channel: any Channel

    /// - Parameters:
    ///   - context: The handler whose bytes these are.
    ///   - isDirect: Whether it is the only one of its pipeline, so that its bytes are those of the socket.
    init(_ context: ChannelHandlerContext, isDirect: Bool) {
        self.context = context
        self.channel = context.channel
        let socket = isDirect ? try? context.pipeline.syncOperations.withUnsafeTransportIfAvailable { $0 as CInt } : nil
        descriptor = socket ?? -1
    }

    /// Called when the channel becomes inactive, before anything else: its socket is closed, and the number may be another's.
    func socketClosed() {
        next = nil
        descriptor = -1
    }

    /// Whether more may be written; what waits in the channel alone decides that.
    var isWritable: Bool { descriptor >= 0 && !isQueued || channel.isWritable }

    /// Queues bytes until `flush`.
    func write(_ bytes: ByteBuffer) {
        if isQueued || descriptor < 0 {
            context.write(NIOAny(isQueued ? Self.alone(bytes) : bytes), promise: nil)
        } else if next == nil {
            next = bytes
        } else {
            enqueue()
            context.write(NIOAny(bytes), promise: nil)
        }
    }

    func flush() {
        if let bytes = next {
            let sent = sendNow(bytes)
            if sent == bytes.readableBytes {
                next = nil
                return
            }
            next?.moveReaderIndex(forwardBy: sent)
            enqueue()
        }
        guard isQueued || descriptor < 0 else { return }
        context.flush()
        if descriptor >= 0 {
            isQueued = (try? channel.syncOptions?.getOption(.bufferedWritableBytes)) != 0
        }
    }

    /// Lets the channel have what waits here: what is written to it from now on comes after that.
    func enqueue() {
        guard let bytes = next else { return }
        next = nil
        isQueued = true
        context.write(NIOAny(Self.alone(bytes)), promise: nil)
    }

    /// Bytes that may have to wait, without the rest of a much larger buffer that they were read into.
    private static func alone(_ bytes: ByteBuffer) -> ByteBuffer {
        guard bytes.readableBytes * 4 < bytes.storageCapacity else { return bytes }
        var copy = ByteBufferAllocator().buffer(capacity: bytes.readableBytes)
        copy.writeImmutableBuffer(bytes)
        return copy
    }

    /// - Returns: How many bytes the socket took.
    private func sendNow(_ bytes: ByteBuffer) -> Int {
        assert(descriptor < 0 || channel.isActive, "a closed channel's descriptor may be another's by now")
        return bytes.withUnsafeReadableBytes { bytes in
            var sent = 0
            repeat {
                sent = send(descriptor, bytes.baseAddress, bytes.count, CInt(MSG_NOSIGNAL))
            } while sent < 0 && errno == EINTR
            return max(0, sent)
        }
    }
}
