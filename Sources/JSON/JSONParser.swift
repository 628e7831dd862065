// A strict parser of RFC 8259 over bytes.
//
// What: one pass, recursive descent with a depth limit, no look-ahead beyond one byte.
// Strictness: no comments, trailing commas, NaN, leading zeros or raw control characters; strings must be UTF-8. Two
// liberties that the RFC grants: a byte order mark at the start is ignored (§8.1), and a lone surrogate escape, which
// it leaves "unpredictable" (§8.2), becomes U+FFFD.
// Duplicate names are kept in order; looking one up gives the last.
// Limits: nesting, and the number of values if the caller gives one. `JSONMeasure` computes the memory of a tree.

extension JSON {
    /// The default limit of nesting.
    package static let defaultMaximumDepth = 256

    /// Parses one value that is all of `bytes` but whitespace.
    ///
    /// - Throws: `JSONError` with the byte's offset.
    package init(
        parsing bytes: UnsafeRawBufferPointer,
        maximumDepth: Int = defaultMaximumDepth,
        maximumValues: Int = .max
    ) throws(JSONError) {
        var parser = JSONParser(bytes, maximumDepth: maximumDepth, maximumValues: maximumValues)
        self = try parser.document { parser throws(JSONError) in try parser.value(depth: 0) }
    }

    /// Parses one value that is all of `bytes` but whitespace; not copied where they are contiguous.
    ///
    /// - Throws: `JSONError` with the byte's offset.
    package init(
        parsing bytes: some Collection<UInt8>,
        maximumDepth: Int = defaultMaximumDepth,
        maximumValues: Int = .max
    ) throws(JSONError) {
        self = try withRawBytes(of: bytes) { raw throws(JSONError) in
            try JSON(parsing: raw, maximumDepth: maximumDepth, maximumValues: maximumValues)
        }
    }

    /// Parses one value that is all of `text` but whitespace.
    ///
    /// - Throws: `JSONError` with the offset in UTF-8 bytes.
    package init(parsing text: String, maximumDepth: Int = defaultMaximumDepth) throws(JSONError) {
        try self.init(parsing: text.utf8, maximumDepth: maximumDepth)
    }
}

/// Calls `body` with the bytes in contiguous memory, copying them only where they are not.
///
/// Inlinable, because it is generic: other modules would call the unspecialised one, through tables of witnesses.
@inlinable
package func withRawBytes<Value, Failure: Error>(
    of bytes: some Collection<UInt8>,
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Value
) throws(Failure) -> Value {
    func attempt(_ raw: UnsafeRawBufferPointer) -> Result<Value, Failure> {
        do throws(Failure) { return .success(try body(raw)) } catch { return .failure(error) }
    }
    let result = bytes.withContiguousStorageIfAvailable { attempt(UnsafeRawBufferPointer($0)) }
    if let result { return try result.get() }
    return try Array(bytes).withUnsafeBytes { attempt($0) }.get()
}

/// The parser's position in some bytes; also walks over values without building them.
package struct JSONParser {
    let bytes: UnsafeRawBufferPointer
    private let maximumDepth: Int
    private let maximumValues: Int
    package var position = 0
    /// Values that were stepped over or built so far, at every level.
    private(set) var valueCount = 0
    /// Bytes that their texts, names and lists would take on the heap.
    private(set) var heapBytes = 0
    /// Where strings with escapes are put together.
    var scratch: [UInt8] = []

    package init(_ bytes: UnsafeRawBufferPointer, maximumDepth: Int, maximumValues: Int = .max) {
        self.bytes = bytes
        self.maximumDepth = maximumDepth
        self.maximumValues = maximumValues
    }

    /// Runs `body` at the start of the value; only whitespace may follow the value.
    package mutating func document<Value>(
        _ body: (inout JSONParser) throws(JSONError) -> Value
    ) throws(JSONError) -> Value {
        if bytes.count >= 3, bytes[0] == 0xEF, bytes[1] == 0xBB, bytes[2] == 0xBF { position = 3 }
        skipWhitespace()
        let value = try body(&self)
        skipWhitespace()
        if position < bytes.count { throw error(.trailingContent) }
        return value
    }

    // MARK: Values

    package mutating func value(depth: Int) throws(JSONError) -> JSON {
        try countValue()
        switch try peek() {
        case UInt8(ascii: "\""):
            let start = position
            defer { countText(position - start - 2) }
            return .string(try string())
        case UInt8(ascii: "{"): return .object(try object(depth: depth + 1))
        case UInt8(ascii: "["): return .array(try array(depth: depth + 1))
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            let range = try number()
            countText(range.count)
            return .number(JSON.Number(checkedText: String(decoding: bytes[range], as: UTF8.self)))
        default: return try keywordValue()
        }
    }

    private mutating func keywordValue() throws(JSONError) -> JSON {
        switch try peek() {
        case UInt8(ascii: "t"):
            try keyword("true")
            return .bool(true)
        case UInt8(ascii: "f"):
            try keyword("false")
            return .bool(false)
        case UInt8(ascii: "n"):
            try keyword("null")
            return .null
        default: throw error(.expected("a value"))
        }
    }

    private mutating func countValue() throws(JSONError) {
        valueCount += 1
        if valueCount > maximumValues { throw error(.tooManyValues(limit: maximumValues)) }
    }

    private mutating func countText(_ byteCount: Int) {
        // Up to 15 bytes stand within the string itself.
        if byteCount > 15 { heapBytes += byteCount + JSONMeasure.blockBytes }
    }

    private mutating func object(depth: Int) throws(JSONError) -> JSON.Object {
        var members: [JSON.Object.Member] = []
        try forEachMember(depth: depth) { parser, key, _ throws(JSONError) in
            members.append(.init(key: key, value: try parser.value(depth: depth)))
        }
        return JSON.Object(members: members)
    }

    private mutating func array(depth: Int) throws(JSONError) -> [JSON] {
        var elements: [JSON] = []
        try forEachElement(depth: depth) { parser throws(JSONError) in
            elements.append(try parser.value(depth: depth))
        }
        return elements
    }

    /// Calls `body` at the start of each member's value; it must step over that value.
    package mutating func forEachMember(
        depth: Int,
        _ body: (inout JSONParser, String, Range<Int>) throws(JSONError) -> Void
    ) throws(JSONError) {
        try open(depth: depth)
        if try peek() == UInt8(ascii: "}") {
            position += 1
            return
        }
        while true {
            guard try peek() == UInt8(ascii: "\"") else { throw error(.expected("a member's name in quotes")) }
            let start = position
            let key = try string()
            let keyRange = start..<position
            countText(keyRange.count - 2)
            heapBytes += JSONMeasure.memberBytes
            skipWhitespace()
            guard try peek() == UInt8(ascii: ":") else { throw error(.expected("a colon")) }
            position += 1
            skipWhitespace()
            try body(&self, key, keyRange)
            skipWhitespace()
            switch try peek() {
            case UInt8(ascii: ","):
                position += 1
                skipWhitespace()
            case UInt8(ascii: "}"):
                position += 1
                return
            default: throw error(.expected("a comma or a closing brace"))
            }
        }
    }

    package mutating func forEachElement(
        depth: Int,
        _ body: (inout JSONParser) throws(JSONError) -> Void
    ) throws(JSONError) {
        try open(depth: depth)
        if try peek() == UInt8(ascii: "]") {
            position += 1
            return
        }
        while true {
            try body(&self)
            skipWhitespace()
            switch try peek() {
            case UInt8(ascii: ","):
                position += 1
                skipWhitespace()
            case UInt8(ascii: "]"):
                position += 1
                return
            default: throw error(.expected("a comma or a closing bracket"))
            }
        }
    }

    private mutating func open(depth: Int) throws(JSONError) {
        if depth > maximumDepth { throw error(.tooDeep(limit: maximumDepth)) }
        position += 1
        heapBytes += JSONMeasure.blockBytes
        skipWhitespace()
    }

    /// Steps over an array and returns the ranges of its elements.
    package mutating func elementRanges(depth: Int) throws(JSONError) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        try forEachElement(depth: depth) { parser throws(JSONError) in
            let start = parser.position
            try parser.skipValue(depth: depth)
            ranges.append(start..<parser.position)
        }
        return ranges
    }

    /// Steps over a value with the same strictness as parsing it; builds only the names of members and strings that could be
    /// invalid.
    package mutating func skipValue(depth: Int) throws(JSONError) {
        try countValue()
        switch try peek() {
        case UInt8(ascii: "{"):
            try forEachMember(depth: depth + 1) { parser, _, _ throws(JSONError) in
                try parser.skipValue(depth: depth + 1)
            }
        case UInt8(ascii: "["):
            try forEachElement(depth: depth + 1) { parser throws(JSONError) in
                try parser.skipValue(depth: depth + 1)
            }
        case UInt8(ascii: "\""):
            let start = position
            try skipString()
            countText(position - start - 2)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): countText(try number().count)
        default: _ = try keywordValue()
        }
    }

    private mutating func keyword(_ word: StaticString) throws(JSONError) {
        for offset in 0..<word.utf8CodeUnitCount {
            guard position + offset < bytes.count else { throw JSONError(reason: .unexpectedEnd, offset: bytes.count) }
            guard bytes[position + offset] == word.utf8Start[offset] else { throw error(.expected("a value")) }
        }
        position += word.utf8CodeUnitCount
    }

    package func peek() throws(JSONError) -> UInt8 {
        guard position < bytes.count else { throw error(.unexpectedEnd) }
        return bytes[position]
    }

    mutating func skipWhitespace() {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x0A, 0x0D, 0x09: position += 1
            default: return
            }
        }
    }

    func error(_ reason: JSONError.Reason) -> JSONError {
        JSONError(reason: reason, offset: position)
    }
}
