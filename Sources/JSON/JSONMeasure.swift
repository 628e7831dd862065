// How much memory the tree of a document takes, before it is built.
//
// Why. Two bytes of text (`0,`) become a value of tens of bytes: a document of 32 MiB is a tree of more than a gigabyte. So
// whoever builds a tree of a stranger's bytes asks for its room first, and bounds the number of values.
// How. Most documents are prose with a few marks: counting what could separate values (commas, colons, brackets) takes a
// fraction of parsing and is enough for them. Only where that says much more than the text itself takes, because the prose
// is full of commas or the document really is full of values, the document is stepped over once and its values counted.
// Limits. An upper bound within a factor of about two, since arrays grow by doubling.

/// What a tree takes, and how many values one may have.
package enum JSONMeasure {
    /// As many values as a document from outside may have.
    ///
    /// The largest that were seen have some hundred thousand: the log probabilities of a long answer, or a prompt as tokens.
    package static let maximumForeignValues = 1 << 20

    /// A value in a list that has grown by doubling.
    private static let valueBytes = 2 * MemoryLayout<JSON>.stride
    /// What a member's name adds to its value.
    static let memberBytes = 2 * (MemoryLayout<JSON.Object.Member>.stride - MemoryLayout<JSON>.stride)
    /// The head of a block on the heap, the allocator's own included.
    static let blockBytes = 48

    /// Bytes that the tree of a document takes at most.
    ///
    /// - Parameters:
    ///   - bytes: the document.
    ///   - maximumValues: how many values it may have.
    /// - Returns: a bound; for what is no JSON, anything.
    /// - Throws: `JSONError` where there are more values.
    package static func treeBytes(
        of bytes: UnsafeRawBufferPointer,
        maximumValues: Int = maximumForeignValues
    ) throws(JSONError) -> Int {
        let marks = markCount(of: bytes)
        let quick = bytes.count + marks * (valueBytes + memberBytes + blockBytes) + 1_024
        if quick <= max(1 << 20, 2 * bytes.count) { return quick }
        var parser = JSONParser(bytes, maximumDepth: JSON.defaultMaximumDepth, maximumValues: maximumValues)
        do {
            try parser.document { parser throws(JSONError) in try parser.skipValue(depth: 0) }
        } catch {
            if case .tooManyValues = error.reason { throw error }
        }
        return parser.valueCount * valueBytes + parser.heapBytes + 1_024
    }

    /// Bytes that can separate values: no document has more values than these and one.
    private static func markCount(of bytes: UnsafeRawBufferPointer) -> Int {
        var count = 1
        for byte in bytes {
            // `[` and `{` differ in one bit only, as no other two bytes with it do.
            count &+= byte == UInt8(ascii: ",") || byte | 0x20 == UInt8(ascii: "{") ? 1 : 0
        }
        return count
    }
}

/// Where memory is asked for before foreign bytes become something larger.
///
/// One for each holder, who asks from one thread at a time.
package protocol MemoryRoom: AnyObject, Sendable {
    /// Asks to hold so many bytes in all from now on.
    ///
    /// - Returns: false where there is no room for more; then it is as before. To hold less is always granted.
    func resize(to bytes: Int) -> Bool
}
