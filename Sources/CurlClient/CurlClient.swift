// Outgoing HTTP that no user waits for.
//
// What: HTTP/1.1 requests over libcurl's multi interface, streamed, many at a time, on one thread that this client
// owns.
// Why a thread: libcurl parses, allocates, resolves names and does TLS inside its calls. None of that may happen on an event
// loop that a user waits on, nor on Swift's cooperative pool, which has one thread a core.
// How: callers append commands to an inbox under a mutex and ring a bell. The thread drains the inbox, checks the time limits,
// lets libcurl work on ready sockets, and sleeps in epoll_wait. The state of a transfer is touched on that thread only.
// Connections are reused. libcurl repeats a request by itself in one case only: a reused connection ended before a single
// byte of an answer. Every request made through here may be sent twice.
// Limits: no HTTP/2, no redirects, no content decoding, no cookies. The answer is handed on as it comes, so the receiver
// bounds what it keeps (`maximumResponseBytes`, `cancel`).

internal import CCurl
import Foundation
import Threads

/// Plays HTTP requests on a thread of its own.
///
/// The thread ends with `shutdown`, or when the client is released.
package final class CurlClient: Sendable {
    private let core: CurlCore

    /// Starts the thread.
    ///
    /// - Throws: `CurlSetupError` when libcurl cannot be set up.
    package init(_ configuration: CurlConfiguration) throws(CurlSetupError) {
        core = try CurlCore(configuration)
    }

    deinit {
        core.shutdown(completion: nil)
    }

    /// Starts a transfer; nil, and no event, when the client was shut down.
    ///
    /// `events` is called on the curl thread, where it must return at once; it may start and cancel transfers.
    /// `finished` is its last call, and always comes.
    @discardableResult
    package func start(
        _ request: CurlRequest,
        events: @escaping @Sendable (CurlEvent) -> Void
    ) -> CurlTransferID? {
        core.start(request, events: events)
    }

    /// Ends a transfer as `cancelled`, unless it has ended already.
    package func cancel(_ id: CurlTransferID) {
        core.cancel(id)
    }

    /// Takes no more transfers, cancels the running ones and ends the thread.
    ///
    /// - Parameter completion: Called once, after the last event of the last transfer: on the curl thread, or at once
    ///   where it has ended.
    package func shutdown(completion: (@Sendable () -> Void)? = nil) {
        core.shutdown(completion: completion)
    }
}

/// The state shared by callers and the thread.
final class CurlCore: Sendable {
    private struct Shared {
        var inbox = Inbox()
        /// Rung after the lock is released, because the woken thread takes it first; nil once the thread has ended.
        var bell: Bell?
    }

    private static let globalSetup: CURLcode = ccurl_global_init()

    private let shared: Locked<Shared>

    init(_ configuration: CurlConfiguration) throws(CurlSetupError) {
        let multi = Self.globalSetup == CURLE_OK ? curl_multi_init() : nil
        guard let multi, let bell = Bell() else {
            curl_multi_cleanup(multi)
            throw CurlSetupError(
                description: "libcurl could not be set up: the process is out of memory or of file descriptors."
            )
        }
        shared = Locked(Shared(bell: bell))
        let address = UInt(bitPattern: multi)
        let thread = Thread { [self] in
            giveWayToUsers(as: "curl-\(configuration.name)")
            run(address, configuration)
            // After the loop and its descriptors are gone.
            stopped()
        }
        thread.start()
    }

    private func run(_ multi: UInt, _ configuration: CurlConfiguration) {
        guard let multi = UnsafeMutableRawPointer(bitPattern: multi), let bell = shared.withLock({ $0.bell }) else {
            return
        }
        CurlLoop(multi: multi, bell: bell, configuration: configuration).run(self)
    }

    func start(_ request: CurlRequest, events: @escaping @Sendable (CurlEvent) -> Void) -> CurlTransferID? {
        let (id, bell) = shared.withLock { shared -> (CurlTransferID?, Bell?) in
            guard let started = shared.inbox.start(request, events: events) else { return (nil, nil) }
            return (started.id, started.wake ? shared.bell : nil)
        }
        bell?.ring()
        return id
    }

    func cancel(_ id: CurlTransferID) {
        let bell = shared.withLock { $0.inbox.cancel(id) ? $0.bell : nil }
        bell?.ring()
    }

    func shutdown(completion: (@Sendable () -> Void)?) {
        let (completions, bell) = shared.withLock { shared in
            let bell = shared.inbox.close(completion: completion) ? shared.bell : nil
            return (shared.inbox.takeCompletionsIfStopped(), bell)
        }
        bell?.ring()
        for completion in completions { completion() }
    }

    /// Called by the thread.
    func drain() -> Inbox.Batch {
        shared.withLock { $0.inbox.drain() }
    }

    /// Called by the thread when its last transfer has ended: the bell is not needed any more.
    func detach() {
        shared.withLock { $0.bell = nil }
    }

    /// Called by the thread, as its last act.
    private func stopped() {
        let completions = shared.withLock { $0.inbox.stopped() }
        for completion in completions { completion() }
    }
}
