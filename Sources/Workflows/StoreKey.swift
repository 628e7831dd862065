import Mirroring
package import PairStore
import Vocabulary

/// The key under which a store's prompts and sessions are hashed.
package enum StoreKey {
    /// Loads the key, or makes it together with a new store, and holds the store to it.
    ///
    /// - Throws: `StoreError` where the key is missing, loose, or not the one that the store's hashes were made with.
    package static func loadOrCreate(path: String, beside store: Store) throws -> PromptKey {
        let key = try PromptKey.loadOrCreate(path: path, beside: store)
        try store.bindKey(fingerprint: fingerprint(key))
        return key
    }

    /// Loads the key of a store that has one, which is not changed.
    ///
    /// - Throws: `StoreError` where the key is missing, loose, or not the one that the store's hashes were made with.
    package static func load(path: String, beside store: Store) throws -> PromptKey {
        let key = try PromptKey.load(path: path, store: store.path)
        try store.checkKey(fingerprint: fingerprint(key))
        return key
    }

    /// A hash of a constant, which tells the key from another and tells nothing about it.
    private static func fingerprint(_ key: PromptKey) -> String {
        KeyedHash(key: key.bytes).session("understudy key fingerprint").hex
    }
}
