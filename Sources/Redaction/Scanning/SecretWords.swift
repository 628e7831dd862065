/// The words that announce a secret.
enum SecretWords {
    enum Meaning {
        case none
        case key
        case password
        case passphrase
        case bearer
        case authorization
    }

    private struct Suffix {
        var word: StaticString
        var meaning: Meaning
        /// Whether it counts only as a whole word or after `_`: `DB_PASS`, but not `bypass`.
        var isWhole = false

        var last: UInt8 { word.utf8Start[word.utf8CodeUnitCount - 1] }
    }

    /// By the last letter, `a` first: a JSON text asks at each of its keys.
    private static let suffixes: [[Suffix]] = {
        let passwords: [StaticString] = [
            "password", "passwd", "pwd", "passwort", "kennwort", "wachtwoord", "contraseña", "senha", "hasło", "heslo",
            "lösenord", "passord", "adgangskode", "salasana", "parola", "şifre", "şifrem", "motdepasse", "kodeord",
        ]
        let keys: [StaticString] = [
            "token", "secret", "apikey", "api_key", "access_key", "accesskey", "secret_key", "secretkey", "private_key",
            "accountkey", "auth_key", "authkey", "encryption_key", "encryptionkey", "signing_key", "signingkey",
            "subscription_key", "subscriptionkey", "shared_key", "master_key", "masterkey", "phpsessid", "sessionid",
        ]
        let others = [
            Suffix(word: "passphrase", meaning: .passphrase), Suffix(word: "authorization", meaning: .authorization),
            Suffix(word: "pw", meaning: .password, isWhole: true),
            Suffix(word: "mdp", meaning: .password, isWhole: true),
            Suffix(word: "pass", meaning: .password, isWhole: true),
            Suffix(word: "clave", meaning: .password, isWhole: true),
            Suffix(word: "bearer", meaning: .bearer, isWhole: true),
        ]
        let all =
            passwords.map { Suffix(word: $0, meaning: .password) } + keys.map { Suffix(word: $0, meaning: .key) }
            + others
        return (0..<26).map { letter in all.filter { $0.last == UInt8(ascii: "a") + letter } }
    }()

    private static let otherScripts: [StaticString] = [
        "пароль", "Пароль", "ПАРОЛЬ", "密码", "密碼", "口令", "パスワード", "비밀번호", "암호", "كلمة المرور", "كلمة السر", "κωδικός",
        "סיסמה",
        "รหัสผ่าน", "पासवर्ड", "jelszó",
    ]

    /// By the end of the word, so that `DB_PASSWORD` and `client_secret` count.
    static func meaning(of word: Range<Int>, in scanner: Scanner) -> Meaning {
        let bytes = scanner.bytes
        let last = bytes[word.upperBound - 1].lowercased
        // One of "adekmnoprstwy".
        guard last.isLower, 0x014E_F419 as UInt32 &>> UInt32(last - 0x61) & 1 != 0,
            word.count >= 2 || scanner.byte(word.lowerBound - 1) >= 0x80
        else { return .none }
        // Bytes of other letters end a word for the pass: `contrase` `ñ` `a`.
        var lowest = word.lowerBound
        while lowest > scanner.floor, word.upperBound - lowest < 24,
            bytes[lowest - 1] >= 0x80 || bytes[lowest - 1].isLetter
        {
            lowest -= 1
        }
        for suffix in suffixes[Int(last - UInt8(ascii: "a"))] {
            let start = word.upperBound - suffix.word.utf8CodeUnitCount
            guard start >= lowest, scanner.has(suffix.word, at: start, folded: true)
            else { continue }
            if suffix.isWhole, start > word.lowerBound, bytes[start - 1] != UInt8(ascii: "_") { continue }
            return suffix.meaning
        }
        if word.count == 5, scanner.has("mot de passe", at: word.lowerBound - 7, folded: true) { return .password }
        // `x-api-key:`, `API key:`
        let isKey = word.count == 3 && scanner.has("key", at: word.lowerBound, folded: true)
        return isKey && isKeyOfSecret(before: word.lowerBound, in: scanner) ? .key : .none
    }

    static func announcesInOtherScript(before end: Int, in scanner: Scanner) -> Bool {
        otherScripts.contains {
            end - $0.utf8CodeUnitCount >= scanner.floor && scanner.has($0, at: end - $0.utf8CodeUnitCount)
        }
    }

    /// The word and the hyphen or blank before `key`.
    private static func isKeyOfSecret(before start: Int, in scanner: Scanner) -> Bool {
        let separator = scanner.byte(start - 1)
        guard separator == UInt8(ascii: "-") || separator == 0x20 else { return false }
        let words: [StaticString] = [
            "api", "access", "secret", "auth", "account", "encryption", "signing", "subscription", "shared", "private",
        ]
        return words.contains { scanner.has($0, at: start - 1 - $0.utf8CodeUnitCount, folded: true) }
    }
}
