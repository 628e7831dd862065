/// Where the members of a top-level object stand in its bytes; no tree is built.
///
/// For changing single values of a body without touching any other byte.
package struct JSONMembers: Sendable, Equatable {
    /// One member, duplicates included.
    package struct Member: Sendable, Equatable {
        /// The name with its escapes resolved.
        package let key: String
        /// The name's bytes, quotes included.
        package let keyRange: Range<Int>
        /// The value's bytes, without whitespace around them.
        package let valueRange: Range<Int>
    }

    package let members: [Member]
    /// Offset of the opening brace.
    package let openingBrace: Int
    /// Offset of the closing brace.
    package let closingBrace: Int

    /// Reads all of `bytes` with the strictness of the parser.
    ///
    /// - Throws: `JSONError` where they are not JSON, or are not an object.
    package init(
        scanning bytes: UnsafeRawBufferPointer,
        maximumDepth: Int = JSON.defaultMaximumDepth
    ) throws(JSONError) {
        var found: [Member] = []
        var braces = 0..<0
        var parser = JSONParser(bytes, maximumDepth: maximumDepth)
        try parser.document { parser throws(JSONError) in
            guard try parser.peek() == UInt8(ascii: "{") else { throw parser.error(.expected("an object")) }
            let start = parser.position
            try parser.forEachMember(depth: 1) { parser, key, keyRange throws(JSONError) in
                let valueStart = parser.position
                try parser.skipValue(depth: 1)
                found.append(Member(key: key, keyRange: keyRange, valueRange: valueStart..<parser.position))
            }
            braces = start..<parser.position
        }
        members = found
        openingBrace = braces.lowerBound
        closingBrace = braces.upperBound - 1
    }

    /// Reads all of `bytes` with the strictness of the parser; not copied where they are contiguous.
    ///
    /// - Throws: `JSONError` where they are not JSON, or are not an object.
    package init(
        scanning bytes: some Collection<UInt8>,
        maximumDepth: Int = JSON.defaultMaximumDepth
    ) throws(JSONError) {
        self = try withRawBytes(of: bytes) { raw throws(JSONError) in
            try JSONMembers(scanning: raw, maximumDepth: maximumDepth)
        }
    }

    /// The value's bytes of the last member of that name, the one that most parsers take.
    package func valueRange(of key: String) -> Range<Int>? {
        members.last { $0.key.hasSameBytes(as: key) }?.valueRange
    }
}
