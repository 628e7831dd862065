import Testing

/// A snippet with what has to become of it.
///
/// Every number and key is made up, and checksums are right where one is claimed. Keys are put together from two halves, so that no scanner of this repository takes them for real ones.
struct Snippet: Sendable, CustomTestStringConvertible {
    var input: String
    var expected: String

    init(_ input: String, _ expected: String) {
        self.input = input
        self.expected = expected
    }

    var testDescription: String { String(input.prefix(60)) }
}

enum Keys {
    static let openAI = "sk-" + "proj-abCD1234efGH5678ijKL9012mnOP"
    static let anthropic = "sk-ant-" + "api03-Zx81kLmQ_0pTr-77aBcDeFgHiJkLmNoPqRsTuV"
    static let gitHub = "gh" + "p_16C7e42F292c6912E7710c838347Ae178B4a"
    static let gitHubFine = "github_" + "pat_11ABCDEFG0aBcDeFgHiJkL_mNoPqRsTuVwXyZ0123456789abcdefGHIJ"
    static let aws = "AKIA" + "IOSFODNN7EXAMPLE"
    static let slack = "xox" + "b-123456789012-abcdefGHIJKL"
    static let google = "AIza" + "SyA1bC2dE3fG4hI5jK6lM7nO8pQ9rS0tU1v"
    static let huggingFace = "hf_" + "AbCdEfGhIjKlMnOpQrStUvWxYzAbCdEfGh"
    static let gitLab = "glpat-" + "a1B2c3D4e5F6g7H8i9J0"
    static let npm = "npm_" + "a1B2c3D4e5F6g7H8i9J0a1B2c3D4e5F6g7H8"
    static let stripe = "sk_" + "live_51H8abcDEFghiJKLmnoPQR"
    static let sendGrid = "SG." + "abcDEF123456ghiJKL7890.mnoPQR123456stuVWX7890yzABCDEFGHIJ"
    static let groq = "gsk_" + "a1B2c3D4e5F6g7H8i9J0a1B2c3D4e5F6g7H8i9J0"
    static let digitalOcean = "dop_" + "v1_" + String(repeating: "0a1b2c3d", count: 8)
    static let jwt =
        "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9" + ".eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIn0"
        + ".SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c"
    static let pem =
        "-----BEGIN RSA " + "PRIVATE KEY-----\nMIIEowIBAAKCAQEA7y9\nq+/b1Zk=\n-----END RSA " + "PRIVATE KEY-----"
}

let emails: [Snippet] = [
    Snippet("Write to jane.doe@example.com today.", "Write to <EMAIL_1> today."),
    Snippet("jane.doe@example.com", "<EMAIL_1>"),
    Snippet("<jane@example.com>", "<<EMAIL_1>>"),
    Snippet("mailto:jane+news@mail.example.co.uk?subject=x", "mailto:<EMAIL_1>?subject=x"),
    Snippet("Contact: JANE_DOE@EXAMPLE.ORG.", "Contact: <EMAIL_1>."),
    Snippet("a@b.co, c@d.io and a@b.co", "<EMAIL_1>, <EMAIL_2> and <EMAIL_1>"),
    Snippet("jürgen.müller@exämple.de", "<EMAIL_1>"),
    Snippet("иван@пример.рф", "<EMAIL_1>"),
    Snippet("メールはtaro@example.jpです", "メールは<EMAIL_1>です"),
    Snippet("**jane@example.com**", "**<EMAIL_1>**"),
    Snippet("_jane@example.com_", "_<EMAIL_1>_"),
    Snippet("“jane@example.com”", "“<EMAIL_1>”"),
    Snippet("https://x.example/u?email=jane%40example.com&a=1", "https://x.example/u?email=<EMAIL_1>&a=1"),
    Snippet("jane@xn--bcher-kva.example", "<EMAIL_1>"),
    Snippet("from=jane@sub-domain.example.museum;", "from=<EMAIL_1>;"),
    Snippet("User 4915112345678@gateway.example wrote", "User <EMAIL_1> wrote"),
    Snippet("root@10.1.2.3", "<EMAIL_1>"),
    Snippet("line one\\njane@example.com\\nline three", "line one\\n<EMAIL_1>\\nline three"),
    Snippet("jane@example.com's parcel", "<EMAIL_1>'s parcel"),
]

let phones: [Snippet] = [
    Snippet("Call +49 151 12345678 now", "Call <PHONE_1> now"),
    Snippet("+14155552671", "<PHONE_1>"),
    Snippet("+1 (415) 555-2671 ext. 12", "<PHONE_1> ext. 12"),
    Snippet("+1.415.555.2671", "<PHONE_1>"),
    Snippet("+44 (0)20 7946 0958", "<PHONE_1>"),
    Snippet("+33 6 12 34 56 78, merci", "<PHONE_1>, merci"),
    Snippet("tel:+442079460958", "tel:<PHONE_1>"),
    Snippet("+91-98765-43210", "<PHONE_1>"),
    Snippet("+49 151 12345678 2024-01-15", "<PHONE_1> 2024-01-15"),
    Snippet("(415) 555-2671", "<PHONE_1>"),
    Snippet("(415)555-2671", "<PHONE_1>"),
    Snippet("My number is 415-555-2671.", "My number is <PHONE_1>."),
    Snippet("415.555.2671", "<PHONE_1>"),
    Snippet("1-800-555-0199", "<PHONE_1>"),
    Snippet("0151 12345678", "<PHONE_1>"),
    Snippet("020 7946 0958", "<PHONE_1>"),
    Snippet("(030) 1234567", "<PHONE_1>"),
    Snippet("089/12345678", "<PHONE_1>"),
    Snippet("06 12 34 56 78", "<PHONE_1>"),
    Snippet("06.12.34.56.78", "<PHONE_1>"),
    Snippet("03-1234-5678", "<PHONE_1>"),
    Snippet("0049 151 1234567", "<PHONE_1>"),
    Snippet("phone: 5551234567", "phone: <PHONE_1>"),
    Snippet("Tel. 0123456789", "Tel. <PHONE_1>"),
    Snippet("mobile 415 555 2671", "mobile <PHONE_1>"),
    Snippet("call me at 555-0199", "call me at <PHONE_1>"),
    Snippet("Phones: 4155552671, 4155552672", "Phones: <PHONE_1>, <PHONE_2>"),
    Snippet("téléphone : 01 42 68 53 00", "téléphone : <PHONE_1>"),
    Snippet("teléfono 912345678", "teléfono <PHONE_1>"),
    Snippet("Order 4711: phone 415-555-2671", "Order 4711: phone <PHONE_1>"),
    Snippet("+1 415 555 2671 or (415) 555-2671", "<PHONE_1> or <PHONE_2>"),
    Snippet("WhatsApp:+5511987654321", "WhatsApp:<PHONE_1>"),
    Snippet("+49\u{A0}151\u{A0}12345678", "<PHONE_1>"),
]

let cards: [Snippet] = [
    Snippet("4111 1111 1111 1111", "<CARD_1>"),
    Snippet("Visa 4111111111111111 exp 12/27", "Visa <CARD_1> exp 12/27"),
    Snippet("4111-1111-1111-1111", "<CARD_1>"),
    Snippet("4539526018159083", "<CARD_1>"),
    Snippet("5212067924708227.", "<CARD_1>."),
    Snippet("2223 1221 3878 3757", "<CARD_1>"),
    Snippet("amex 3782 822463 10005", "amex <CARD_1>"),
    Snippet("378231436676402", "<CARD_1>"),
    Snippet("6011132281718002", "<CARD_1>"),
    Snippet("my card is 36145630481373", "my card is <CARD_1>"),
    Snippet("card 6759183623610788526", "card <CARD_1>"),
    Snippet("card number: 4222351643883", "card number: <CARD_1>"),
    Snippet("4111 1111 1111 1111 12/27 123", "<CARD_1> 12/27 123"),
    Snippet("4111111111111111/12/27", "<CARD_1>/12/27"),
    Snippet("Order 4711, paid with 4929 1564 0410 4234", "Order 4711, paid with <CARD_1>"),
    Snippet("John,42,4111111111111111,NY", "John,42,<CARD_1>,NY"),
]

let accounts: [Snippet] = [
    Snippet("DE89370400440532013000", "<IBAN_1>"),
    Snippet("IBAN: DE89 3704 0044 0532 0130 00, thanks", "IBAN: <IBAN_1>, thanks"),
    Snippet("GB82 WEST 1234 5698 7654 32", "<IBAN_1>"),
    Snippet("gb82west12345698765432", "<IBAN_1>"),
    Snippet("FR14 2004 1010 0505 0001 3M02 606", "<IBAN_1>"),
    Snippet("NL91ABNA0417164300 and NL91 ABNA 0417 1643 00", "<IBAN_1> and <IBAN_1>"),
    Snippet("ES91-2100-0418-4502-0005-1332", "<IBAN_1>"),
    Snippet("IT60X0542811101000000123456", "<IBAN_1>"),
    Snippet("(CH9300762011623852957)", "(<IBAN_1>)"),
    Snippet("NO93 8601 1117 947 please", "<IBAN_1> please"),
    Snippet("BE68 5390 0754 7034.", "<IBAN_1>."),
]

let addresses: [Snippet] = [
    Snippet("from 192.168.178.23 at noon", "from <IP_1> at noon"),
    Snippet("http://10.20.30.40:8080/x", "http://<IP_1>:8080/x"),
    Snippet("10.0.0.0/8", "<IP_1>/8"),
    Snippet("203.0.113.7.", "<IP_1>."),
    Snippet("DNS 8.8.8.8", "DNS <IP_1>"),
    Snippet("[2001:db8::1]:443", "[<IP_1>]:443"),
    Snippet("fe80::1ff:fe23:4567:890a", "<IP_1>"),
    Snippet("2001:0db8:85a3:0000:0000:8a2e:0370:7334", "<IP_1>"),
    Snippet("client 2a00:1450:4001:81b::200e connected", "client <IP_1> connected"),
    Snippet("::ffff:192.0.2.128", "::ffff:<IP_1>"),
    Snippet(
        "203.0.113.7 - - [10/Oct/2024:13:55:36 +0000] \"GET / HTTP/1.1\" 200",
        "<IP_1> - - [10/Oct/2024:13:55:36 +0000] \"GET / HTTP/1.1\" 200"
    ),
]

let keys: [Snippet] = [
    Snippet(Keys.openAI, "<API_KEY_1>"),
    Snippet("key \(Keys.anthropic), keep it", "key <API_KEY_1>, keep it"),
    Snippet("export GITHUB_TOKEN=\(Keys.gitHub)", "export GITHUB_TOKEN=<API_KEY_1>"),
    Snippet("\(Keys.gitHubFine)", "<API_KEY_1>"),
    Snippet("aws_access_key_id = \(Keys.aws)", "aws_access_key_id = <API_KEY_1>"),
    Snippet("(\(Keys.slack))", "(<API_KEY_1>)"),
    Snippet("?key=\(Keys.google)&q=1", "?key=<API_KEY_1>&q=1"),
    Snippet("'\(Keys.huggingFace)'", "'<API_KEY_1>'"),
    Snippet("\(Keys.gitLab).", "<API_KEY_1>."),
    Snippet("//registry.npmjs.org/:_authToken=\(Keys.npm)", "//registry.npmjs.org/:_authToken=<API_KEY_1>"),
    Snippet("\(Keys.stripe) and \(Keys.stripe)", "<API_KEY_1> and <API_KEY_1>"),
    Snippet(Keys.sendGrid, "<API_KEY_1>"),
    Snippet(Keys.groq, "<API_KEY_1>"),
    Snippet(Keys.digitalOcean, "<API_KEY_1>"),
    Snippet("a\\n\(Keys.openAI)\\nb", "a\\n<API_KEY_1>\\nb"),
    Snippet(Keys.jwt, "<JWT_1>"),
    Snippet("Authorization: Bearer \(Keys.jwt)", "Authorization: Bearer <JWT_1>"),
    Snippet("Authorization: Bearer \(Keys.openAI)", "Authorization: Bearer <API_KEY_1>"),
    Snippet("Authorization: Bearer abc123DEF456ghi789", "Authorization: Bearer <TOKEN_1>"),
    Snippet("curl -H 'authorization: bearer 0f8fad5bd9cb469fa165'", "curl -H 'authorization: bearer <TOKEN_1>'"),
    Snippet("authorization: basic dXNlcjpwYXNz", "authorization: basic <TOKEN_1>"),
    Snippet("Authorization: Basic dXNlcjpwYXNzd29yZA==", "Authorization: Basic <TOKEN_1>"),
    Snippet("\"Authorization\": \"Token 9944b09199c62bcf9418\"", "\"Authorization\": \"Token <TOKEN_1>\""),
    Snippet("x-api-key: 5f4dcc3b5aa765d61d83", "x-api-key: <SECRET_1>"),
    Snippet("client_secret=8Q~kd83jdkeJKE83kdkeD", "client_secret=<SECRET_1>"),
    Snippet("password: hunter2", "password: <SECRET_1>"),
    Snippet("DB_PASSWORD='S3cret!pass'", "DB_PASSWORD='<SECRET_1>'"),
    Snippet("{\"password\":\"Tr0ub4dor&3\"}", "{\"password\":\"<SECRET_1>\"}"),
    Snippet("postgres://app:pa55@db.example:5432/x", "postgres://<CREDENTIALS_1>@db.example:5432/x"),
    Snippet("https://jane:s3cret@example.com/", "https://<CREDENTIALS_1>@example.com/"),
    Snippet("redis://:p4ss@cache:6379", "redis://<CREDENTIALS_1>@cache:6379"),
    Snippet("mongodb+srv://u:p@ss@cluster.example/db", "mongodb+srv://<CREDENTIALS_1>@cluster.example/db"),
    Snippet("before\n\(Keys.pem)\nafter", "before\n<PRIVATE_KEY_1>\nafter"),
]

let nationalIDs: [Snippet] = [
    Snippet("SSN 123-45-6789", "SSN <NATIONAL_ID_1>"),
    Snippet("ssn: 123456789", "ssn: <NATIONAL_ID_1>"),
    Snippet("CPF 529.982.247-25", "CPF <NATIONAL_ID_1>"),
    Snippet("DNI 12345678Z", "DNI <NATIONAL_ID_1>"),
    Snippet("87654321-X", "<NATIONAL_ID_1>"),
    Snippet("NIE X1234567L", "NIE <NATIONAL_ID_1>"),
    Snippet("1 85 05 78 006 084 91", "<NATIONAL_ID_1>"),
    Snippet("811218-9876", "<NATIONAL_ID_1>"),
    Snippet("131052-308T", "<NATIONAL_ID_1>"),
    Snippet("11010519491231002X", "<NATIONAL_ID_1>"),
    Snippet("440301199003071230", "<NATIONAL_ID_1>"),
    Snippet("2341 2341 2346", "<NATIONAL_ID_1>"),
    Snippet("RSSMRA85T10A562S", "<NATIONAL_ID_1>"),
    Snippet("85.07.30-033.28", "<NATIONAL_ID_1>"),
    Snippet("PESEL 44051401458", "PESEL <NATIONAL_ID_1>"),
]

let structured: [Snippet] = [
    Snippet("{\"card\": 4111111111111111, \"n\": 1}", "{\"card\": \"<CARD_1>\", \"n\": 1}"),
    Snippet("[4111111111111111]", "[\"<CARD_1>\"]"),
    Snippet("{\"phone\": 4155552671}", "{\"phone\": \"<PHONE_1>\"}"),
    Snippet("{\"phone\": \"4155552671\"}", "{\"phone\": \"<PHONE_1>\"}"),
    Snippet("{\"a\": \"cards: [4111111111111111]\"}", "{\"a\": \"cards: [<CARD_1>]\"}"),
    Snippet("{\"args\": \"{\\\"card\\\": 4111111111111111}\"}", "{\"args\": \"{\\\"card\\\": \\\"<CARD_1>\\\"}\"}"),
    Snippet("{\"to\": \"a\\tjane@example.com\"}", "{\"to\": \"a\\t<EMAIL_1>\"}"),
    Snippet("{\"x\": \"caf\\u00e9jane@example.com\"}", "{\"x\": \"caf\\u00e9<EMAIL_1>\"}"),
    Snippet(
        "{\"h\":{\"Authorization\":\"Bearer abc123DEF456ghi789\"},\"c\":4111111111111111}",
        "{\"h\":{\"Authorization\":\"Bearer <TOKEN_1>\"},\"c\":\"<CARD_1>\"}"
    ),
    Snippet("| name | mail |\n| Jane | jane@example.com |", "| name | mail |\n| Jane | <EMAIL_1> |"),
    Snippet("id;mail;tel\n7;jane@example.com;+4915112345678", "id;mail;tel\n7;<EMAIL_1>;<PHONE_1>"),
    Snippet("```json\n{\"c\": 4111111111111111}\n```", "```json\n{\"c\": \"<CARD_1>\"}\n```"),
    Snippet("card: 4111111111111111, thanks", "card: <CARD_1>, thanks"),
]

/// Hard negatives: what looks like personal data and is none stays to the byte.
let untouched: [String] = [
    // Orders, tickets, tracking.
    "Order #4155552671 has shipped", "order 415-555-2671", "Order number: 1234-5678-9012", "ORD-2024-000123",
    "Invoice 2024-0815-4711", "Rechnung 0815-2024-001", "tracking 1Z999AA10123456784",
    "Tracking: 9400111899223344556677",
    "Ticket T-123456", "Bestellnummer 0151 12345678", "pedido 912 345 678 901", "RMA 0451-2023-0099",
    "part no. 0800-555-1234", "SKU 4006381333931", "EAN 4006381333931", "ISBN 978-3-16-148410-0", "ISBN 0-306-40615-2",
    "IMEI 490154203237518", "serial 415.555.2671", "account 12345678", "order id 4111111111111111",
    // Numbers that no checksum confirms.
    "4111111111111112", "4242 4242 4242 4241", "5500000000000005", "0000 0000 0000 0000", "1234567812345678",
    "DE89370400440532013001", "GB00WEST12345698765432", "XX82WEST12345698765432", "529.982.247-26", "12345678A",
    "X1234567A", "2341 2341 2345", "000-12-3456", "666-12-3456", "900-12-3456", "811218-9877",
    // Times, dates, prices, quantities.
    "2024-01-15 10:30:00", "2024-01-15T10:30:00+02:00", "01.02.2024", "01/02/2024 12:30", "12:30:45.123456",
    "1700000000", "1700000000123", "$1,234,567.89", "€ 4155552671", "EUR 1.234.567,89", "+12345678.90", "10 000 000",
    "+5%", "+1", "50,000,000 users", "3.14159265358979", "-0.00012345678", "1e10", "Lotto: 03 12 25 31 44",
    "population 8100000000", "+200 000 000", "16:9", "4/4", "2024/2025", "0.123456789", "52.520008, 13.404954",
    // Versions, hashes, ids.
    "version 1.2.3.4", "v1.2.3.4", "Chrome/120.0.6099.109", "release 10.4.12.1", "1.2.3", "2.0.0-rc.1",
    "section 4.3.2.1",
    "550e8400-e29b-41d4-a716-446655440000", "123e4567-e89b-12d3-a456-426614174000",
    "d41d8cd98f00b204e9800998ecf8427e", "da39a3ee5e6b4b0d3255bfef95601890afd80709",
    "sha256:9f86d081884c7d659a2feaa0c55ad015",
    "commit 4155552671", "0x4111111111111111", "ffff0000", "#ff8800", "build 20240115.1", "A1B2-C3D4-E5F6",
    "00:1a:2b:3c:4d:5e",
    "arXiv:2403.04132", "doi:10.1000/182", "RFC 9110 §5.6.2", "ISO 13616-1:2020", "CVE-2024-12345", "H2O", "COVID-19",
    // Addresses that are nobody's, and what only looks like one.
    "127.0.0.1:8080", "http://localhost:8080/@vite/client", "0.0.0.0", "255.255.255.255", "::1", "999.1.1.1",
    "1.2.3.4.5",
    "std::vector<int>", "a::b", "x[1::2]", "Foo::Bar::baz", "12:34:56", "dead::beef::1::2", "10.0.0",
    // Arithmetic, tables and dumps, as models write them.
    "cell potential is 0.242 - (8.314 * 298)", "sin(1.3414709848079) = 0.97", "The text: 142.76 - 16.5 = 126.26",
    "\"text\": \"1 2 3 4 5 6 7 8 9\"", "\\text{ Å}}{299792458", "68-95-99.7 rule", "0.0835 767. 421. 1.40",
    "ratio 1:8:28:56:70:56:28:8:1", "a:b::c:d", "<Buffer 08 07 06 05 04 03 02 01>", "<Buffer 66 00 68 00 71 00 77 00>",
    "Boston, MA 02111-1307", "ObjectIdentifier(\"2.5.29.20\")", "netmask 255.255.255.0", "0F:DA:72:01:C9:03:C5:3A",
    "key_password=certs[0][2],", "private_key = ed25519.Ed25519PrivateKey.from_bytes(x)",
    "pToken: UnsafePointer<Int8>?", "private_key: \"_RSAPrivateKey\"",
    // What only looks like an e-mail address.
    "@mention", "@app.route(\"/\")", "npm i @types/node@18.0.0", "logo@2x.png", "actions/checkout@v4", "a @ b.com",
    "git@github.com:owner/repository.git", "ssh://git@github.com/x", "user@localhost", "5@3", "1.5@2.5", "me@",
    "@example.com",
    // What only looks like a secret.
    "sk-learn is a library", "sk-this-is-a-placeholder-for-your-key", "bearer of bad news",
    "Authorization: Bearer <token>",
    "Authorization: Bearer YOUR_API_KEY", "Authorization: required", "password: required",
    "Password: must contain 8 characters",
    "password=${DB_PASSWORD}", "connect(password=password)", "max_tokens: 256", "token: string", "the secret: patience",
    "eyJust a word", "eyJhbGciOiJIUzI1NiJ9", "AKIA is a prefix", "task-force", "ghp_short", "hf_model_name",
    "secret_key: None",
    "https://example.com/a@b", "https://user:${PASSWORD}@example.com", "-----BEGIN CERTIFICATE-----",
    "xoxb", "api_key: YOUR_API_KEY_HERE", "token_type: Bearer",
    // Prose and code.
    "How do I reset my account?", "for (i = 0; i < 100000000; i++)", "f(100) 200-3000", "in 2020 (2021) 555",
    "See 1234567 rows", "rows 1000000-2000000", "a+b=c", "1+2=3", "(555)", "x = (100000000)", "call function 12345678",
    "DE 10115 Berlin", "NO15 is a bus", "AT 2020", "100-200-3000", "123-456-7890", "Room 0151", "page 1-800",
    "", " ", "日本語のテキスト", "😀 4 you", "{\"n\": 12345, \"ok\": true}", "[1, 2, 3]", "\\u0041\\n",
]
