import Mirroring
import PairStore
import Vocabulary

/// The key under which a store's prompts and sessions are hashed.
enum StoreKey {
    /// Loads the key, or makes it together with a new store, and holds the store to it.
    ///
    /// - Throws: `StoreError` where the key is missing, loose, or not the one that the store's hashes were made with.
    static func loadOrCreate(path: String, beside store: PairStore) throws -> PromptKey {
        let key = try PromptKey.loadOrCreate(path: path, beside: store)
        // A hash of a constant tells the key from another and tells nothing about it.
        try store.bindKey(fingerprint: KeyedHash(key: key.bytes).session("understudy key fingerprint").hex)
        return key
    }
}
