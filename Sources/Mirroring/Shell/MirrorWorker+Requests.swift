// From a complete request to a sampled one that waits for its legs.
//
// Room for the derived forms of a request (decoded, parsed, canonical, its legs' bodies) is reserved before they are made, and
// released by the `Reservation` of this pass, however it ends. The prompt, the parameters and the bodies of the legs stay, and
// are then counted by its `HeldRequest`.

import Foundation
import Gateway
import Vocabulary
import Wire

extension MirrorWorker {
    func completed(_ offered: OfferedRequest) {
        shared.decided()
        let room = Reservation(shared.budget, holding: offered.heldBytes)
        guard case .no = stopping, !live.isPaused else {
            return dismiss(offered, room) { [minute] in $0.notEligible(.paused, minute: minute) }
        }
        switch reader.read(offered, room) {
        case .notEligible(let reason):
            dismiss(offered, room) { [minute] in $0.notEligible(reason, minute: minute) }
        case .noRoom:
            offered.collector.discard()
            room.giveBack()
            shared.overflowedUnread()
        case .eligible(let read): eligible(offered, read, room)
        }
    }

    private func eligible(_ offered: OfferedRequest, _ read: ReadRequest, _ room: Reservation) {
        newDay()
        // A request without a session is a session of its own.
        let unit = live.sampling.unit == .session ? read.session : nil
        let draw = unit.map { hash.sampleDraw(seed: live.sampling.seed, session: $0) } ?? .random()
        tally.saw(read.intent, draw: draw, day: table.day)
        let rate = table.rate(of: read.intent)
        guard draw.isWithin(rate) else {
            return dismiss(offered, room) { [minute] in $0.notSampled(read.intent, minute: minute) }
        }
        guard let pair = pair(of: offered, read, probability: rate) else {
            return dismiss(offered, room) { [minute] in $0.notEligible(.unreadableRequest, minute: minute) }
        }
        let control = unit.map { hash.controlDraw(seed: live.sampling.seed, session: $0) } ?? .random()
        let drawsControl = control.isWithin(live.sampling.controlRate)
        // The tree is freed by now; its room holds the legs' bodies, and for a moment the list of their members.
        let legBytes = (drawsControl ? 2 : 1) * (read.body.count + 1_024)
        guard room.resize(to: max(room.bytes, read.heldBytes + legBytes + pair.requestByteCount)) else {
            return dismiss(offered, room) { [minute] in
                $0.sampled(read.intent, minute: minute)
                $0.settle(read.intent, .shed(.bufferFull), minute: minute)
            }
        }
        guard let shadow = configuration.shadowLeg(read, of: offered, headers) else {
            return dismiss(offered, room) { [minute] in $0.notEligible(.unreadableRequest, minute: minute) }
        }
        var prepared = [Leg.shadow: shadow]
        if drawsControl { prepared[.control] = configuration.controlLeg(read, of: offered, headers) }
        shared.count { $0.sampled(read.intent, minute: minute) }
        play(offered, pair, prepared, room)
    }

    /// Counts a request that is not played, and frees its memory.
    private func dismiss(_ offered: OfferedRequest, _ room: Reservation, count: (inout FunnelLedger) -> Void) {
        offered.collector.discard()
        room.giveBack()
        shared.count(count)
    }

    /// The pair of a request; nil if it cannot be read.
    ///
    /// The request's tree is freed afterwards.
    private func pair(of offered: OfferedRequest, _ read: ReadRequest, probability: Double) -> Pair? {
        let parsed = try? read.body.withBytes { bytes throws(MirroredRequestError) in
            try MirroredRequest(shape: offered.shape, path: offered.path, bytes: bytes)
        }
        guard let request = parsed else { return nil }
        let age = ContinuousClock.now - offered.request.completedAt
        return Pair(
            id: newIdentifier(),
            time: Date(timeIntervalSince1970: shared.wallClock() - age / .seconds(1)),
            session: read.session.map(hash.session),
            intent: read.intent,
            intentSource: read.intentSource,
            endpoint: offered.shape.endpoint.rawValue,
            promptHash: hash.prompt(canonicalPieces: request.forEachCanonicalPiece),
            prompt: configuration.keepsPrompts ? request.promptText : nil,
            request: request.parameters,
            samplingProbability: probability,
            stable: LegAnswer(version: configuration.stable.version, outcome: .shed),
            shadow: LegAnswer(version: configuration.shadow.version, outcome: .shed),
            control: nil
        )
    }

    private func play(_ offered: OfferedRequest, _ pair: Pair, _ prepared: [Leg: PreparedLeg], _ room: Reservation) {
        let ticket = offered.ticket
        let request = HeldRequest(
            draft: pair,
            offered: offered,
            prepared: prepared,
            stableVersion: configuration.stable.version,
            budget: shared.budget
        )
        request.takeOver(room)
        held[ticket] = request
        let draft = PairDraft(pair: pair, drawsControl: prepared[.control] != nil)
        perform(state.arrived(ticket, draft, chance: .random(in: 0..<1), at: .now))
        // If the request was shed at once, the answer is unwanted already.
        offered.collector.deliver { head, pieces in answer(ticket, .stable, head, pieces, nil) }
    }

    /// The time in milliseconds (42 bits) and 54 random bits, in digits that sort as they count.
    ///
    /// Ascending names are added at the end of the store's index instead of all over it, and 54 bits distinguish a million pairs
    /// of one millisecond.
    private func newIdentifier() -> String {
        let alphabet = Array("-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz".utf8)
        let milliseconds = UInt64(max(0, shared.wallClock() * 1_000))
        let random = UInt64.random(in: .min ... .max)
        return String(unsafeUninitializedCapacity: 16) { text in
            for index in 0..<7 { text[index] = alphabet[Int(milliseconds >> UInt64(36 - 6 * index) & 63)] }
            for index in 0..<9 { text[7 + index] = alphabet[Int(random >> UInt64(6 * index) & 63)] }
            return 16
        }
    }

    /// The first request of a UTC day brings that day's rates.
    func newDay() {
        let day = utcDay(shared.wallClock())
        guard day > table.day else { return }
        setTable(RateTable(day: day, settings: live.sampling, history: tally.history(day: day)))
    }
}
