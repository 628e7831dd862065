import Foundation
import TestSupport
import Testing
import Vocabulary

@testable import PairStore

struct PromptKeyTests {
    @Test func `the key lies beside the store under its name`() {
        #expect(KeyFile.path(besideStore: "understudy.sqlite") == "understudy.key")
        #expect(KeyFile.path(besideStore: "/var/lib/week.one/pairs") == "/var/lib/week.one/pairs.key")
    }

    @Test func `a key is made once with a new store and read back`() async throws {
        try await withStore { store, _ in
            let path = KeyFile.path(besideStore: store.path)
            let key = try PromptKey.loadOrCreate(path: path, beside: store)
            #expect(key.bytes.count == 32)
            #expect(try PromptKey.loadOrCreate(path: path, beside: store) == key)
            #expect(try PromptKey.load(path: path) == key)
            let attributes = try FileManager.default.attributesOfItem(atPath: path)
            #expect(attributes[.posixPermissions] as? Int == 0o600)
            let folder = (path as NSString).deletingLastPathComponent
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".new") } == [])
        }
    }

    @Test func `two stores have two keys`() async throws {
        let keys = try await [
            withStore { store, _ in try PromptKey.loadOrCreate(path: store.path + ".key", beside: store) },
            withStore { store, _ in try PromptKey.loadOrCreate(path: store.path + ".key", beside: store) },
        ]
        #expect(keys[0] != keys[1])
    }

    @Test func `a key that is gone beside a store with pairs is not replaced`() async throws {
        try await withStore { store, experiment in
            let path = KeyFile.path(besideStore: store.path)
            _ = try store.pairs.add([ImportedPair(pair: .example("p"))], into: experiment, policy: .full)
            #expect(throws: StoreError.keyMissing(path: path, store: store.path)) {
                try PromptKey.loadOrCreate(path: path, beside: store)
            }
            #expect(!FileManager.default.fileExists(atPath: path))
        }
    }

    @Test func `a key that others can read is refused with the remedy`() async throws {
        try await withStore { store, _ in
            let path = KeyFile.path(besideStore: store.path)
            _ = try PromptKey.loadOrCreate(path: path, beside: store)
            try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: path)
            let error = #expect(throws: StoreError.self) { try PromptKey.load(path: path) }
            #expect(error == .keyPermissions(path: path, mode: "640"))
            #expect("\(try #require(error))".contains("chmod 600 \(path)"))
        }
    }

    @Test func `a key is its owner's, root's or, for root, anybody's`() {
        #expect(PromptKey.isTrusted(owner: 1000, by: 1000))
        #expect(PromptKey.isTrusted(owner: 0, by: 1000))
        #expect(PromptKey.isTrusted(owner: 998, by: 0))
        #expect(!PromptKey.isTrusted(owner: 998, by: 1000))
    }

    @Test(.enabled(if: geteuid() == 0)) func `root reads the key of the service's user`() async throws {
        try await withStore { store, _ in
            let path = KeyFile.path(besideStore: store.path)
            let key = try PromptKey.loadOrCreate(path: path, beside: store)
            #expect(chown(path, 65_534, 65_534) == 0)
            #expect(try PromptKey.load(path: path) == key)
        }
    }

    @Test(arguments: ["", "xyz", "abcd", String(repeating: "g", count: 64), String(repeating: "a", count: 66)])
    func `anything but 64 digits is refused`(_ text: String) async throws {
        try withTemporaryFolder { folder in
            let path = folder + "/a.key"
            _ = FileManager.default.createFile(
                atPath: path,
                contents: Data(text.utf8),
                attributes: [.posixPermissions: 0o600]
            )
            #expect(throws: StoreError.keyMalformed(path: path)) { try PromptKey.load(path: path) }
        }
    }
}
