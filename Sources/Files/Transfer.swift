// Reading and writing that go on where a descriptor does not wait by itself.
//
// Why. Whoever shares our standard input or output may have made it non-blocking for all who have it open (fcntl(2),
// O_NONBLOCK belongs to the open file and not to the process). Then there is nothing to read or no room just now, which is
// no error.

import Foundation

/// Reads what there is, waiting for the first byte.
///
/// - Returns: how many bytes, 0 at the end, and the error's number; 0 for none.
func readSome(_ buffer: UnsafeMutableRawBufferPointer, from descriptor: Int32) -> (count: Int, error: Int32) {
    while true {
        let count = read(descriptor, buffer.baseAddress, buffer.count)
        guard count < 0 else { return (count, 0) }
        let error = errno
        guard mayGoOn(error, descriptor, POLLIN) else { return (0, error) }
    }
}

/// Writes all of some bytes, waiting for room.
///
/// - Returns: the error's number (errno(3)); 0 for none.
package func writeAll(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Int32 {
    var rest = bytes[...]
    while !rest.isEmpty {
        let piece = UnsafeRawBufferPointer(rebasing: rest)
        let count = write(descriptor, piece.baseAddress, piece.count)
        if count < 0 {
            let error = errno
            guard mayGoOn(error, descriptor, POLLOUT) else { return error }
        } else {
            rest = rest.dropFirst(count)
        }
    }
    return 0
}

/// Whether it is no error and goes on, when it has waited for that.
private func mayGoOn(_ error: Int32, _ descriptor: Int32, _ event: Int32) -> Bool {
    if error == EINTR { return true }
    guard error == EAGAIN else { return false }
    var waited = pollfd(fd: descriptor, events: Int16(event), revents: 0)
    return poll(&waited, 1, -1) >= 0 || errno == EINTR
}
