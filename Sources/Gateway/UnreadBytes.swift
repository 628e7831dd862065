import NIOCore

extension ByteBuffer {
    /// Appends bytes, and frees those that were read.
    ///
    /// A buffer keeps its read bytes in front of the unread ones. If every segment of a client ended with the first byte of its
    /// next request, all segments would be kept as long as the client stays.
    mutating func appendToUnread(_ bytes: ByteBuffer) {
        guard readerIndex > 0 else {
            writeImmutableBuffer(bytes)
            return
        }
        var unread = ByteBufferAllocator().buffer(capacity: readableBytes + bytes.readableBytes)
        unread.writeImmutableBuffer(self)
        unread.writeImmutableBuffer(bytes)
        self = unread
    }
}
