// The output of one connection: directly to its socket while nothing is queued, otherwise through its channel.
//
// Why. Nearly every flush finds an empty channel and a socket that takes all of it. Then the channel's queue, promises and
// bookkeeping would be most of this process's work for an event, although `send(2)` is enough.
// What. One buffer at a time goes to the socket at once. Bytes that the socket does not take, and later ones while any are
// queued, go to the channel. It keeps the order, waits for room, counts its bytes for back-pressure, and fails the connection
// where writing fails. So errors are not handled here: the channel's own write fails as well.
// Limits. Over TLS (and wherever the channel has no socket) everything goes through the channel.

import NIOCore
import NIOPosix

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

final class SocketWriter {
    // Fields that each event of a stream needs come first, for the reason given in `ClientConnection.Ongoing`.
    /// The socket; -1 where bytes must go through the channel.
    private var descriptor: CInt
    /// Whether the channel may hold earlier bytes.
    private var isQueued = false
    /// The bytes of the next flush, if they are a single buffer.
    private var next: ByteBuffer?
    private let context: ChannelHandlerContext
    private let channel: any Channel

    /// - Parameters:
    ///   - context: The context of the handler that writes.
    ///   - isDirect: Whether it is alone in its pipeline, so that its bytes are those of the socket.
    init(_ context: ChannelHandlerContext, isDirect: Bool) {
        self.context = context
        self.channel = context.channel
        let socket = isDirect ? try? context.pipeline.syncOperations.withUnsafeTransportIfAvailable { $0 as CInt } : nil
        descriptor = socket ?? -1
    }

    /// Called first when the channel becomes inactive: its socket is closed, and the number may be reused.
    func socketClosed() {
        next = nil
        descriptor = -1
    }

    /// Whether more may be written; only the bytes in the channel count.
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

    /// Hands queued bytes to the channel; later writes to it come after them.
    func enqueue() {
        guard let bytes = next else { return }
        next = nil
        isQueued = true
        context.write(NIOAny(Self.alone(bytes)), promise: nil)
    }

    /// Bytes that may be queued, copied out of a much larger read buffer.
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
