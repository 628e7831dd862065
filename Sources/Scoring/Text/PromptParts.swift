/// One message of a prompt's text.
///
/// A prompt of one user message is that message; of several, each is `role: text`, with an empty line between them (as
/// `MirroredRequest.promptText` writes them). A message that has such a line itself is read as two.
struct PromptPart: Equatable {
    enum Role {
        /// Also `developer`.
        case system
        case user
        case assistant
        /// What a tool or function returned.
        case tool
    }

    var role: Role
    /// Where its text stands, without the role.
    var range: Range<Int>

    /// The messages in order; a text that begins with no role is one user message.
    static func parts(of bytes: UnsafeBufferPointer<UInt8>) -> [PromptPart] {
        guard let first = role(in: bytes, at: 0) else { return [PromptPart(role: .user, range: 0..<bytes.count)] }
        var parts: [PromptPart] = []
        var current = PromptPart(role: first.role, range: first.length..<bytes.count)
        var search = ByteSearch(bytes)
        while let end = search.next(UInt8(ascii: "\n")) {
            guard end + 1 < bytes.count, bytes[end + 1] == UInt8(ascii: "\n"), let next = role(in: bytes, at: end + 2),
                end >= current.range.lowerBound
            else { continue }
            current.range = current.range.lowerBound..<end
            parts.append(current)
            current = PromptPart(role: next.role, range: (end + 2 + next.length)..<bytes.count)
        }
        parts.append(current)
        return parts
    }

    private static let names: [(StaticString, Role)] = [
        ("user: ", .user), ("system: ", .system), ("developer: ", .system), ("assistant: ", .assistant),
        ("tool: ", .tool), ("function: ", .tool),
    ]

    private static func role(in bytes: UnsafeBufferPointer<UInt8>, at index: Int) -> (role: Role, length: Int)? {
        names.first { bytes.holds($0.0, at: index) }.map { ($0.1, $0.0.utf8CodeUnitCount) }
    }
}
