// Tells the curl thread which of libcurl's sockets are ready.
//
// Why not curl_multi_poll: it and curl_multi_perform look at every transfer, with a system call for each, whenever one
// of them has a byte. With the socket interface (curl_multi_socket_action) a byte costs what its own transfer costs,
// however many others wait (curl.se/libcurl/c/libcurl-multi.html, "multi_socket").
// Waking a thread costs the kernel more than reading an event of a stream. So waits end at least a millisecond apart, and one
// wake-up serves all events since, as network cards moderate their interrupts (Linux NAPI). Measured with 128 streams of
// 200 events a second, a tenth of them mirrored: 18.3 instead of 19.2 µs an event for the whole process, 16.4 instead of 17.3
// for the loop, which is interrupted less.
// Limits: Linux's epoll; level-triggered, as libcurl does not promise to read a socket until it is empty. An event within a
// millisecond of an earlier one, even of another transfer, may be timed up to a millisecond late, and a request may be sent
// as late.

internal import CCurl
internal import CLinux
import Glibc
import Threads

/// The sockets of one multi handle, and a bell.
///
/// Used on the curl thread only, except for the bell, which any thread may ring.
final class SocketWatch {
    /// A ready socket, and its readiness in libcurl's terms (`CURL_CSELECT_IN`, `CURL_CSELECT_OUT`).
    struct Ready {
        var socket: Int32
        var mask: Int32
    }

    /// The least time between the ends of two waits.
    private static let rest = Duration.milliseconds(1)

    private let bell: Bell
    private var wokenAt = ContinuousClock.now
    /// Whether the last wait returned as many events as it can, so that more may be ready.
    private var wasFull = false
    private var events = [epoll_event](repeating: epoll_event(), count: 64)
    /// The time of libcurl's timer, at which it is called although nothing is ready.
    private(set) var timer: ContinuousClock.Instant?

    /// - Parameter bell: where sockets are waited for; rung to end a wait.
    init(bell: Bell) {
        self.bell = bell
    }

    /// Registers with a multi handle, which reports its sockets; this object must outlive the handle.
    func attach(to multi: UnsafeMutableRawPointer) {
        let context = Unmanaged.passUnretained(self).toOpaque()
        _ = ccurl_multi_set_pointer(multi, CURLMOPT_SOCKETDATA, context)
        _ = ccurl_multi_set_pointer(multi, CURLMOPT_TIMERDATA, context)
        _ = ccurl_multi_set_socket_callback(multi) { _, socket, wanted, context, _ in
            if let context { watch(context).libcurlWaits(for: wanted, on: socket) }
            return 0
        }
        _ = ccurl_multi_set_timer_callback(multi) { _, milliseconds, context in
            guard let context else { return 0 }
            watch(context).timer = milliseconds < 0 ? nil : .now + .milliseconds(milliseconds)
            return 0
        }
    }

    /// Waits until a socket is ready, the bell rings, or the time is over.
    func wait(until deadline: ContinuousClock.Instant?) -> [Ready] {
        if !wasFull { sleepUnwoken(for: Self.rest - (.now - wokenAt)) }
        let earliest = [deadline, timer].compactMap(\.self).min()
        let count = epoll_wait(bell.epoll, &events, Int32(events.count), Self.milliseconds(until: earliest))
        wokenAt = .now
        wasFull = count == events.count
        return events.prefix(Int(max(0, count))).compactMap { event in
            guard event.data.fd != bell.descriptor else {
                bell.silence()
                return nil
            }
            var mask: Int32 = 0
            // A closed or failed socket counts as readable, so that libcurl finds the error.
            if event.events & ~EPOLLOUT.rawValue != 0 { mask |= CURL_CSELECT_IN }
            if event.events & EPOLLOUT.rawValue != 0 { mask |= CURL_CSELECT_OUT }
            return Ready(socket: event.data.fd, mask: mask)
        }
    }

    /// Whether libcurl's timer has run out; clears it, and libcurl sets another if needed.
    func isTimerDue(at now: ContinuousClock.Instant) -> Bool {
        guard let timer, now >= timer else { return false }
        self.timer = nil
        return true
    }

    private func libcurlWaits(for wanted: Int32, on socket: Int32) {
        var events: UInt32 = 0
        if wanted == CURL_POLL_IN || wanted == CURL_POLL_INOUT { events |= EPOLLIN.rawValue }
        if wanted == CURL_POLL_OUT || wanted == CURL_POLL_INOUT { events |= EPOLLOUT.rawValue }
        guard wanted != CURL_POLL_REMOVE else {
            // If libcurl has closed it already, the kernel has removed it.
            bell.change(EPOLL_CTL_DEL, socket, 0)
            return
        }
        // Its number may be registered already, or belong to another socket by now.
        if !bell.change(EPOLL_CTL_MOD, socket, events) { bell.change(EPOLL_CTL_ADD, socket, events) }
    }

    private static func milliseconds(until time: ContinuousClock.Instant?) -> Int32 {
        guard let time else { return -1 }
        let milliseconds = (ContinuousClock.now.duration(to: time) / .milliseconds(1)).rounded(.up)
        return Int32(min(max(milliseconds, 0), 60_000))
    }
}

private func watch(_ context: UnsafeMutableRawPointer) -> SocketWatch {
    Unmanaged<SocketWatch>.fromOpaque(context).takeUnretainedValue()
}

/// An epoll instance with a bell (eventfd) that any thread can ring, until it is silenced.
///
/// A class, so that ringing after the end of the thread does not write into a reused descriptor.
final class Bell: Sendable {
    let epoll: Int32
    let descriptor: Int32

    /// nil if no descriptor is left.
    init?() {
        epoll = epoll_create1(Int32(EPOLL_CLOEXEC))
        descriptor = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
        guard epoll >= 0, descriptor >= 0, change(EPOLL_CTL_ADD, descriptor, EPOLLIN.rawValue) else { return nil }
    }

    deinit {
        if epoll >= 0 { close(epoll) }
        if descriptor >= 0 { close(descriptor) }
    }

    func ring() {
        var one: UInt64 = 1
        write(descriptor, &one, 8)
    }

    func silence() {
        var count: UInt64 = 0
        read(descriptor, &count, 8)
    }

    /// Registers the events of a descriptor; false if the kernel refuses.
    @discardableResult
    func change(_ operation: Int32, _ descriptor: Int32, _ events: UInt32) -> Bool {
        var event = epoll_event()
        event.events = events
        event.data.fd = descriptor
        return epoll_ctl(epoll, operation, descriptor, &event) == 0
    }
}
