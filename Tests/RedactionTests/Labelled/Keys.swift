/// Keys in the forms their vendors use, all made up.
///
/// Each is put together from two halves, so that no scanner of this repository takes them for real ones.
enum Keys {
    // Model vendors.
    static let openAI = "sk-" + "proj-abCD1234efGH5678ijKL9012mnOP"
    static let openAILong =
        "sk-" + "proj-kplyWZBTvxh5pDJhfq8V85U5yEo9lMZsWDzT-T3BlbkFJ_mUYiVm69Fg30GvZpbqGE0Sj2NuulUV2vRmQAd0a3oKw"
    static let openAIOld = "sk-" + "YGTH3xRTEHtXegQeNyBET3BlbkFJqZQGoCu2E8TAXTxICX7U"
    static let openAIService = "sk-" + "svcacct-ioOn4rhcGi4zNAPeELD8vKIwwTWBulZESbRRXkzxh9OXs1JP"
    static let openRouter = "sk-" + "or-v1-44e0d4887d6e120a578757563e68d1f0e22d4ae56ad7675dbd9956e246a395df"
    static let deepSeek = "sk-" + "15498acd947a1b5a41eafe6ab7233a00"
    static let anthropic = "sk-ant-" + "api03-Zx81kLmQ_0pTr-77aBcDeFgHiJkLmNoPqRsTuV"
    static let groq = "gsk_" + "a1B2c3D4e5F6g7H8i9J0a1B2c3D4e5F6g7H8i9J0"
    static let xAI = "xai-" + "kplyWZBTvxh5pDJhfq8V85U5yEo9lMZsWDzTmUYiVm69Fg30GvZpbqGE"
    static let replicate = "r8_" + "eMD2Q4XLcm5aMIAUJrbeZa1lfSpalolq5TYpa"
    static let huggingFace = "hf_" + "AbCdEfGhIjKlMnOpQrStUvWxYzAbCdEfGh"
    static let perplexity = "pplx-" + "15498acd947a1b5a41eafe6ab7233a00YGTH3xRTEHtXegQe"
    static let fireworks = "fw_" + "JmBeL5qKyl3S9qPpAx9HqR0e"
    static let nvidia = "nvapi-" + "0Sj2NuulUV2vRmQAd0a3oKwaYWqMc5c8uo2u04r8xtxNwzysh8oa6RAWOX4KW6p0"
    static let tavily = "tvly-" + "dev-SVdNREnRuZ6aCEvRWT9P4lD9"
    static let langSmith = "lsv2_" + "pt_15498acd947a1b5a41eafe6ab7233a00_7b22f16ec9"
    static let langfuse = "sk-" + "lf-1f0e22d4-ae56-4d76-9bd9-56e246a395df"
    // Code and packages.
    static let gitHub = "gh" + "p_16C7e42F292c6912E7710c838347Ae178B4a"
    static let gitHubOAuth = "gh" + "o_eMD2Q4XLcm5aMIAUJrbeZa1lfSpalolq5TYp"
    static let gitHubApp = "gh" + "s_bbhf7fmjEveHwusAVE3qvd7fqkqfeNdSqiY3"
    static let gitHubRefresh = "gh" + "r_FjmM7JZdWj1SBysTbotZeZEgeLjmYTCZDY0oNf0QJmBeL5qKyl3S9qPpAx9HqR0eSVdNREnRuZ"
    static let gitHubFine = "github_" + "pat_11ABCDEFG0aBcDeFgHiJkL_mNoPqRsTuVwXyZ0123456789abcdefGHIJ"
    static let gitLab = "glpat-" + "a1B2c3D4e5F6g7H8i9J0"
    static let gitLabDeploy = "gldt-" + "gdB60g9b5sesW9l3iAeH"
    static let gitLabRunner = "glrt-" + "uYoBf9nIAz9i5VoxVTxy"
    static let npm = "npm_" + "a1B2c3D4e5F6g7H8i9J0a1B2c3D4e5F6g7H8"
    static let pyPI = "pypi-" + "AgEIcHlwaS5vcmcCJDE1NDk4YWNkLTk0N2ExYjVhNDFlYWZlNmFiNwACKlszLCJFjmM7JZdWj1SB"
    static let docker = "dckr_" + "pat_ioOn4rhcGi4zNAPeELD8vKIwwTW"
    static let rubyGems = "rubygems_" + "15498acd947a1b5a41eafe6ab7233a007b22f16ec9fc9fab"
    // Clouds.
    static let aws = "AKIA" + "IOSFODNN7EXAMPLE"
    static let awsTemporary = "ASIA" + "Y34FZKBOKMUTVV7A"
    static let awsSecret = "wJalrXUtnFEMI/" + "K7MDENG/bPxRfiCYzEXAMPLEKEY"
    static let google = "AIza" + "SyA1bC2dE3fG4hI5jK6lM7nO8pQ9rS0tU1v"
    static let googleOAuth = "GOCSPX-" + "uYoBf9nIAz9i5VoxVTxyQFXxJmBe"
    static let googleAccess = "ya29." + "a0AfB_byDqikdoDXv0TTR9SYZtzuHUtdXMufsduGpjl7O4pDbmuh_aCgYKAXsSARASFQHGX2Mi"
    static let azure = "kplyWZBTvxh5pDJhfq8V85U5yEo9lMZsWDzTmUYiVm69Fg30GvZpbqGE0Sj2NuulUV2vRmQA" + "+AStd0a3oKwa=="
    static let digitalOcean = "dop_" + "v1_" + String(repeating: "0a1b2c3d", count: 8)
    static let databricks = "dapi" + "15498acd947a1b5a41eafe6ab7233a00"
    static let heroku = "HRKU-" + "AAkplyWZBTvxh5pDJhfq8V85U5yEo9lMZsWDzTmUYiVm69Fg30GvZpbqGE"
    static let flyIO = "FlyV1 " + "fm2_lJPECAAAAAAACKtqxBBioOn4rhcGi4zNAPeELD8vKIwwTWBulZE"
    static let supabase = "sbp_" + "d04d259b3717bd5c2d6a9a5f04c5503b11606e46"
    static let terraform =
        "JmBeL5qKyl3S9q." + "atlasv1.EKBiam7Lng1ODpWqGBHIvUdboUboGsnOTSDNm5lntQ5fO7ric286JieDRNctQe2W"
    static let vault = "hvs." + "CAESIJmBeL5qKyl3S9qPpAx9HqR0eSVdNREnRuZ6aCEvRWT9P4lD9GgFiBjQ"
    static let doppler = "dp." + "pt.bbhf7fmjEveHwusAVE3qvd7fqkqfeNdSqiY3UvvGabc"
    static let pulumi = "pul-" + "d04d259b3717bd5c2d6a9a5f04c5503b11606e46"
    static let cloudflareOriginCA = "v1.0-" + "15498acd947a1b5a41eafe6a-7b22f16ec9fc9fab9b32fed0766bb31e15498acd"
    // Payments, mail, chat.
    static let stripe = "sk_" + "live_51H8abcDEFghiJKLmnoPQR"
    static let stripeTest = "sk_" + "test_gdB60g9b5sesW9l3iAeHy2tZ"
    static let stripeRestricted = "rk_" + "live_fO7ric286JieDRNctQe2WQXv"
    static let stripeWebhook = "whsec_" + "ioOn4rhcGi4zNAPeELD8vKIwwTWBulZE"
    static let square = "sq0atp-" + "y2tZQPTGLhCpFQHLRZx5H9"
    static let squareNew = "EAAA" + "EKBiam7Lng1ODpWqGBHIvUdboUboGsnOTSDNm5lntQ5fO7ric286JieDRNctQe2W"
    static let shopify = "shpat_" + "15498acd947a1b5a41eafe6ab7233a00"
    static let sendGrid = "SG." + "abcDEF123456ghiJKL7890.mnoPQR123456stuVWX7890yzABCDEFGHIJ"
    static let mailgun = "key-" + "7b22f16ec9fc9fab9b32fed0766bb31e"
    static let mailchimp = "15498acd947a1b5a41eafe6ab7233a00" + "-us14"
    static let brevo = "xkeysib-" + "44e0d4887d6e120a578757563e68d1f0e22d4ae56ad7675dbd9956e246a395df-a1B2c3D4e5F6g7H8"
    static let twilio = "SK" + "7b22f16ec9fc9fab9b32fed0766bb31e"
    static let slack = "xox" + "b-123456789012-abcdefGHIJKL"
    static let slackUser = "xox" + "p-2211334455-6677889900-1122334455667-15498acd947a1b5a41eafe6ab7233a00"
    static let slackApp = "xapp-" + "1-A012BC3DE4F-1234567890123-44e0d4887d6e120a578757563e68d1f0"
    static let slackHook = "T02AB3CD4EF/B05GH6IJ7KL/" + "JmBeL5qKyl3S9qPpAx9HqR0e"
    static let telegram = "5712345678:" + "AAEkplyWZBTvxh5pDJhfq8V85U5yEo9lMZs"
    static let discord = "MTE5ODc2NTQzMjEwOTg3NjU0Mw." + "GxYz12.ioOn4rhcGi4zNAPeELD8vKIwwTWBulZESbRRXk"
    // Tools.
    static let notion = "ntn_" + "5712345678eMD2Q4XLcm5aMIAUJrbeZa1lfSpalolq5TYp"
    static let notionOld = "secret_" + "EKBiam7Lng1ODpWqGBHIvUdboUboGsnOTSDNm5lntQ5"
    static let linear = "lin_" + "api_bbhf7fmjEveHwusAVE3qvd7fqkqfeNdSqiY3UvvG"
    static let postman = "PMAK-" + "15498acd947a1b5a41eafe6a-7b22f16ec9fc9fab9b32fed0766bb31e15"
    static let airtable = "pat" + "JmBeL5qKyl3S9q.44e0d4887d6e120a578757563e68d1f0e22d4ae56ad7675dbd9956e246a395df"
    static let figma = "figd_" + "EKBiam7Lng1ODpWqGBHIvUdboUboGsnOTSDNm5lntQ5"
    static let grafana = "glsa_" + "ioOn4rhcGi4zNAPeELD8vKIwwTWBulZE_1f0e22d4"
    static let newRelic = "NRAK-" + "7GF4K2L9QXZ3M8V1B6N0R5T2Y4W"
    static let sentry = "sntrys_" + "eyJpYXQiOjE3MDAwMDAwMDAsInVybCI6Imh0dHBzOi8vcyJ9_ioOn4rhcGi4zNAPeELD8vKIw"
    static let atlassian = "ATATT3xFfGF0" + "kplyWZBTvxh5pDJhfq8V85U5yEo9lMZsWDzTmUYiVm69Fg30GvZpbqGE=1A2B3C4D"
    static let mapbox = "sk." + "eyJ1IjoiZXhhbXBsZSIsImEiOiJjbGFiYyJ9.fO7ric286JieDRNctQe2WQ"
    static let age = "AGE-SECRET-KEY-" + "1QQPQRYV5K9JXZ3M8V1B6N0R5T2Y4WE7UA9DLSHF3GCKZ8XNM5VTQ6P2RJ4S"

    static let jwt =
        "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9" + ".eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIn0"
        + ".SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c"
    static let jwtRSA =
        "eyJhbGciOiJSUzI1NiIsImtpZCI6ImExIiwidHlwIjoiSldUIn0"
        + ".eyJpc3MiOiJodHRwczovL2lkLmV4YW1wbGUiLCJzdWIiOiJ1LTgxIiwiZXhwIjoxNzM1Njg5NjAwfQ"
        + ".13DE-Zd8efFGeIQyeJeCJYArOxJas2L3EWcZWrtsVVq0sNdkpSZ33dWSjAEK2ci6elqCobbrrWbzbp5MKI2nqQ"
    static let jwtElliptic =
        "eyJ0eXAiOiJKV1QiLCJhbGciOiJFUzI1NiJ9" + ".eyJ1aWQiOjcsImFkbSI6ZmFsc2V9"
        + ".v7wB868loF2t2mbKU5eSrThXzfEojI1npi5JHSLl58z5Bp1SznpwfkZdheUFWYyIyu1To_B6HVVBY5ybkMnbQg"
    static let jwtShort = "eyJhbGciOiJIUzUxMiJ9" + ".eyJzdWIiOiJ4In0" + ".BF7MYxFcz-mgiQNG5FVJ0n4p8LBgBRMxNQ-8ziMlTzo"
    static let jwtUnsigned = "eyJhbGciOiJub25lIn0" + ".eyJzdWIiOiJ4IiwiYWRtIjp0cnVlfQ" + "."
    static let jwtEncrypted =
        "eyJhbGciOiJkaXIiLCJlbmMiOiJBMTI4R0NNIn0" + "..JmBeL5qKyl3S9qPp.Ax9HqR0eSVdNREnRuZ6aCEvRWT9P4lD9"
        + ".uYoBf9nIAz9i5VoxVTxyQF"
    static let jwtKeyWrapped =
        "eyJhbGciOiJSU0EtT0FFUCIsImVuYyI6IkEyNTZHQ00ifQ" + ".JmBeL5qKyl3S9qPpAx9HqR0e.SVdNREnRuZ6aCEvR"
        + ".WT9P4lD9uYoBf9nIAz9i5VoxVTxyQFXx.eMD2Q4XLcm5aMIAUJrbeZa"
    static let pem =
        "-----BEGIN RSA " + "PRIVATE KEY-----\nMIIEowIBAAKCAQEA7y9\nq+/b1Zk=\n-----END RSA " + "PRIVATE KEY-----"

    static let certificate = "-----BEGIN CERTIFICATE-----\nMIIC\n-----END CERTIFICATE-----"
    static let pemCut = "-----BEGIN RSA " + "PRIVATE KEY-----\nMIIEowIBAAKCAQEA7y9\nq8Zk3LmW0pTr77aB"
    static let pgp =
        "-----BEGIN PGP " + "PRIVATE KEY BLOCK-----\n\nlQOYBGV0aXQBCADFqTUS\n=aBcD\n-----END PGP "
        + "PRIVATE KEY BLOCK-----"

    /// A block in PEM (RFC 7468), whose lines end as the place where it stands wants.
    static func pem(
        _ kind: String,
        lineBreak: String = "\n",
        body: String = "MIIEvQIBADANBgkqhkiG9w0BAQEF+/b="
    ) -> String {
        "-----BEGIN \(kind)" + "PRIVATE KEY-----\(lineBreak)\(body)\(lineBreak)-----END \(kind)" + "PRIVATE KEY-----"
    }
}
