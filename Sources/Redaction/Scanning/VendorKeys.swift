/// Keys that their vendors made recognisable, by prefix.
///
/// From the vendors' own pages and GitHub's list of secret-scanning patterns. A tail shorter than the minimum, or one
/// without digits or mixed case, is a name or an example, not a key.
struct VendorKeys {
    enum Tail {
        case alphanumeric
        /// Letters, digits, `-` and `_`.
        case url
        /// ``url`` and dots.
        case dotted
        case upper
        case hex
        /// ``hex`` with hyphens between, at least one.
        case hexGroups
        /// ``url`` and `=`.
        case padded
        /// Base64 in a list with commas.
        case list
    }

    let prefix: StaticString
    let minimum: Int
    let tail: Tail

    func allows(_ byte: UInt8) -> Bool {
        switch tail {
        case .alphanumeric: byte.isAlphanumeric
        case .url: byte.isBase64URL
        case .dotted: byte.isBase64URL || byte == UInt8(ascii: ".")
        case .upper: byte.isUpper || byte.isDigit
        case .hex: byte.isHexDigit
        case .hexGroups: byte.isHexDigit || byte == UInt8(ascii: "-")
        case .padded: byte.isBase64URL || byte == UInt8(ascii: "=")
        case .list: byte.isBase64URL || "+/=,".utf8.contains(byte)
        }
    }

    private init(_ prefix: StaticString, _ minimum: Int, _ tail: Tail = .alphanumeric) {
        self.prefix = prefix
        self.minimum = minimum
        self.tail = tail
    }

    private static let list: [VendorKeys] = [
        // OpenAI, Anthropic, OpenRouter, DeepSeek and others that copied the form.
        VendorKeys("sk-", 20, .url),
        // Groq, xAI, Perplexity, NVIDIA, Hugging Face, Replicate, Google, Together.
        VendorKeys("gsk_", 30), VendorKeys("xai-", 30), VendorKeys("pplx-", 30), VendorKeys("nvapi-", 30, .url),
        VendorKeys("hf_", 30), VendorKeys("r8_", 30), VendorKeys("AIza", 30, .url), VendorKeys("ya29.", 20, .url),
        VendorKeys("GOCSPX-", 20, .url), VendorKeys("tgp_v1_", 30, .url),
        // GitHub, GitLab.
        VendorKeys("ghp_", 30), VendorKeys("gho_", 30), VendorKeys("ghu_", 30), VendorKeys("ghs_", 30),
        VendorKeys("ghr_", 30), VendorKeys("github_pat_", 22, .url), VendorKeys("glpat-", 20, .dotted),
        VendorKeys("glrt-", 20, .url), VendorKeys("gldt-", 20, .url),
        // AWS.
        VendorKeys("AKIA", 16, .upper), VendorKeys("ASIA", 16, .upper), VendorKeys("ABIA", 16, .upper),
        // Slack, Stripe, SendGrid, Shopify, Square, Twilio, Mailgun, Telegram has digits first.
        VendorKeys("xoxb-", 10, .url), VendorKeys("xoxp-", 10, .url), VendorKeys("xoxa-", 10, .url),
        VendorKeys("xoxr-", 10, .url), VendorKeys("xoxs-", 10, .url), VendorKeys("xoxe-", 10, .url),
        VendorKeys("xapp-", 10, .url), VendorKeys("sk_live_", 16), VendorKeys("sk_test_", 16),
        VendorKeys("rk_live_", 16), VendorKeys("rk_test_", 16), VendorKeys("pk_live_", 16), VendorKeys("pk_test_", 16),
        VendorKeys("whsec_", 16), VendorKeys("SG.", 40, .dotted), VendorKeys("shpat_", 30, .hex),
        VendorKeys("shpss_", 30, .hex), VendorKeys("sq0atp-", 20, .url), VendorKeys("sq0csp-", 30, .url),
        VendorKeys("EAAA", 50, .url),
        // Package registries and infrastructure.
        VendorKeys("npm_", 30), VendorKeys("pypi-", 30, .url), VendorKeys("dckr_pat_", 20, .url),
        VendorKeys("dop_v1_", 60, .hex), VendorKeys("doo_v1_", 60, .hex), VendorKeys("hvs.", 20, .url),
        VendorKeys("PMAK-", 30, .url), VendorKeys("ntn_", 30), VendorKeys("lin_api_", 30),
        VendorKeys("figd_", 30, .url),
        VendorKeys("sntrys_", 30, .url), VendorKeys("glsa_", 30, .url), VendorKeys("databricks-", 30, .url),
        VendorKeys("dapi", 32, .hex), VendorKeys("dp.", 30, .dotted), VendorKeys("hvb.", 20, .url),
        VendorKeys("hvr.", 20, .url), VendorKeys("rubygems_", 40, .hex), VendorKeys("sbp_", 40, .hex),
        VendorKeys("pul-", 40, .hex), VendorKeys("HRKU-", 30, .url), VendorKeys("fm1_", 30, .list),
        VendorKeys("fm1a_", 30, .list), VendorKeys("fm1r_", 30, .list), VendorKeys("fm2_", 30, .list),
        VendorKeys("v1.0-", 60, .hexGroups), VendorKeys("pscale_", 30, .dotted), VendorKeys("tskey-", 20, .url),
        VendorKeys("nfp_", 30), VendorKeys("rnd_", 25), VendorKeys("bkua_", 30), VendorKeys("CCIPAT_", 30, .url),
        VendorKeys("ops_eyJ", 60, .padded), VendorKeys("AGE-SECRET-KEY-1", 50, .upper),
        VendorKeys("oy2", 43, .alphanumeric),
        // Mail, payments, chat, tools.
        VendorKeys("key-", 32, .hex), VendorKeys("xkeysib-", 60, .url), VendorKeys("SK", 32, .hex),
        VendorKeys("EZAK", 50), VendorKeys("EZTK", 50), VendorKeys("shpca_", 30, .hex), VendorKeys("shppa_", 30, .hex),
        VendorKeys("secret_", 40), VendorKeys("NRAK-", 27, .upper), VendorKeys("ATATT3", 50, .padded),
        VendorKeys("ATCTT3", 50, .padded), VendorKeys("ATBB", 28), VendorKeys("sk.eyJ", 30, .dotted),
        VendorKeys("glc_", 40, .padded), VendorKeys("dt0c01.", 60, .dotted), VendorKeys("sl.", 100, .url),
        VendorKeys("phx_", 30), VendorKeys("lin_oauth_", 30), VendorKeys("sntryu_", 30), VendorKeys("glptt-", 20, .url),
        VendorKeys("glcbt-", 20, .url), VendorKeys("glsoat-", 20, .url),
        // More vendors of models.
        VendorKeys("fw_", 20), VendorKeys("tvly-", 20, .url), VendorKeys("lsv2_", 30, .url), VendorKeys("csk-", 30),
        VendorKeys("jina_", 40), VendorKeys("esecret_", 20), VendorKeys("rpa_", 30), VendorKeys("sk_", 40, .hex),
        VendorKeys("ABSK", 60, .padded),
    ]

    /// The keys whose prefix begins with two bytes; asked at every word, so it is one look into a table.
    static func beginning(with first: UInt8, _ second: UInt8) -> ArraySlice<VendorKeys> {
        let slot = slot(first, second)
        let start = Int(table[slot])
        guard start > 0 else { return [] }
        var end = start
        while end < sorted.count, sorted[end].slot == slot { end += 1 }
        return sorted[(start - 1)..<end]
    }

    private static let sorted = list.sorted { $0.slot < $1.slot }

    private var slot: Int { Self.slot(prefix.utf8Start[0], prefix.utf8Start[1]) }

    /// Six bits of each byte tell letters, digits and `_` apart well enough.
    private static func slot(_ first: UInt8, _ second: UInt8) -> Int { Int(first & 0x3F) << 6 | Int(second & 0x3F) }

    /// By slot: one more than the index of its first key, or 0.
    private static let table: [UInt8] = {
        var table = [UInt8](repeating: 0, count: 4096)
        for (index, key) in sorted.enumerated().reversed() { table[key.slot] = UInt8(index + 1) }
        return table
    }()
}
