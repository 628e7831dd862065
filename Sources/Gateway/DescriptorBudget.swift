// How the process shares out the files that it may open.
//
// Why. Every client needs a descriptor, and a second one while stable answers it; the store, the console, the shadow and the
// resolver need theirs in any case. If clients could take all of them, connected users would get 502, the store could not be
// written and the console could not be reached.
// What. Once, at the start: files that are open or still to be opened are taken off the limit. Then each part gets what it
// asked for, or an eighth of the rest if that is less, and clients get half of the remainder.
// Limits. It is an estimate: a part that opens more than its share takes it from the reserve for files.

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

package struct DescriptorBudget: Equatable, Sendable {
    /// What each part asks for.
    package struct Wishes: Equatable, Sendable {
        /// Clients at a time.
        package var clients: Int
        /// Calls to the shadow and controls at a time.
        package var shadowCalls: Int
        /// Connections to the console at a time.
        package var console: Int
        /// Unused connections to stable that each event loop keeps.
        package var keptPerLoop: Int

        package init(clients: Int, shadowCalls: Int, console: Int = 64, keptPerLoop: Int = 256) {
            self.clients = clients
            self.shadowCalls = shadowCalls
            self.console = console
            self.keptPerLoop = keptPerLoop
        }
    }

    /// For the store's further readers, temporary files, the resolver, certificates and reloaded files.
    static let reservedForFiles = 12
    /// Listeners, signals and libcurl's own.
    static let reservedForParts = 12
    /// An event loop's epoll, eventfd and timerfd.
    static let perLoop = 3

    /// Files that the process may open (RLIMIT_NOFILE).
    package let limit: Int
    package let wishes: Wishes
    /// Clients at a time; there is a connection to stable for each.
    package let clients: Int
    package let shadowCalls: Int
    package let console: Int
    package let keptPerLoop: Int

    /// Shares out `limit`.
    ///
    /// - Parameters:
    ///   - limit: Files that the process may open.
    ///   - inUse: Files that are open already.
    ///   - loops: The gateway's event loops, not made yet.
    ///   - otherLoops: Other event loops, not made yet.
    ///   - wishes: What each part asks for.
    package init(limit: Int, inUse: Int, loops: Int, otherLoops: Int, wishes: Wishes) {
        self.limit = limit
        self.wishes = wishes
        let loops = max(1, loops)
        let fixed = inUse + Self.perLoop * (loops + otherLoops) + Self.reservedForParts + Self.reservedForFiles
        let spare = max(0, limit - fixed)
        func share(_ wanted: Int, atLeast least: Int) -> Int { min(wanted, max(least, spare / 8)) }
        console = share(wishes.console, atLeast: 4)
        shadowCalls = share(wishes.shadowCalls, atLeast: 2)
        keptPerLoop = min(wishes.keptPerLoop, max(1, spare / 8 / loops))
        clients = min(wishes.clients, max(1, (spare - console - shadowCalls - keptPerLoop * loops) / 2))
    }

    /// Shares out what this process may open, after raising its limit as far as the system lets it.
    package static func ofThisProcess(loops: Int, otherLoops: Int, wishes: Wishes) -> DescriptorBudget {
        raiseFileLimit()
        return DescriptorBudget(
            limit: fileLimit(),
            inUse: openFileCount(),
            loops: loops,
            otherLoops: otherLoops,
            wishes: wishes
        )
    }

    /// A sentence for the operator, with the remedy, where clients or the shadow get less than is configured.
    package var warning: String? {
        var lowered: [String] = []
        if clients < wishes.clients {
            lowered.append("\(clients) clients at a time (limits.connections: \(wishes.clients))")
        }
        if shadowCalls < wishes.shadowCalls {
            lowered.append("\(shadowCalls) calls to the shadow at a time (configured: \(wishes.shadowCalls))")
        }
        guard !lowered.isEmpty else { return nil }
        return "This process may open \(limit) files, which is enough for \(lowered.joined(separator: " and ")); "
            + "raise the limit (systemd: LimitNOFILE=, a shell: ulimit -n, Docker: --ulimit nofile=)."
    }
}

/// Files that are open now; 0 where the system does not say.
private func openFileCount() -> Int {
    guard let folder = opendir("/proc/self/fd") else { return 0 }
    defer { closedir(folder) }
    // Without `.`, `..` and the descriptor of the listing itself.
    var count = -3
    while readdir(folder) != nil { count += 1 }
    return max(0, count)
}
