import JSON

/// Cuts a file that is read in slices into its lines, numbered from 1.
///
/// Lines end with LF or CRLF; the last may lack its end. A byte order mark at the start is dropped. Blank lines are
/// counted and not handed on. A line that is too long is told once, and dropped to its end.
package struct LineSplitter: Sendable {
    /// A line is longer than the splitter will hold.
    package struct LineTooLong: Error, Equatable, CustomStringConvertible {
        /// Numbered from 1.
        package let line: Int
        /// In bytes.
        package let limit: Int

        package init(line: Int, limit: Int) {
            self.line = line
            self.limit = limit
        }

        package var description: String {
            // Whoever says it puts the number in front, as of every line.
            "This line is longer than \(limit >> 20) MiB, the most that a line may have; leave it out or cut it."
        }
    }

    private let maximumLineBytes: Int
    private var partial: [UInt8] = []
    private var line = 1
    /// Whether the present line is too long, so that what comes of it is dropped.
    private var isSkipping = false

    package init(maximumLineBytes: Int = LineFeed.largestLineBytes) {
        self.maximumLineBytes = maximumLineBytes
    }

    /// Takes the next bytes and calls `body` with the number and the bytes of every line that they complete.
    ///
    /// - Parameters:
    ///   - slice: the bytes.
    ///   - tooLong: what is done about a line that is too long; as it is, it is thrown, and the rest of the slice is lost.
    ///   - body: takes a line.
    /// - Throws: what `tooLong` or `body` throws.
    package mutating func append(
        _ slice: UnsafeRawBufferPointer,
        tooLong: (LineTooLong) throws -> Void = { throw $0 },
        _ body: (Int, UnsafeRawBufferPointer) throws -> Void
    ) throws {
        var rest = slice[...]
        while let end = rest.firstIndex(of: 0x0A) {
            let piece = UnsafeRawBufferPointer(rebasing: rest[..<end])
            rest = rest[(end + 1)...]
            if try isTooLong(with: piece, tooLong) {
                isSkipping = false
                line += 1
            } else if partial.isEmpty {
                try hand(piece, to: body)
            } else {
                partial.append(contentsOf: piece)
                try handPartial(to: body)
            }
        }
        let begun = UnsafeRawBufferPointer(rebasing: rest)
        if try !isTooLong(with: begun, tooLong) { partial.append(contentsOf: begun) }
    }

    /// Ends the file: what follows the last line end is a line too.
    ///
    /// - Throws: what `body` throws.
    package mutating func finish(_ body: (Int, UnsafeRawBufferPointer) throws -> Void) throws {
        if !partial.isEmpty { try handPartial(to: body) }
    }

    /// The lines of a file that is in memory already.
    ///
    /// - Throws: `LineTooLong`, or what `body` throws.
    package static func forEachLine(
        of bytes: some Collection<UInt8>,
        _ body: (Int, UnsafeRawBufferPointer) throws -> Void
    ) throws {
        try withRawBytes(of: bytes) { raw in
            var splitter = LineSplitter(maximumLineBytes: raw.count + 1)
            try splitter.append(raw, body)
            try splitter.finish(body)
        }
    }

    /// Whether the present line is too long with one more piece, which is told the first time.
    private mutating func isTooLong(
        with piece: UnsafeRawBufferPointer,
        _ tell: (LineTooLong) throws -> Void
    ) throws -> Bool {
        guard !isSkipping else { return true }
        guard partial.count + piece.count > maximumLineBytes else { return false }
        partial = []
        isSkipping = true
        try tell(LineTooLong(line: line, limit: maximumLineBytes))
        return true
    }

    private mutating func handPartial(to body: (Int, UnsafeRawBufferPointer) throws -> Void) throws {
        var whole: [UInt8] = []
        swap(&whole, &partial)
        try withRawBytes(of: whole) { try hand($0, to: body) }
        whole.removeAll(keepingCapacity: whole.capacity <= 1 << 20)
        swap(&whole, &partial)
    }

    private mutating func hand(
        _ bytes: UnsafeRawBufferPointer,
        to body: (Int, UnsafeRawBufferPointer) throws -> Void
    ) throws {
        defer { line += 1 }
        var content = bytes[...]
        if line == 1, content.starts(with: [0xEF, 0xBB, 0xBF]) { content = content.dropFirst(3) }
        if content.last == 0x0D { content = content.dropLast() }
        if content.allSatisfy({ $0 == 0x20 || $0 == 0x09 }) { return }
        try body(line, UnsafeRawBufferPointer(rebasing: content))
    }
}
