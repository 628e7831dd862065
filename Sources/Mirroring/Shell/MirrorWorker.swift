// Mirroring's own thread: reads, decides, assembles, and carries out the actions of `MirrorState`.
//
// One thread, because everything here depends on order (a request's messages, the draw, the queue) and no user waits for
// it. Its state is used on this thread only; state that others read (the funnel, the settings) is in `MirrorShared` under a
// mutex.

import CurlClient
import Foundation
import Gateway
import Logging
import NIOCore
import Threads
import Vocabulary
import Wire

final class MirrorWorker {
    enum Stopping {
        case no
        case finishing(until: ContinuousClock.Instant, sinkTime: Duration)
        case awaitingSink(until: ContinuousClock.Instant)
    }

    let configuration: MirroringConfiguration
    let shared: MirrorShared
    let client: CurlClient
    private let sink: any PairSink
    private let observer: (any MirroringObserver)?
    private let logger: Logger
    let hash: KeyedHash
    let headers: ForwardedHeaders

    var live: LiveSettings
    var reader: OfferedRequestReader
    var state: MirrorState
    var table: RateTable
    var tally: TrafficTally
    var held: [Ticket: HeldRequest] = [:]
    var stopping = Stopping.no
    private var whenStopped: [@Sendable () -> Void] = []
    private var reportedBreaker = CircuitBreaker.State.closed(failuresInARow: 0)

    init(
        configuration: MirroringConfiguration,
        shared: MirrorShared,
        client: CurlClient,
        sink: any PairSink,
        observer: (any MirroringObserver)?,
        logger: Logger
    ) {
        self.configuration = configuration
        self.shared = shared
        self.client = client
        self.sink = sink
        self.observer = observer
        self.logger = logger
        hash = KeyedHash(key: configuration.key)
        headers = ForwardedHeaders(additional: configuration.additionalHeaders, shapes: configuration.shapes)
        // Not `shared.settings`: those may have changed since, and a message will announce it.
        live = LiveSettings(configuration)
        reader = OfferedRequestReader(
            sessionFrom: live.sampling.sessionFrom,
            intents: configuration.intents,
            maximumBodyBytes: configuration.maximumBodyBytes
        )
        state = MirrorState(
            stableVersion: configuration.stable.version,
            shadowVersion: configuration.shadow.version,
            limits: live.limits
        )
        table = shared.rates
        tally = TrafficTally(earlier: configuration.earlierTraffic, secondsSince1970: shared.wallClock())
    }

    func run() {
        observer?.ratesChanged(table)
        while true {
            handle(shared.mailbox.take(until: nextDeadline))
            watchStop(at: .now)
            if case .no = stopping { continue }
            if state.isEmpty { break }
        }
        handle(shared.mailbox.close())
        shared.leave(tally.drain())
        for completion in whenStopped { completion() }
    }

    // MARK: Messages

    private func handle(_ messages: consuming Mailbox<MirrorMessage>.Batch) {
        var turns = Turns()
        while let message = messages.next() {
            handle(message)
            turns.pieceDone()
        }
    }

    private func handle(_ message: MirrorMessage) {
        switch message {
        case .completed(let offered): completed(offered)
        case .answer(let ticket, let leg, let head, let pieces, let end): answer(ticket, leg, head, pieces, end)
        case .answerOverflowed(let ticket, let leg): perform(state.overflowed(leg, of: ticket, at: .now))
        case .sinkAnswered(let ticket, let settlement): perform(state.sinkAnswered(ticket, settlement))
        case .settingsChanged: settingsChanged()
        case .call(let body): body()
        case .drainTraffic(let completion): completion(tally.drain())
        case .stop(let time, let sinkTime, let completion):
            whenStopped.append(completion)
            if case .no = stopping {
                stopping = .finishing(until: .now + time, sinkTime: sinkTime)
            }
        }
        tellBreaker()
    }

    func answer(_ ticket: Ticket, _ leg: Leg, _ head: AnswerHead?, _ pieces: AnswerPieces, _ end: LegEnd?) {
        guard let held = held[ticket], held.assemblies[leg] != nil else {
            return shared.budget.release(pieces.heldBytes)
        }
        if let head { held.assemblies[leg]?.head(head) }
        if end == nil, !pieces.isEmpty, held.assemblies[leg]?.wantsMore == false { stopListening(held, leg) }
        // The assembler reserves room for the result.
        held.assemblies[leg]?.take(pieces)
        shared.budget.release(pieces.heldBytes)
        if held.assemblies[leg]?.isOutOfRoom == true {
            perform(state.overflowed(leg, of: ticket, at: .now))
        } else if let end {
            legEnded(ticket, held, leg, end)
        }
    }

    /// Ends the transfer of a server that sends more after the end of its answer.
    private func stopListening(_ held: HeldRequest, _ leg: Leg) {
        guard let transfer = held.transfers[leg] else { return }
        held.endedEarly.insert(leg)
        client.cancel(transfer)
    }

    private func legEnded(_ ticket: Ticket, _ held: HeldRequest, _ leg: Leg, _ end: LegEnd) {
        guard var assembly = held.assemblies.removeValue(forKey: leg) else { return }
        let answer: LegAnswer?
        switch end {
        case .gateway(let end, let time): answer = assembly.answer(endedBy: end, at: time)
        case .curl(let result): answer = assembly.answer(endedBy: result, endedEarly: held.endedEarly.contains(leg))
        }
        held.transfers[leg] = nil
        shared.budget.release(held.preparedBytes.removeValue(forKey: leg) ?? 0)
        if assembly.isOutOfRoom { return perform(state.overflowed(leg, of: ticket, at: .now)) }
        guard let answer else { return perform(state.giveUp(ticket, .failed(.stopped), at: .now)) }
        held.answerRooms[leg]?.hold(answer.heldByteCount)
        report(leg, answer, held)
        perform(state.legEnded(leg, of: ticket, answer, isOverLimit: assembly.isOverLimit, at: .now))
    }

    private func report(_ leg: Leg, _ answer: LegAnswer, _ held: HeldRequest) {
        if leg == .shadow, answer.usage != TokenUsage() {
            let tokens = (answer.usage.inputTokens ?? 0) + (answer.usage.outputTokens ?? 0)
            tally.played(held.intent, tokens: tokens, day: table.day)
        }
        observer?.legFinished(
            LegReport(
                leg: leg,
                intent: held.intent,
                endpoint: held.shape.endpoint,
                stream: held.draft.request.stream,
                samplingProbability: held.draft.samplingProbability,
                answer: answer
            )
        )
    }

    // MARK: Actions

    func perform(_ actions: [MirrorAction]) {
        for action in actions {
            switch action {
            case .startShadow(let ticket): start(.shadow, of: ticket, version: configuration.shadow.version)
            case .startControl(let ticket): start(.control, of: ticket, version: configuration.stable.version)
            case .store(let ticket, let pair): store(ticket, pair)
            case .settle(let ticket, let settlement): settle(ticket, settlement)
            }
        }
    }

    private func start(_ leg: Leg, of ticket: Ticket, version: String) {
        // libcurl has its own copy.
        guard let held = held[ticket], let prepared = held.prepared.removeValue(forKey: leg) else { return }
        let limits = live.limits
        let request = CurlRequest(
            url: prepared.url,
            headers: prepared.headers,
            body: prepared.body,
            timeouts: CurlTimeouts(
                connect: limits.connectTimeout,
                firstByte: limits.timeout,
                stall: limits.stallTimeout,
                total: limits.timeout
            ),
            maximumResponseBytes: limits.maximumAnswerBytes
        )
        held.listen(to: leg, version: version, startedAt: .now, shared.budget)
        let receiver = LegReceiver(ticket: ticket, leg: leg, mailbox: shared.mailbox, budget: shared.budget)
        held.transfers[leg] = client.start(request) { receiver.receive($0) }
    }

    private func store(_ ticket: Ticket, _ pair: Pair) {
        cancelTransfers(of: ticket)
        if held[ticket]?.takeRoomForStoring(shared.budget) == false {
            return perform(state.sinkAnswered(ticket, .shed(.bufferFull)))
        }
        // The sink has the texts now; they stay counted here until it reports the end of the pair.
        held[ticket]?.letGoOfTexts()
        let mailbox = shared.mailbox
        let isTaken = sink.store(pair) { result in
            mailbox.post(.sinkAnswered(ticket, result == .stored ? .stored : .failed(.store)))
        }
        if !isTaken { perform(state.sinkAnswered(ticket, .shed(.storeFull))) }
    }

    private func settle(_ ticket: Ticket, _ settlement: Settlement) {
        cancelTransfers(of: ticket)
        guard let held = held.removeValue(forKey: ticket) else {
            preconditionFailure("settled a request that is not held")
        }
        held.collector.discard()
        held.giveBack(to: shared.budget)
        shared.count { $0.settle(held.intent, settlement, minute: minute) }
    }

    private func cancelTransfers(of ticket: Ticket) {
        for transfer in held[ticket]?.transfers.values ?? [:].values { client.cancel(transfer) }
    }

    // MARK: Time and settings

    var minute: Int { shared.minute }

    func setTable(_ new: RateTable) {
        guard new != table else { return }
        table = new
        shared.rates = new
        observer?.ratesChanged(new)
    }

    private func settingsChanged() {
        let before = live
        live = shared.settings
        reader = OfferedRequestReader(
            sessionFrom: live.sampling.sessionFrom,
            intents: configuration.intents,
            maximumBodyBytes: configuration.maximumBodyBytes
        )
        shared.budget.setLimit(live.limits.maximumBufferedBytes)
        newDay()
        if before.sampling.rate != live.sampling.rate || before.sampling.fixedRates != live.sampling.fixedRates {
            // The operator's rates hold for the rest of the day.
            setTable(RateTable(day: table.day, rates: live.sampling.fixedRates, otherwise: live.sampling.rate))
        }
        if before.limits != live.limits { perform(state.setLimits(live.limits, at: .now)) }
    }

    private func tellBreaker() {
        let current = state.breaker.state
        guard current != reportedBreaker else { return }
        let wasClosed = if case .closed = reportedBreaker { true } else { false }
        let isClosed = if case .closed = current { true } else { false }
        reportedBreaker = current
        if wasClosed && isClosed { return }
        observer?.breakerChanged(current)
        if wasClosed {
            logger.warning(
                """
                The shadow failed \(live.limits.breaker.failures) times in a row (no connection, or no end of its answer within its \
                limits); it gets nothing but a probe, the first sampled request that comes \(live.limits.breaker.probeEvery) \
                after its last failure.
                """
            )
        }
        if isClosed { logger.info("The shadow answers again.") }
    }

    private var nextDeadline: ContinuousClock.Instant? {
        switch stopping {
        case .no: nil
        case .finishing(let until, _), .awaitingSink(let until): until
        }
    }

    private func watchStop(at now: ContinuousClock.Instant) {
        switch stopping {
        case .no: break
        case .finishing(let until, let sinkTime):
            guard now >= until else { return }
            stopping = .awaitingSink(until: now + sinkTime)
            perform(state.timeIsUp(at: now))
        case .awaitingSink(let until):
            guard now >= until else { return }
            logger.error("The store did not answer in time; the pairs that it holds are counted as failed.")
            perform(state.sinkTimeIsUp())
        }
    }
}
