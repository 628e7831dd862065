import Foundation
import Synchronization

/// Files that are removed where a signal ends the process before they are finished.
///
/// Design. What a signal's handler may do is little (signal-safety(7)): it walks a table of C strings that never moves,
/// calls unlink(2), and lets the signal end the process as it would have, so that a shell sees what it expects. The table is
/// changed by one thread at a time; each change is one store of a pointer. A string is not freed while the process lives, as
/// a handler may be reading it: a command makes a handful.
///
/// Limits. A signal that was ignored at the start (nohup(1)) stays ignored. `serve` has its own way with signals and makes
/// no such files.
enum RemovalOnSignal {
    /// A place in the table; nil where it was full, and the file is removed only in the ordinary way.
    typealias Slot = Int?

    private static let isInstalled = Mutex(false)

    static func add(_ path: String) -> Slot {
        isInstalled.withLock { isInstalled in
            if !isInstalled {
                slots.initialize(repeating: nil, count: slotCount)
                // SIGXFSZ: the file grew beyond what `ulimit -f` allows.
                [SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGXFSZ].forEach(install)
                isInstalled = true
            }
            guard let free = (0..<slotCount).first(where: { slots[$0] == nil }) else { return nil }
            slots[free] = strdup(path)
            return free
        }
    }

    static func remove(_ slot: Slot) {
        guard let slot else { return }
        isInstalled.withLock { _ in slots[slot] = nil }
    }

    /// How many files under a folder a signal would remove now.
    static func waiting(under folder: String) -> Int {
        isInstalled.withLock { isInstalled in
            guard isInstalled else { return 0 }
            return (0..<slotCount).count(where: { slots[$0].map { String(cString: $0).hasPrefix(folder) } ?? false })
        }
    }

    private static func install(_ signal: Int32) {
        var present = sigaction()
        guard sigaction(signal, nil, &present) == 0,
            unsafeBitCast(present.__sigaction_handler.sa_handler, to: Int.self) == 0
        else { return }
        var action = sigaction()
        action.__sigaction_handler.sa_handler = { signal in
            var index = 0
            while index < slotCount {
                if let path = slots[index] { unlink(path) }
                index += 1
            }
            // With SA_RESETHAND it now means what it meant before, and comes once this handler has returned.
            raise(signal)
        }
        action.sa_flags = Int32(bitPattern: UInt32(SA_RESETHAND))
        sigaction(signal, &action, nil)
    }
}

private let slotCount = 16
/// Read by the handler without a lock, and allocated before it is installed.
nonisolated(unsafe) private let slots = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>.allocate(capacity: slotCount)
