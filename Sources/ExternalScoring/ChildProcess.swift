// A shell command as a child process: its standard input and output are pipes, its standard error is ours.
//
// Why not Foundation's Process. The program gets a process group of its own, so that what the shell starts ends with it;
// SIGPIPE, which our command ignores, is set back to its default; and the end is told without anyone waiting for it.
//
// The process is reaped only by `reap`, so its number cannot become another process's while it may still be signalled.
//
// Limits. A program that starts a session of its own (`setsid`) leaves the group and is not reached by signals.

import Foundation
import Threads

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// How a process ended.
enum ProcessEnd: Sendable, Equatable {
    case exit(Int32)
    case signal(Int32)

    init(waitStatus: Int32) {
        let signal = waitStatus & 0x7f
        self = signal == 0 ? .exit(waitStatus >> 8 & 0xff) : .signal(signal)
    }
}

/// Why a process could not be started: the system's words.
struct SpawnFailure: Error {
    var reason: String

    init(code: Int32) {
        reason = String(cString: strerror(code))
    }
}

/// Ends a wait in poll(2), from any thread.
final class WakePipe: Sendable {
    /// Readable once `wake` was called.
    let descriptor: Int32
    private let writing: Int32

    init() throws(SpawnFailure) {
        (descriptor, writing) = try ChildProcess.openPipe()
        ChildProcess.makeNonblocking(descriptor)
        ChildProcess.makeNonblocking(writing)
    }

    deinit {
        close(descriptor)
        close(writing)
    }

    func wake() {
        // A full pipe wakes as well.
        _ = write(writing, [1], 1)
    }

    func drain() {
        var bytes = [UInt8](repeating: 0, count: 64)
        while read(descriptor, &bytes, bytes.count) > 0 {}
    }
}

/// A running shell command; used by one thread.
final class ChildProcess {
    /// Between a pipe's making and its marking another thread must not start a process, which would hold it open.
    private static let spawning = Locked<Void>(())

    private let identifier: pid_t
    private let ending: EndFlag
    /// Written to without waiting; nil after `closeInput`.
    private(set) var input: Int32?
    /// Read without waiting; nil after `closeOutput`.
    private(set) var output: Int32?

    /// Starts `/bin/sh -c COMMAND`.
    ///
    /// - Parameters:
    ///   - command: for the shell.
    ///   - environment: all that it has.
    ///   - wake: woken when the shell ends.
    /// - Throws: `SpawnFailure` where the system has no more pipes or processes.
    init(command: String, environment: [String: String], wake: WakePipe) throws(SpawnFailure) {
        let (pid, input, output) = try Self.spawning.withLock { _ throws(SpawnFailure) in
            try Self.start(command, environment)
        }
        Self.makeNonblocking(input)
        Self.makeNonblocking(output)
        identifier = pid
        self.input = input
        self.output = output
        // The wait blocks, so it has a thread of its own; WNOWAIT leaves the process to `reap`.
        let ending = EndFlag()
        self.ending = ending
        Thread {
            var information = siginfo_t()
            while waitid(P_PID, id_t(pid), &information, WEXITED | WNOWAIT) != 0, errno == EINTR {}
            ending.hasEnded.withLock { $0 = true }
            wake.wake()
        }.start()
    }

    deinit {
        closeInput()
        closeOutput()
    }

    /// Whether the shell has ended and waits for `reap`.
    var hasEnded: Bool { ending.hasEnded.withLock { $0 } }

    /// Sends a signal to the shell and to what it has started.
    func signal(_ number: Int32) {
        kill(-identifier, number)
    }

    /// Waits for the shell's end; afterwards no signal may be sent.
    func reap() -> ProcessEnd {
        var status: Int32 = 0
        while waitpid(identifier, &status, 0) < 0, errno == EINTR {}
        return ProcessEnd(waitStatus: status)
    }

    func closeInput() {
        if let input { close(input) }
        input = nil
    }

    func closeOutput() {
        if let output { close(output) }
        output = nil
    }

    // MARK: - System calls

    static func openPipe() throws(SpawnFailure) -> (reading: Int32, writing: Int32) {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { throw SpawnFailure(code: errno) }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return (ends[0], ends[1])
    }

    /// Only this end: the program's own end waits as usual.
    static func makeNonblocking(_ descriptor: Int32) {
        _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
    }

    /// The process with our ends of its two pipes.
    private static func start(
        _ command: String,
        _ environment: [String: String]
    ) throws(SpawnFailure) -> (pid_t, input: Int32, output: Int32) {
        let toChild = try openPipe()
        defer { close(toChild.reading) }
        var opened = [toChild.writing]
        do throws(SpawnFailure) {
            let fromChild = try openPipe()
            opened.append(fromChild.reading)
            defer { close(fromChild.writing) }
            let pid = try spawn(command, environment, toChild.reading, fromChild.writing)
            return (pid, toChild.writing, fromChild.reading)
        } catch {
            for descriptor in opened { close(descriptor) }
            throw error
        }
    }

    private static func spawn(
        _ command: String,
        _ environment: [String: String],
        _ input: Int32,
        _ output: Int32
    ) throws(SpawnFailure) -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO)
        posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)

        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        posix_spawnattr_setflags(
            &attributes,
            Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK)
        )
        posix_spawnattr_setpgroup(&attributes, 0)
        // What we ignore or block the program would inherit.
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        for signal in [SIGPIPE, SIGINT, SIGTERM, SIGHUP] { sigaddset(&signals, signal) }
        posix_spawnattr_setsigdefault(&attributes, &signals)

        let arguments = CStrings(["/bin/sh", "-c", command])
        let environment = CStrings(environment.map { "\($0.key)=\($0.value)" })
        var pid: pid_t = 0
        let code = posix_spawn(&pid, "/bin/sh", &actions, &attributes, arguments.pointers, environment.pointers)
        guard code == 0 else { throw SpawnFailure(code: code) }
        return pid
    }
}

/// Whether a process has ended, for the thread that waits for it and the one that asks.
private final class EndFlag: Sendable {
    let hasEnded = Locked(false)
}

/// Strings as C takes them, ended by a null pointer.
private final class CStrings {
    let pointers: [UnsafeMutablePointer<CChar>?]

    init(_ strings: [String]) {
        pointers = strings.map { strdup($0) } + [nil]
    }

    deinit {
        for pointer in pointers { free(pointer) }
    }
}
