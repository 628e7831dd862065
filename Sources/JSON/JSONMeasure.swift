// How much memory the tree of a document takes, before it is built.
//
// Why. Two bytes of text (`0,`) become a value of tens of bytes: a document of 32 MiB is a tree of more than a gigabyte. So
// before a tree is built of foreign bytes, room for it is asked for and the number of values is bounded.
// How. Most documents are prose with few separators: counting those that could separate values (commas, colons, brackets) takes
// a fraction of parsing and is enough for them. Only if the count far exceeds the size of the text, because the prose is full
// of commas or the document full of values, the document is scanned once and its values counted.
// Limits. An upper bound within a factor of about two, since arrays grow by doubling.

/// The memory of a tree, and the limit of its values.
package enum JSONMeasure {
    /// The most values that a foreign document may have.
    ///
    /// The largest known documents have some hundred thousand: log probabilities of a long answer, or a prompt as tokens.
    package static let maximumForeignValues = 1 << 20

    /// A value in a list that has grown by doubling.
    private static let valueBytes = 2 * MemoryLayout<JSON>.stride
    /// Bytes that a member's name adds to its value.
    static let memberBytes = 2 * (MemoryLayout<JSON.Object.Member>.stride - MemoryLayout<JSON>.stride)
    /// The head of a block on the heap, the allocator's own included.
    static let blockBytes = 48

    /// The most bytes that the tree of a document can take.
    ///
    /// - Parameters:
    ///   - bytes: the document.
    ///   - maximumValues: the most values that it may have.
    /// - Returns: a bound; undefined for bytes that are not JSON.
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

/// Grants memory before foreign bytes are turned into something larger.
///
/// One for each holder, used by one thread at a time.
package protocol MemoryRoom: AnyObject, Sendable {
    /// Asks to hold so many bytes in all from now on.
    ///
    /// - Returns: false without room for more; nothing changes then. Holding less is always granted.
    func resize(to bytes: Int) -> Bool
}
