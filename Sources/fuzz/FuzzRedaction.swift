// Redaction of what users and models write.
//
// What is proven: a text that was redacted holds nothing more to be found, text without a finding is left byte for byte, and
// the rules of an operator end on every text.

import Redaction

private let redactor = Redactor()
private let ruled = try? Redactor(rules: [
    .init(name: "TICKET", pattern: "T-[0-9]{6}"), .init(name: "SLOW", pattern: "(a+)+b|(x|x)*y"),
])

@Sendable func fuzzRedaction(_ bytes: ArraySlice<UInt8>, seed: UInt8) {
    let text = String(decoding: bytes, as: UTF8.self)
    var scope = RedactionScope()
    let redacted = redactor.redact(text, in: &scope)
    if scope.findings.isEmpty {
        precondition(Array(redacted.utf8) == Array(text.utf8), "A text in which nothing was found was changed.")
    } else {
        precondition(redactor.findings(in: redacted).isEmpty, "Something is found in a text that was redacted.")
    }
    var ruledScope = RedactionScope()
    _ = ruled?.redact(text, in: &ruledScope)
}
