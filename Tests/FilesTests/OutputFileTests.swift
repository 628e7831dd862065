import Foundation
import TestSupport
import Testing

@testable import Files

struct OutputFileTests {
    private func text(_ path: String) throws -> String {
        try String(contentsOf: URL(fileURLWithPath: path), encoding: .utf8)
    }

    private func names(_ folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    }

    private func mode(_ path: String) -> UInt32 {
        var status = stat()
        return lstat(path, &status) == 0 ? status.st_mode & 0o777 : 0
    }

    @Test func `a file is its owner's alone from the first byte and replaces the old one at the end`() throws {
        try withTemporaryFolder { folder in
            let path = folder + "/out.jsonl"
            try Data("old".utf8).write(to: URL(fileURLWithPath: path))
            let before = umask(0)
            defer { umask(before) }
            let file = try OutputFile(path: path, sparing: ProtectedFiles())
            let beside = try #require(try names(folder).first { $0.hasPrefix(".") })
            #expect(mode(folder + "/" + beside) == 0o600)
            try file.write("new".utf8)
            #expect(try text(path) == "old")
            try file.commit()
            #expect(try text(path) == "new")
            #expect(mode(path) == 0o600)
            #expect(try names(folder) == ["out.jsonl"])
        }
    }

    @Test func `a file that is not finished leaves nothing`() throws {
        try withTemporaryFolder { folder in
            do {
                let file = try OutputFile(path: folder + "/out", sparing: ProtectedFiles())
                try file.write("half".utf8)
            }
            #expect(try names(folder).isEmpty)
        }
    }

    @Test func `a file that is in its place lets go of nothing of the next`() throws {
        try withTemporaryFolder { folder in
            var first: OutputFile? = try OutputFile(path: folder + "/first", sparing: ProtectedFiles())
            try first?.commit()
            let second = try OutputFile(path: folder + "/second", sparing: ProtectedFiles())
            // It took the place in the table that the first had.
            #expect(RemovalOnSignal.waiting(under: folder) == 1)
            let name = try #require(try names(folder).first { $0.hasPrefix(".second.") })
            first = nil
            #expect(RemovalOnSignal.waiting(under: folder) == 1)
            #expect(try names(folder) == [name, "first"])
            try second.commit()
            #expect(try names(folder) == ["first", "second"])
            #expect(RemovalOnSignal.waiting(under: folder) == 0)
        }
    }

    @Test func `what is no regular file is left alone and told`() throws {
        try withTemporaryFolder { folder in
            try Data("precious".utf8).write(to: URL(fileURLWithPath: folder + "/victim"))
            symlink(folder + "/victim", folder + "/link")
            symlink(folder + "/nowhere", folder + "/dangling")
            symlink("/proc/self/fd/1", folder + "/stdout")
            mkfifo(folder + "/fifo", 0o600)
            mkdir(folder + "/dir", 0o700)
            let before = try names(folder)
            for (name, kind) in [
                ("link", "a link"), ("dangling", "a link"), ("stdout", "a link"), ("fifo", "a FIFO"),
                ("dir", "a directory"), ("dir/", "a directory"), ("dir/..", "a directory"),
            ] {
                let error = #expect(throws: FileError.self, "\(name)") {
                    try OutputFile(path: folder + "/" + name, sparing: ProtectedFiles())
                }
                #expect(error?.description.contains(kind) == true, "\(name)")
            }
            #expect(throws: FileError(path: "/dev/null", reason: .notAFile(kind: "a device"))) {
                try OutputFile(path: "/dev/null", sparing: ProtectedFiles())
            }
            #expect(try names(folder) == before)
            #expect(try text(folder + "/victim") == "precious")
        }
    }

    @Test func `files of ours are spared, by whatever name and whether or not they are there yet`() throws {
        try withTemporaryFolder { folder in
            let store = folder + "/pairs.sqlite"
            try Data("SQLite format 3\0rest".utf8).write(to: URL(fileURLWithPath: store))
            let other = folder + "/other.db"
            try Data("SQLite format 3\0rest".utf8).write(to: URL(fileURLWithPath: other))
            let key = folder + "/other.key"
            try Data((String(repeating: "0a", count: 32) + "\n").utf8).write(to: URL(fileURLWithPath: key))
            try Data("listen: x".utf8).write(to: URL(fileURLWithPath: folder + "/u.yaml"))
            link(folder + "/u.yaml", folder + "/again.yaml")
            symlink(folder, folder + "/way")
            var protected = ProtectedFiles()
            protected.protect(store: store)
            protected.protect(folder + "/pairs.key", as: "the key of this command")
            protected.protect(folder + "/u.yaml", as: "the configuration of this command")
            for name in [
                "pairs.sqlite", "pairs.sqlite-wal", "pairs.sqlite-shm", "way/pairs.sqlite",
                "../\(folder.split(separator: "/").last ?? "")/pairs.key",
                "pairs.key", "u.yaml", "again.yaml", "other.db", "other.db-wal", "other.key",
            ] {
                #expect(throws: FileError.self, "\(name)") {
                    try OutputFile(path: folder + "/" + name, sparing: protected)
                }
            }
            let fine = try OutputFile(path: folder + "/report.html", sparing: protected)
            try fine.commit()
        }
    }

    @Test func `what lies beside a store is spared where a link leads to it too`() throws {
        try withTemporaryFolder { folder in
            mkdir(folder + "/data", 0o700)
            try Data("SQLite format 3\0rest".utf8).write(to: URL(fileURLWithPath: folder + "/data/real.sqlite"))
            symlink(folder + "/data/real.sqlite", folder + "/link.sqlite")
            var protected = ProtectedFiles()
            protected.protect(store: folder + "/link.sqlite")
            for name in ["data/real.sqlite", "data/real.sqlite.serve", "data/real.sqlite-wal", "link.sqlite-shm"] {
                let error = #expect(throws: FileError.self, "\(name)") {
                    try OutputFile(path: folder + "/" + name, sparing: protected)
                }
                #expect(
                    error?.description.contains("database") == false,
                    "by its place and not by what it holds: \(name)"
                )
            }
        }
    }

    @Test func `a log, its index and a key are told by their names, unopened`() throws {
        try withTemporaryFolder { folder in
            // Nothing in them says what they are.
            for name in ["other.db", "other.db-wal", "other.db-shm", "other.db-journal", "tls.key", "report-wal"] {
                try Data("x".utf8).write(to: URL(fileURLWithPath: folder + "/" + name))
            }
            for name in ["other.db-wal", "other.db-shm", "other.db-journal", "tls.key"] {
                #expect(throws: FileError.self, "\(name)") {
                    try OutputFile(path: folder + "/" + name, sparing: ProtectedFiles())
                }
            }
            for name in ["report-wal", "new.key", "other.db.new"] {
                try OutputFile(path: folder + "/" + name, sparing: ProtectedFiles()).commit()
            }
        }
    }

    @Test func `every signal that ends a process by itself is waited for`() throws {
        try withTemporaryFolder { folder in
            let file = try OutputFile(path: folder + "/out", sparing: ProtectedFiles())
            for signal in [SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGXFSZ] {
                var present = sigaction()
                sigaction(signal, nil, &present)
                let handler = unsafeBitCast(present.__sigaction_handler.sa_handler, to: Int.self)
                #expect(handler != 0, "\(signal)")
            }
            try file.commit()
        }
    }

    @Test func `a missing folder and a full disk are told by the path`() throws {
        try withTemporaryFolder { folder in
            let error = #expect(throws: FileError.self) {
                try OutputFile(path: folder + "/none/out", sparing: ProtectedFiles())
            }
            #expect(error?.description.contains("the folder \(folder)/none does not exist") == true)
        }
    }
}
