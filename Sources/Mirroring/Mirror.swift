// The mirror: is told of every request that passes the gateway and plays a sample of them to the shadow.
//
// On the event loop: one check of the path, a reservation of bytes, one push on a mailbox; then slices are kept as
// they pass. Reading, drawing, classifying, assembling and joining happen on mirroring's own thread (`MirrorWorker`),
// the calls on libcurl's (`CurlClient`). No event loop ever waits for either, or for another loop: on the path of a request
// they share only atomics.
//
// Limits: everything in memory (heads, bodies, answers, prepared requests, and the records around them) is counted against
// one budget in bytes, until the sink has answered for the pair. Derived forms (decoded, parsed, canonical, joined) are
// counted before they are made (`Reservation`). The number of undecided requests has a limit of its own, because mirroring
// gives way to users who need the whole machine. Requests that do not fit are shed and counted.

package import CurlClient
import Foundation
package import Gateway
package import Logging
import Threads
package import Vocabulary
import Wire

/// Plays sampled requests to the shadow and makes pairs of the answers.
package final class Mirror: Tap {
    private let shared: MirrorShared
    private let shapes: APIShapes
    private let client: CurlClient

    /// Starts mirroring, with a thread of its own and one of libcurl's.
    ///
    /// - Parameters:
    ///   - configuration: what is declared.
    ///   - sink: takes the pairs.
    ///   - observer: is told of each leg; nil for none.
    ///   - memory: where the funnel's counters are kept.
    ///   - logger: gets events of the breaker, never of a request.
    ///   - wallClock: seconds since 1970, for days and the pairs' times.
    /// - Throws: `CurlSetupError`.
    package init(
        _ configuration: MirroringConfiguration,
        sink: any PairSink,
        observer: (any MirroringObserver)? = nil,
        memory: FunnelMemory = FunnelMemory(),
        logger: Logger,
        wallClock: @escaping @Sendable () -> Double = { Date().timeIntervalSince1970 }
    ) throws(CurlSetupError) {
        let shared = MirrorShared(
            settings: LiveSettings(configuration),
            rates: RateTable(atStartOf: configuration, day: utcDay(wallClock())),
            memory: memory,
            wallClock: wallClock
        )
        let client = try CurlClient(
            CurlConfiguration(
                name: "mirror",
                maximumIdleConnections: configuration.limits.maximumInFlight
                    + configuration.limits.maximumControlsInFlight,
                certificateAuthorities: configuration.certificateAuthorities
            )
        )
        self.shared = shared
        shapes = configuration.shapes
        self.client = client
        let thread = Thread {
            giveWayToUsers(as: "mirroring")
            MirrorWorker(
                configuration: configuration,
                shared: shared,
                client: client,
                sink: sink,
                observer: observer,
                logger: logger
            ).run()
        }
        thread.start()
    }

    deinit {
        shared.mailbox.post(.stop(within: .zero, sinkWithin: .seconds(10)) {})
    }

    // MARK: The tap, on event loops

    package func wantsBody(of head: RequestHead) -> Bool {
        shared.pause == nil && shapes.place(of: head) != nil
    }

    package func reserve(_ byteCount: Int) -> Bool {
        shared.budget.reserve(byteCount)
    }

    package func release(_ byteCount: Int) {
        shared.budget.release(byteCount)
    }

    package func requestCompleted(_ request: TappedRequest) -> (any AnswerTap)? {
        let reserved = request.reservedByteCount
        // An answer of another upstream is not stable's and belongs in no pair.
        guard request.servedBy == .stable, let place = shapes.place(of: request.head) else {
            if reserved > 0 { shared.budget.release(reserved) }
            shared.notEligible(.endpoint)
            return nil
        }
        let pause = shared.pause
        if pause == nil, request.isWithoutRoom {
            shared.overflowed()
            return nil
        }
        // A body was not kept if it came while mirroring was paused.
        guard pause == nil, !request.body.isEmpty || request.bodyByteCount == 0 else {
            if reserved > 0 { shared.budget.release(reserved) }
            shared.notEligible(pause ?? .paused)
            return nil
        }
        let heldBytes = max(request.heldByteCount, reserved)
        guard shared.admit(heldBytes, reserved: reserved) else {
            shared.overflowed()
            return nil
        }
        let offered = OfferedRequest(request, shape: shapes.all[place], heldBytes: heldBytes, shared: shared)
        guard shared.mailbox.post(.completed(offered)) else {
            shared.withdraw()
            shared.budget.release(offered.heldBytes)
            shared.notEligible(.paused)
            return nil
        }
        return offered.collector
    }

    package func requestAbandoned(_ reason: AbandonedReason, head: RequestHead?) {
        let isOurs = head.map { shapes.place(of: $0) != nil } ?? true
        shared.notEligible(isOurs ? .incompleteRequest : .endpoint)
    }

    // MARK: Figures, from any thread

    /// The funnel as it stands; both laws hold in it.
    package var funnel: Funnel { shared.count { $0.total } }

    /// The funnel of each class; nil stands for requests that were never classified.
    package var funnelByIntent: [IntentClass?: Funnel] { shared.count { $0.byIntent } }

    /// Changes of the funnel by minute and class since the last call, with the tally after them.
    package func drainMinutes() -> FunnelDrain { shared.drainMinutes() }

    /// The rates in force.
    package var rates: RateTable { shared.rates }

    /// Bytes reserved in the budget.
    package var bufferedBytes: Int { shared.budget.usedBytes }

    /// The traffic by day and class since the last call, for a store that adds it up.
    package func drainTraffic() async -> [DayTraffic] {
        await withCheckedContinuation { continuation in
            let isPosted = shared.mailbox.post(.drainTraffic { continuation.resume(returning: $0) })
            // After the stop: the traffic that the thread left.
            if !isPosted { continuation.resume(returning: shared.takeLeftTraffic()) }
        }
    }

    /// Returns when all earlier messages are handled, as far as possible without waiting for a server or the store.
    package func caughtUp() async {
        // Twice: the decision on a request hands over its waiting answer.
        for _ in 0..<2 {
            await withCheckedContinuation { continuation in
                let isPosted = shared.mailbox.post(.call { continuation.resume() })
                if !isPosted { continuation.resume() }
            }
        }
    }

    // MARK: Changes, from any thread

    /// The settings in force.
    package var settings: LiveSettings { shared.settings }

    /// Changes settings while mirroring runs, and returns the differences.
    ///
    /// A changed rate holds at once and for the rest of the UTC day; from the next day on `targetPerDay` decides
    /// again, where it is set.
    @discardableResult
    package func change(_ edit: (inout LiveSettings) -> Void) -> [SettingChange] {
        let changes = shared.change(edit)
        if !changes.isEmpty { shared.mailbox.post(.settingsChanged) }
        return changes
    }

    /// Whether nothing is mirrored because pairs cannot be stored; independent of the operator's pause.
    ///
    /// Requests that were sampled before continue.
    package var isSuspended: Bool {
        get { shared.isSuspended }
        set { shared.isSuspended = newValue }
    }

    // MARK: The end

    /// Ends mirroring: nothing new is played; calls in flight may finish.
    ///
    /// Unfinished requests are then counted as failed (`stopped`), except that pairs which only lack their control are stored
    /// without it. Afterwards nothing is in flight. The sink must still work.
    ///
    /// - Parameters:
    ///   - time: how long legs may take to finish.
    ///   - sinkTime: how long the sink may take after that to answer for the pairs it holds.
    package func stop(within time: Duration, sinkWithin sinkTime: Duration = .seconds(10)) async {
        _ = await withCheckedContinuation { continuation in
            let isPosted = shared.mailbox.post(
                .stop(within: time, sinkWithin: sinkTime) { continuation.resume(returning: true) }
            )
            if !isPosted { continuation.resume(returning: false) }
        }
        await withCheckedContinuation { continuation in
            client.shutdown { continuation.resume() }
        }
    }
}
