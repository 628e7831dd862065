import Crypto
package import PairStore
import Vocabulary

/// Decides which side is shown as A, and what an item is called, so that neither tells whose answer is whose.
///
/// Both come from a keyed hash (HMAC-SHA-256 under the store's key): nobody without the key can work either back, and
/// the same round can be made again.
package struct Blinding: Sendable {
    private let key: SymmetricKey
    private let round: String

    package init(key: PromptKey, round: String) {
        self.key = SymmetricKey(data: key.bytes)
        self.round = round
    }

    /// The item's name: a letter and 16 hexadecimal digits.
    ///
    /// The letter keeps a spreadsheet from reading `1234567890123456` or `1234567e89012345` as a number and writing another
    /// one back.
    func itemID(pairID: String, isRepeat: Bool) -> String {
        "i" + hexadecimal(digest("item", pairID, isRepeat ? "again" : "once").prefix(8))
    }

    /// Whose answer is shown as A; a repeat shows the other one.
    func sideA(pairID: String, isRepeat: Bool) -> Leg {
        let isStable = digest("side", pairID)[0] & 1 == 0
        return isStable != isRepeat ? .stable : .shadow
    }

    private func digest(_ parts: String...) -> [UInt8] {
        var authenticator = HMAC<SHA256>(key: key)
        for part in ["understudy rating", round] + parts {
            authenticator.update(data: Array(part.utf8))
            authenticator.update(data: [0])
        }
        return Array(authenticator.finalize())
    }
}
