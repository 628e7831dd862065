// Finds the end of a message head and the fields in it, as the bytes arrive.
//
// What: an incremental scanner over RFC 9112 sections 2.1 and 5: start line, field lines, empty line, each ended by CRLF.
// Why our own: requests are smuggled through heads that two recipients read differently, so every deviation from the grammar
// is a fault: bare CR, bare LF, NUL and other controls, obs-fold, white space before the colon.
// RFC 9112 lets a recipient be lenient in several of these places; a gateway gains nothing by it.
// Limits: bytes of the head and number of fields.

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// A violation of the grammar of a head.
package enum HeadFault: Error, Equatable, Sendable {
    case bareLineFeed
    case bareCarriageReturn
    case controlCharacter
    case foldedLine
    case emptyFieldName
    case spaceBeforeColon
    case badFieldName
    case tooLarge
    case tooManyFields
}

struct HeadScanner {
    /// More fields than this in one head are refused: looking up nominated fields costs their product.
    static let maximumFields = 512

    private let limit: Int
    private var scanned = 0
    private var lineStart = 0
    private var skippedEmptyLine = false

    /// Where the start line lies, once its end was seen.
    private(set) var startLine: Range<Int>?
    private(set) var lines: [FieldLine] = []

    init(limit: Int) {
        self.limit = limit
    }

    /// Scans the received bytes from the first byte of the head on.
    ///
    /// - Parameter bytes: All bytes from the beginning of the head that have arrived, the ones of earlier calls included.
    /// - Returns: The length of the head with its final empty line, or nil while more is needed.
    /// - Throws: `HeadFault`, as soon as it is visible.
    mutating func scan(_ bytes: UnsafeRawBufferPointer) throws(HeadFault) -> Int? {
        guard let base = bytes.baseAddress else { return nil }
        while true {
            guard scanned < bytes.count, let found = memchr(base + scanned, 0x0a, bytes.count - scanned) else {
                return try needMore(bytes)
            }
            let lineFeed = UnsafeRawPointer(found) - base
            scanned = lineFeed + 1
            guard scanned <= limit else { throw .tooLarge }
            guard lineFeed > lineStart, bytes[lineFeed - 1] == Octet.carriageReturn else { throw .bareLineFeed }
            let line = lineStart..<(lineFeed - 1)
            lineStart = scanned
            if startLine == nil {
                // RFC 9112 section 2.2: a server should ignore at least one empty line before the request line.
                if line.isEmpty && !skippedEmptyLine {
                    skippedEmptyLine = true
                    continue
                }
                try Self.checkContent(bytes, line)
                startLine = line
            } else if line.isEmpty {
                return scanned
            } else {
                guard lines.count < Self.maximumFields else { throw .tooManyFields }
                if lines.isEmpty { lines.reserveCapacity(16) }
                lines.append(try Self.fieldLine(bytes, line))
            }
        }
    }

    /// Checks an incomplete line for faults.
    private mutating func needMore(_ bytes: UnsafeRawBufferPointer) throws(HeadFault) -> Int? {
        guard bytes.count <= limit else { throw .tooLarge }
        // A CR may be the last byte received; anywhere else its LF is missing.
        var index = max(lineStart, scanned - 1)
        while index < bytes.count - 1 {
            if bytes[index] == Octet.carriageReturn { throw .bareCarriageReturn }
            if bytes[index] == 0 { throw .controlCharacter }
            index += 1
        }
        scanned = bytes.count
        return nil
    }

    private static func checkContent(_ bytes: UnsafeRawBufferPointer, _ line: Range<Int>) throws(HeadFault) {
        for index in line where !Octet.isFieldContent(bytes[index]) {
            throw bytes[index] == Octet.carriageReturn ? .bareCarriageReturn : .controlCharacter
        }
    }

    /// Reads one field line, without its CRLF.
    static func fieldLine(_ bytes: UnsafeRawBufferPointer, _ line: Range<Int>) throws(HeadFault) -> FieldLine {
        var index = line.lowerBound
        if Octet.isBlank(bytes[index]) { throw .foldedLine }
        while index < line.upperBound && Octet.isToken(bytes[index]) { index += 1 }
        let nameEnd = index
        guard index < line.upperBound, bytes[index] == Octet.colon else {
            try checkContent(bytes, line)
            throw index < line.upperBound && Octet.isBlank(bytes[index]) ? .spaceBeforeColon : .badFieldName
        }
        guard nameEnd > line.lowerBound else { throw .emptyFieldName }
        var valueStart = index + 1
        var valueEnd = line.upperBound
        while valueStart < valueEnd && Octet.isBlank(bytes[valueStart]) { valueStart += 1 }
        while valueEnd > valueStart && Octet.isBlank(bytes[valueEnd - 1]) { valueEnd -= 1 }
        try checkContent(bytes, valueStart..<valueEnd)
        let nameStart = UInt32(line.lowerBound)
        return FieldLine(
            nameStart: nameStart,
            nameEnd: UInt32(nameEnd),
            valueStart: UInt32(valueStart),
            valueEnd: UInt32(valueEnd),
            lineEnd: UInt32(line.upperBound + 2),
            known: KnownField(name: bytes.part(nameStart, UInt32(nameEnd)))
        )
    }
}
