import Files
import Foundation
import Synchronization
package import Vocabulary

/// The funnel's counters in a small file that is mapped into memory, so that they survive `kill -9`.
///
/// Why. The store gets the counts once a second. Later counts would be lost with the process, and `seen` would be less than
/// the number of answered requests. Writing to a mapped page costs as much as writing to memory, and the kernel keeps the page
/// however the process ends.
///
/// How. Only independent counters are kept, each in one aligned word: a process that is killed between two stores leaves a
/// smaller count, never one that does not add up. Totals only grow within a run; the store remembers the tally that it has
/// (see `FunnelTally`), so nothing is counted twice.
///
/// Limits. A loss of power may leave older pages: then the store's counts hold. Classes beyond the 255th, and names of
/// more than 240 bytes, are kept as unclassified. Truncating the file while it is in use ends the process (SIGBUS). A full or
/// failing disk does not: the file is created whole and locked in memory where that is allowed. The exception are file
/// systems that write pages to a new place each time (btrfs, ZFS).
package final class FunnelMemory: @unchecked Sendable {
    // Unchecked: the pointer never changes and points at atomics; slots are taken by one thread, under the ledger's lock.
    private let words: UnsafeMutablePointer<Atomic<Int>>
    private let isMapped: Bool
    /// The slots of classes by name; under the ledger's lock.
    private var slots: [IntentClass?: Int] = [nil: 0]

    /// Counters that end with the process.
    package init() {
        words = .allocate(capacity: Layout.wordCount)
        for index in 0..<Layout.wordCount { (words + index).initialize(to: Atomic(0)) }
        isMapped = false
    }

    /// Counters in a new file, which replaces an earlier one once it is whole.
    ///
    /// - Parameters:
    ///   - path: the file; readable by its owner only.
    ///   - run: a number that no other run has.
    ///   - experiment: the row of the funnel's experiment.
    /// - Throws: `CocoaError` where the file cannot be made.
    package init(file path: String, run: Int, experiment: Int) throws {
        let draft = path + ".new"
        let descriptor = open(draft, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Self.failure(path) }
        defer { close(descriptor) }
        // Every block is allocated now: a page without room later would be a signal and not an error.
        guard posix_fallocate(descriptor, 0, off_t(Layout.byteCount)) == 0,
            let mapped = mmap(nil, Layout.byteCount, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0),
            mapped != MAP_FAILED
        else {
            unlink(draft)
            throw Self.failure(path)
        }
        // Locked pages are never read again from a disk that may have failed meanwhile.
        _ = mlock(mapped, Layout.byteCount)
        words = mapped.bindMemory(to: Atomic<Int>.self, capacity: Layout.wordCount)
        isMapped = true
        set(Layout.magic, Layout.magicValue)
        set(Layout.run, run)
        set(Layout.experiment, experiment)
        guard rename(draft, path) == 0 else {
            unlink(draft)
            throw Self.failure(path)
        }
    }

    deinit {
        if isMapped {
            munmap(words, Layout.byteCount)
        } else {
            words.deinitialize(count: Layout.wordCount)
            words.deallocate()
        }
    }

    private static func failure(_ path: String) -> CocoaError {
        CocoaError(.fileWriteUnknown, userInfo: [NSFilePathErrorKey: path, "errno": Int(errno)])
    }

    // MARK: From event loops

    /// A request that an event loop rejected.
    func rejected(_ reason: NotEligibleReason) {
        add(1, Layout.rejected + reason.slot)
    }

    /// An offered request without room.
    func overflowed() {
        add(1, Layout.overflowed)
    }

    /// An offered request that waits for its decision.
    func admitted() {
        add(1, Layout.admitted)
    }

    /// An admitted request was not taken after all.
    func withdrawn() {
        add(-1, Layout.admitted)
    }

    func rejectedCount(_ reason: NotEligibleReason) -> Int { value(Layout.rejected + reason.slot) }

    var overflowedCount: Int { value(Layout.overflowed) }

    // MARK: Under the ledger's lock

    func notEligible(_ intent: IntentClass?, _ reason: NotEligibleReason, minute: Int) {
        count(intent, Layout.notEligible + reason.slot, minute)
    }

    func notSampled(_ intent: IntentClass?, minute: Int) {
        count(intent, Layout.notSampled, minute)
    }

    func sampled(_ intent: IntentClass?, minute: Int) {
        count(intent, Layout.sampled, minute)
    }

    func settled(_ intent: IntentClass?, _ settlement: Settlement, minute: Int) {
        switch settlement {
        case .stored: count(intent, Layout.stored, minute)
        case .shed(let reason): count(intent, Layout.shed + reason.slot, minute)
        case .failed(let reason): count(intent, Layout.failed + reason.slot, minute)
        }
    }

    private func count(_ intent: IntentClass?, _ counter: Int, _ minute: Int) {
        set(Layout.minute, minute)
        add(1, Layout.slots + slot(of: intent) * Layout.slotWords + counter)
    }

    private func slot(of intent: IntentClass?) -> Int {
        if let known = slots[intent] { return known }
        let name = Array((intent?.rawValue ?? "").utf8)
        guard slots.count < Layout.slotCount, name.count <= Layout.nameBytes else {
            slots[intent] = 0
            return 0
        }
        let slot = (slots.values.max() ?? 0) + 1
        let start = Layout.slots + slot * Layout.slotWords
        for (index, byte) in name.enumerated() {
            let word = start + Layout.name + index / 8
            set(word, value(word) | Int(byte) << (index % 8 * 8))
        }
        // Last: a slot counts once its name is whole.
        set(start + Layout.nameLength, name.count)
        slots[intent] = slot
        return slot
    }

    // MARK: As a value

    /// What is counted so far.
    ///
    /// - Parameters:
    ///   - rejected: how many of each reason to include; nil for all.
    ///   - overflowed: how many offered requests without room to include; nil for all.
    /// - Returns: every class's funnel, with the numbers derived from its counters.
    func tally(rejected: [NotEligibleReason: Int]? = nil, overflowed: Int? = nil) -> FunnelTally {
        var tally = FunnelTally(
            run: value(Layout.run),
            experiment: value(Layout.experiment),
            minute: value(Layout.minute)
        )
        var decided = 0
        for slot in 0..<Layout.slotCount {
            let start = Layout.slots + slot * Layout.slotWords
            let length = value(start + Layout.nameLength)
            guard slot == 0 || (1...Layout.nameBytes).contains(length) else { continue }
            let funnel = funnel(at: start)
            guard funnel.seen > 0 || funnel != Funnel() else { continue }
            decided += funnel.seen
            tally.classes[slot == 0 ? nil : IntentClass(rawValue: name(at: start, length))] = funnel
        }
        tally.undecided = max(0, value(Layout.admitted) - decided)
        for reason in NotEligibleReason.allCases {
            let count = rejected?[reason] ?? (rejected == nil ? rejectedCount(reason) : 0)
            guard count > 0 else { continue }
            tally.classes[nil, default: Funnel()].notEligible[reason, default: 0] += count
            tally.classes[nil, default: Funnel()].seen += count
        }
        tally.overflowed = overflowed ?? overflowedCount
        return tally
    }

    /// The counts that an earlier run left; nil without such a file, or for a foreign one.
    package static func tally(ofFile path: String) -> FunnelTally? {
        guard let bytes = try? InputFile(path: path).whole(limitBytes: Layout.byteCount),
            bytes.count == Layout.byteCount
        else { return nil }
        let memory = FunnelMemory()
        bytes.withUnsafeBytes { raw in
            for (index, word) in raw.bindMemory(to: Int.self).enumerated() { memory.set(index, word) }
        }
        // Impossible counts were not written by a run.
        let counts = Layout.slots..<Layout.wordCount
        let isCount =
            (Layout.minute..<Layout.slots).allSatisfy { (0..<1 << 40).contains(memory.value($0)) }
            && counts.allSatisfy { Layout.isName($0) || (0..<1 << 40).contains(memory.value($0)) }
        guard memory.value(Layout.magic) == Layout.magicValue, isCount else { return nil }
        return memory.tally()
    }

    /// The counters of a slot, with the numbers derived from them.
    private func funnel(at start: Int) -> Funnel {
        var funnel = Funnel()
        func read(_ counter: Int) -> Int { value(start + counter) }
        for reason in NotEligibleReason.allCases {
            funnel.notEligible[reason] = Self.positive(read(Layout.notEligible + reason.slot))
        }
        for reason in ShedReason.allCases { funnel.shed[reason] = Self.positive(read(Layout.shed + reason.slot)) }
        for reason in FailureReason.allCases {
            funnel.failed[reason] = Self.positive(read(Layout.failed + reason.slot))
        }
        funnel.notSampled = read(Layout.notSampled)
        funnel.stored = read(Layout.stored)
        funnel.sampled = read(Layout.sampled)
        funnel.inFlight = funnel.sampled - funnel.stored - funnel.shedTotal - funnel.failedTotal
        funnel.seen = funnel.notEligibleTotal + funnel.notSampled + funnel.sampled
        return funnel
    }

    private static func positive(_ count: Int) -> Int? { count > 0 ? count : nil }

    private func name(at start: Int, _ length: Int) -> String {
        let bytes = (0..<length).map { UInt8(value(start + Layout.name + $0 / 8) >> ($0 % 8 * 8) & 0xFF) }
        return String(decoding: bytes, as: UTF8.self)
    }

    // MARK: Words

    private func add(_ count: Int, _ index: Int) {
        words[index].add(count, ordering: .relaxed)
    }

    private func set(_ index: Int, _ value: Int) {
        words[index].store(value, ordering: .relaxed)
    }

    private func value(_ index: Int) -> Int {
        words[index].load(ordering: .relaxed)
    }

    /// Places in words of eight bytes.
    private enum Layout {
        /// "FUNNEL01".
        static let magicValue = 0x3130_4C45_4E4E_5546
        static let magic = 0, run = 1, experiment = 2, minute = 3, overflowed = 4, admitted = 5
        static let rejected = 8, slots = 16

        // Within a slot.
        static let nameLength = 0, name = 1, nameBytes = 240
        static let notSampled = 31, sampled = 32, stored = 33
        static let notEligible = 34, shed = 42, failed = 46, slotWords = 50

        static func isName(_ word: Int) -> Bool {
            (name..<(name + nameBytes / 8)).contains((word - slots) % slotWords)
        }

        static let slotCount = 256
        static let wordCount = slots + slotCount * slotWords
        static let byteCount = wordCount * 8
    }
}

// Places of reasons, shared with older files: new ones go to the end.

extension NotEligibleReason {
    fileprivate var slot: Int {
        switch self {
        case .endpoint: 0
        case .incompleteRequest: 1
        case .unreadableRequest: 2
        case .stateful: 3
        case .paused: 4
        case .storeUnavailable: 5
        case .requestTooLarge: 6
        }
    }
}

extension ShedReason {
    fileprivate var slot: Int {
        switch self {
        case .queueFull: 0
        case .bufferFull: 1
        case .storeFull: 2
        }
    }
}

extension FailureReason {
    fileprivate var slot: Int {
        switch self {
        case .stopped: 0
        case .crash: 1
        case .store: 2
        }
    }
}
