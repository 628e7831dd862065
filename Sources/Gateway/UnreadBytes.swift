import NIOCore

extension ByteBuffer {
    /// Adds to what is not read yet, and lets go of what is.
    ///
    /// A buffer keeps what was read of it in front of what was not. A client whose every segment ends with the first byte of its
    /// next request would have all of them kept, for as long as it stays.
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
