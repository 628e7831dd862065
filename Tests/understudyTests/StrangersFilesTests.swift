import Foundation
import JSON
import PairStore
import Testing
import Vocabulary
import Workflows

@testable import understudy

/// Files that strangers made, and places where results must not go.
@Suite(.timeLimit(.minutes(5)))  // It starts dozens of processes.
struct StrangersFilesTests {
    private static func line(
        _ id: String,
        session: String = "s",
        intent: String = "payment",
        version: String = "v1"
    ) -> String {
        let pair: JSON = [
            "id": .string(id), "session": .string(session), "intent": .string(intent), "prompt": "hi",
            "stable": ["version": .string(version), "text": "a"], "shadow": ["version": "v2", "text": "b"],
        ]
        return pair.text() + "\n"
    }

    private func store(in folder: URL, _ lines: String = Self.line("p")) async throws -> String {
        let store = folder.appendingPathComponent("pairs.sqlite").path
        let imported = try await Command.run(["import", "--store", store, "-"], input: lines)
        #expect(imported.status == 0, "\(imported.complaint)")
        return store
    }

    private func names(_ folder: URL) throws -> Set<String> {
        Set(try FileManager.default.contentsOfDirectory(atPath: folder.path))
    }

    // MARK: - Looks

    @Test func `a store that cannot be read is copied as it lies only where nobody serves it`() async throws {
        try await withFolder { folder in
            let path = try folder.file("pairs.sqlite", "no database")
            _ = try folder.file("pairs.sqlite-shm", "")
            let target = folder.appendingPathComponent("copy.sqlite").path
            do {
                let lock = try ServingLock(store: path)
                defer { withExtendedLifetime(lock) {} }
                #expect(throws: StoreError.notAStore(path: path)) {
                    try StoreLook.copyBesideOthers(path, parts: [""], to: target)
                }
                #expect(!FileManager.default.fileExists(atPath: target))
            }
            try StoreLook.copyBesideOthers(path, parts: [""], to: target)
            #expect(try String(contentsOfFile: target, encoding: .utf8) == "no database")
        }
    }

    // MARK: - Outputs

    @Test func `no result replaces what is no file, or the store, its key and its log`() async throws {
        try await withFolder { folder in
            let store = try await store(in: folder)
            let config = try folder.file("u.yaml", "min_share: 0\n")
            let victim = try folder.file("victim", "precious")
            symlink(victim, folder.path + "/link")
            symlink(folder.path + "/nowhere", folder.path + "/dangling")
            mkfifo(folder.path + "/fifo", 0o600)
            mkdir(folder.path + "/dir", 0o700)
            let (bytes, before) = (try Data(contentsOf: URL(fileURLWithPath: store)), try names(folder))
            for name in [
                "link", "dangling", "fifo", "dir", "pairs.sqlite", "pairs.key", "pairs.sqlite-wal", "pairs.sqlite-shm",
                "pairs.sqlite.serve", "none/report",
            ] {
                for arguments in [
                    ["report", "--out"], ["report", "--out", folder.path + "/r.html", "--markdown"],
                    ["queue", "export", "--format", "csv", "--out"], ["store", "export", "--out"],
                ] {
                    let refused = try await Command.run(arguments + [folder.path + "/" + name, "--store", store])
                    #expect(refused.status == 74, "\(arguments) \(name): \(refused.complaint)")
                    #expect(refused.complaint.contains(name) && refused.output.isEmpty)
                }
            }
            let overConfiguration = try await Command.run([
                "report", "--store", store, "--config", config, "--out", config,
            ])
            #expect(overConfiguration.status == 74)
            let same = folder.path + "/same"
            try await #expect(Command.run(["report", "--store", store, "--out", same, "--json", same]).status == 74)
            try await #expect(Command.run(["report", "--store", store, "--out", "-", "--json", "-"]).status == 64)
            #expect(try Data(contentsOf: URL(fileURLWithPath: store)) == bytes)
            #expect(try String(contentsOfFile: victim, encoding: .utf8) == "precious")
            #expect(try names(folder) == before)
        }
    }

    @Test func `a dash is standard output, and the result stands there alone`() async throws {
        try await withFolder { folder in
            let store = try await store(in: folder)
            let report = try await Command.run(["report", "--store", store, "--out", "-"])
            #expect(report.output.hasPrefix("<!doctype html>") && report.output.hasSuffix("</html>\n"))
            #expect(report.complaint.contains("HOLD"))
            let exported = try await Command.run(["store", "export", "--store", store, "--out", "-"])
            #expect(try JSON(parsing: exported.output)["id"] == "p")
            let queue = try await Command.run(["queue", "export", "--store", store, "--out", "-", "--format", "jsonl"])
            let item = try #require(queue.output.split(separator: "\n").first)
            #expect(try JSON(parsing: String(item))["item"] != nil, "\(queue.complaint)")
            #expect(try !names(folder).contains("-"))
        }
    }

    @Test(arguments: [SIGTERM, SIGINT, SIGHUP])
    func `a signal leaves nothing of a result and ends the process as a shell expects`(_ signal: Int32) async throws {
        try await withFolder { folder in
            // Pairs that `serve` or an older version left without scores, so that the export has to write first.
            let path = try await store(in: folder)
            let store = try Store.open(path: path, access: .readWrite)
            let experiment = try #require(try store.experiments.newest()).id
            let process = Process()
            process.executableURL = URL(fileURLWithPath: Command.path)
            process.arguments = ["store", "export", "--store", path, "--out", folder.path + "/out.jsonl"]
            process.standardError = FileHandle.nullDevice
            // While an import is under way, no other process writes: the export waits with its file begun.
            _ = try store.pairs.add(into: experiment, policy: .full) {
                try withUnblocked(signal) { try process.run() }
                while try !names(folder).contains(where: { $0.hasPrefix(".out.jsonl.") }) { sched_yield() }
                kill(process.processIdentifier, signal)
                process.waitUntilExit()
                return nil
            }
            #expect(process.terminationReason == .uncaughtSignal && process.terminationStatus == signal)
            #expect(try names(folder).filter { $0.contains("out.jsonl") } == [])
            try store.close()
        }
    }

    /// A process inherits which signals are blocked, and threads of Dispatch block all.
    private func withUnblocked(_ signal: Int32, _ body: () throws -> Void) rethrows {
        var (signals, before) = (sigset_t(), sigset_t())
        sigemptyset(&signals)
        sigaddset(&signals, signal)
        pthread_sigmask(SIG_UNBLOCK, &signals, &before)
        defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
        try body()
    }

    // MARK: - Forgetting

    @Test func `forgetting with another key is an error, and nobody found has a status of its own`() async throws {
        try await withFolder { folder in
            let store = try await store(in: folder, Self.line("p", session: "alice") + Self.line("q", session: "bob"))
            let other = try folder.file("other.key", String(repeating: "0a", count: 32) + "\n")
            chmod(other, 0o600)
            let forget = ["store", "forget", "--store", store, "--session"]
            let wrong = try await Command.run(forget + ["alice", "--key-file", other])
            #expect(wrong.status == 74 && wrong.complaint.contains("another key"), "\(wrong.complaint)")
            #expect(wrong.output.isEmpty)
            let nobody = try await Command.run(forget + ["nobody"])
            #expect(nobody.status == 66 && nobody.complaint.contains("nothing was forgotten"), "\(nobody.complaint)")
            let hash = String(repeating: "0", count: 64)
            try await #expect(Command.run(["store", "forget", "--store", store, "--prompt-hash", hash]).status == 66)
            let right = try await Command.run(forget + ["alice"])
            #expect(right.status == 0 && right.output.contains("1 pair forgotten"), "\(right.complaint)")
            let blinded = try await Command.run(
                ["queue", "export", "--store", store, "--format", "csv", "--out", "-", "--key-file", other]
            )
            #expect(blinded.status == 74 && blinded.output.isEmpty)
        }
    }

    // MARK: - Inputs

    @Test func `a FIFO in place of any file is refused at once`() async throws {
        try await withFolder { folder in
            let store = try await store(in: folder)
            let fifo = folder.path + "/fifo"
            mkfifo(fifo, 0o600)
            for (arguments, status): ([String], Int32) in [
                (["import", "--store", store, fifo], 74), (["queue", "import", "--store", store, fifo], 74),
                (["score", fifo], 74), (["evaluate", "--store", fifo], 74), (["check", "--config", fifo], 78),
                (["evaluate", "--store", store, "--config", fifo], 78),
                (["store", "forget", "--store", store, "--session", "s", "--key-file", fifo], 74),
                (["stand-in", "--port", "0", "--answers", fifo], 74),
            ] {
                let refused = try await Command.run(arguments)
                #expect(refused.status == status, "\(arguments): \(refused.complaint)")
                #expect(refused.complaint.contains("fifo"))
            }
        }
    }

    @Test func `an import takes so many names of scores and no more`() async throws {
        try await withFolder { folder in
            func line(_ id: Int) -> String {
                let scores = (0..<100).map { "\"s\(id * 100 + $0)\":0.5" }.joined(separator: ",")
                return
                    #"{"id":"\#(id)","prompt":"p","stable":{"text":"a","scores":{\#(scores)}},"shadow":{"text":"b"}}"#
            }
            let file = try folder.file("names.jsonl", (0..<4).map(line).joined(separator: "\n"))
            let path = folder.path + "/pairs.sqlite"
            let refused = try await Command.run(["import", "--store", path, file])
            #expect(refused.status == 65 && refused.complaint.contains("names.jsonl:3: "), "\(refused.complaint)")
            let kept = try await Command.run(["import", "--store", path, "--skip-bad", file])
            #expect(kept.output.contains("2 pairs added, 0 already there, 2 bad lines skipped"), "\(kept.output)")
            // What is in the store counts too.
            let again = try await Command.run(["import", "--store", path, "-"], input: line(7) + "\n")
            #expect(again.status == 65, "\(again.complaint)")
        }
    }

    @Test func `pipes that a shell makes are read as configuration, pairs, ratings and answers`() async throws {
        try await withFolder { folder in
            let store = try await store(in: folder)
            let rating = #"{"pair":"p","rater":"r","preferred":"tie"}"#
            let script = """
                "$0" import --store "$1" --config <(echo "min_share: 0") <(printf '%s' "$2") || exit 1
                printf '%s' "$2" | "$0" import --store "$1" /dev/stdin || exit 2
                "$0" queue import --store "$1" <(echo "$3") || exit 3
                "$0" score <(printf '%s' "$2") >/dev/null || exit 4
                "$0" evaluate --store "$1" --config <(echo "min_share: 0") >/dev/null || exit 5
                "$0" stand-in --port 0 --answers <(echo "nonsense") 2>&1
                """
            let process = Process()
            process.executableURL = URL(fileURLWithPath: "/bin/bash")
            process.arguments = ["-c", script, Command.path, store, Self.line("q"), rating]
            let pipe = Pipe()
            process.standardOutput = pipe
            process.standardInput = FileHandle.nullDevice
            try process.run()
            let said = String(decoding: try pipe.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
            process.waitUntilExit()
            #expect(process.terminationStatus == 65, "\(said)")
            #expect(said.contains("1 pairs added") && said.contains("0 pairs added, 1 already there"), "\(said)")
            #expect(said.contains("1 ratings added") && said.contains(":1: "), "\(said)")
        }
    }

    @Test func `a store with more names than are taken today still takes pairs that bring no new one`() async throws {
        try await withFolder { folder in
            func line(_ id: String, _ names: Range<Int>) -> String {
                let scores = names.map { "\"s\($0)\":0.5" }.joined(separator: ",")
                return
                    #"{"id":"\#(id)","prompt":"p","stable":{"text":"a","scores":{\#(scores)}},"shadow":{"text":"b"}}"#
                    + "\n"
            }
            let path = try await store(in: folder, line("first", 0..<200))
            // As an older version left it.
            let store = try Store.open(path: path, access: .readWrite)
            let experiment = try #require(try store.experiments.newest()).id
            var pair = try #require(try store.pairs.load(uid: "first")).pair
            pair.id = "older"
            pair.stable.scores = Dictionary(uniqueKeysWithValues: (200..<300).map { ("s\($0)", 0.5) })
            _ = try store.pairs.add([ImportedPair(pair: pair)], into: experiment, policy: .full)
            try store.close()
            let known = try await Command.run(
                ["import", "--store", path, "-"],
                input: line("known", 250..<260) + line("none", 0..<0)
            )
            #expect(known.status == 0 && known.output.contains("2 pairs added"), "\(known.complaint)")
            let new = try await Command.run(["import", "--store", path, "-"], input: line("new", 299..<301))
            #expect(new.status == 65, "\(new.complaint)")
        }
    }

    @Test func `a line that is too long is skipped where bad lines are`() async throws {
        try await withFolder { folder in
            let long = String(repeating: "x", count: (64 << 20) + 1)
            let file = try folder.file("long.jsonl", Self.line("p") + long + "\n" + Self.line("q"))
            let path = folder.path + "/pairs.sqlite"
            let kept = try await Command.run(["import", "--store", path, "--skip-bad", file])
            #expect(kept.output.contains("2 pairs added, 0 already there, 1 bad lines skipped"), "\(kept.complaint)")
        }
    }

    // MARK: - Foreign words

    @Test func `no word from elsewhere is obeyed by a terminal or a page`() async throws {
        try await withFolder { folder in
            let evil = "x\u{1B}]0;owned\u{07}\u{9B}31m\u{202E}y\u{2066}\u{200B}"
            let lines = (0..<3).map { Self.line("p\($0)", intent: evil, version: "v\(evil)") }.joined()
            let store = try await store(in: folder, lines)
            let ratings = JSON.object(
                JSON.Object(members: [
                    .init(key: "pair", value: "p1"), .init(key: "rater", value: .string(evil)),
                    .init(key: "preferred", value: "tie"),
                ])
            )
            let file = try folder.file("ratings\(evil).jsonl", ratings.text() + "\n")
            var said: [String] = []
            for arguments in [
                ["queue", "import", "--store", store, file], ["queue", "status", "--store", store],
                ["evaluate", "--store", store], ["report", "--store", store, "--out", "-"],
                ["report", "--store", store, "--out", folder.path + "/r.html", "--markdown", "-"],
                ["store", "info", "--store", store], ["import", "--store", store, folder.path + "/none\(evil)"],
                ["evaluate", "--store", store, "--config", folder.path + "/none\(evil)"],
            ] {
                let outcome = try await Command.run(arguments)
                for text in [outcome.output, outcome.complaint] {
                    let obeyed = text.unicodeScalars.filter { $0.actsUnseen && $0 != "\n" && $0 != "\t" }
                    #expect(obeyed.isEmpty, "\(arguments[0]): \(obeyed.map(\.code))")
                    said.append(text)
                }
            }
            #expect(said.count { $0.contains("x\\u{1B}]0;owned\\u{7}") } >= 5)
        }
    }

    // MARK: - A full disk

    /// In a mount namespace of its own: a small file system, filled up, then read-only.
    private static let script = """
        mount -t tmpfs -o size=2m tmpfs "$1" 2>/dev/null || exit 77
        cp "$2" "$1/pairs.sqlite" && cp "${2%.sqlite}.key" "$1/pairs.key" || exit 1
        dd if=/dev/zero of="$1/fill" bs=1k 2>/dev/null
        for round in full read-only; do
            for command in evaluate "store info" "queue status" "store check" "report --out -"; do
                "$3" $command --store "$1/pairs.sqlite" >/dev/null 2>"$2.err"; status=$?
                grep -q "a copy of it" "$2.err" && copied=copied || copied=$(cat "$2.err")
                echo "$round $command: $status $copied"
            done
            mount -o remount,ro "$1"
        done
        ls -d "$TMPDIR"/understudy-?????? 2>/dev/null
        """

    @Test func `a store on a full or read-only disk can be looked at`() async throws {
        try await withFolder { folder in
            let store = try await store(in: folder, (0..<20).map { Self.line("p\($0)") }.joined())
            let place = folder.path + "/small"
            mkdir(place, 0o700)
            let process = Process()
            process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
            process.arguments = ["unshare", "-m", "sh", "-c", Self.script, "sh", place, store, Command.path]
            process.environment = ProcessInfo.processInfo.environment.merging(["TMPDIR": folder.path]) { $1 }
            let pipe = Pipe()
            process.standardOutput = pipe
            process.standardError = FileHandle.nullDevice
            try process.run()
            let said = String(decoding: try pipe.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
            process.waitUntilExit()
            guard !said.isEmpty else {
                // Only root may mount.
                print("A file system cannot be mounted here, so nothing was looked at on a full disk.")
                return
            }
            let lines = said.split(separator: "\n")
            #expect(lines.count == 10, "and no folder is left: \(said)")
            #expect(lines.allSatisfy { $0.hasSuffix(": 0 copied") }, "\(said)")
        }
    }
}
