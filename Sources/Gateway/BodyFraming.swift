// Where the body of a message ends (RFC 9112 sections 6 and 7), while its bytes pass on untouched.
//
// What: a state machine over the bytes of a connection. It takes those that belong to the body and knows which of them are
// payload. The raw bytes (chunk sizes, extensions and trailers included) go to the other side: passing on the sender's own
// framing costs nothing and changes nothing, so bytes that do not match the grammar exactly must never pass.
// Trailer fields that are not allowed there (`TrailerRule`) are the exception: a request with one is refused. From an answer
// they are left out, so an answer's trailer section is held back until it is complete.
// Limits: chunk-size lines of 4 KiB, a trailer section of 8 KiB, and framing overhead of 16 KiB plus 8 bytes per payload
// byte (one-byte chunks need 5): a hostile sender cannot make a small payload cost unbounded bytes.

package import NIOCore

/// What is wrong with the framing of a body.
package enum FramingFault: Error, Equatable, Sendable {
    case badChunkSize
    case badChunkExtension
    case badChunkEnd
    case badTrailer(HeadFault)
    case forbiddenTrailer
    case tooMuchOverhead
}

package struct BodyFraming: Sendable {
    package enum Kind: Equatable, Sendable {
        case none
        /// `Content-Length` bytes; at least one.
        case length(Int)
        case chunked
        /// An answer that ends when its sender closes.
        case untilClose
    }

    /// Where in the chunked coding the next byte stands.
    private enum Step: Sendable {
        case size
        case sizeOrEnd
        case padding
        case chunkExtension
        case sizeLineFeed
        case data
        case dataReturn
        case dataLineFeed
        case trailerStart
        case trailerLine
        case trailerLineFeed
        case lastLineFeed
        case complete
    }

    static let maximumSizeLine = 4096
    static let maximumTrailer = 8192

    // Fields that each event of a stream needs come first, for the reason given in `ClientConnection.Ongoing`.
    package let kind: Kind
    private var step: Step
    /// Set once the bytes are not a body; nothing more is taken.
    package private(set) var fault: FramingFault?
    /// Whether `payloadRanges` is to be filled.
    package var recordsPayload = false
    private let isStrict: Bool
    /// Within a quoted value of a chunk extension, and right after its backslash (RFC 9110 section 5.6.4).
    private var isQuoted = false
    private var isEscaped = false
    /// Payload bytes left: of the body, or of the current chunk.
    private var remaining = 0
    private var sizeDigits = 0
    private var sizeLineLength = 0
    /// Payload bytes taken so far.
    package private(set) var payloadByteCount = 0
    private var rawByteCount = 0
    /// The payload within the slice that the last `take` returned.
    package private(set) var payloadRanges: [Range<Int>] = []
    private var trailerLine: [UInt8] = []
    private var trailerLength = 0
    /// The trailer section of an answer is being read; none of it has been passed on.
    private var holdsTrailer = false
    private var keptTrailer: [UInt8] = []

    /// Framing for one body.
    ///
    /// - Parameters:
    ///   - kind: How the body is delimited.
    ///   - isStrict: True for requests. In answers, chunk sizes may be padded with blanks, as some old servers do, and a
    ///     forbidden trailer field is left out.
    package init(_ kind: Kind, isStrict: Bool) {
        self.kind = kind
        self.isStrict = isStrict
        switch kind {
        case .none, .length(0): step = .complete
        case .length(let length):
            step = .data
            remaining = length
        case .chunked: step = .size
        case .untilClose:
            step = .data
            remaining = .max
        }
    }

    /// Whether the last byte of the body was taken; never true of a body that ends with its connection.
    package var isComplete: Bool {
        if case .complete = step { true } else { false }
    }

    /// Takes from the front of `buffer` what belongs to this body.
    ///
    /// On a fault the bytes before it are returned and `fault` is set.
    package mutating func take(from buffer: inout ByteBuffer) -> ByteBuffer? {
        if recordsPayload { payloadRanges.removeAll(keepingCapacity: true) }
        guard !isComplete, fault == nil, buffer.readableBytes > 0 else { return nil }
        if holdsTrailer { return takeTrailer(from: &buffer) }
        let count: Int
        if case .chunked = kind {
            count = buffer.withUnsafeReadableBytes { walk($0) }
            if count == 0, holdsTrailer { return takeTrailer(from: &buffer) }
        } else {
            count = min(remaining, buffer.readableBytes)
            notePayload(0, count)
            if remaining == 0 { step = .complete }
        }
        guard count > 0 else { return nil }
        rawByteCount += count
        if rawByteCount - payloadByteCount > 16384 + 8 * payloadByteCount { fault = .tooMuchOverhead }
        return buffer.readSlice(length: count)
    }

    private mutating func notePayload(_ start: Int, _ end: Int) {
        guard end > start else { return }
        if recordsPayload { payloadRanges.append(start..<end) }
        payloadByteCount += end - start
        if remaining != .max { remaining -= end - start }
    }

    /// Walks over chunked bytes.
    ///
    /// - Returns: How many of them belong to the body; stops at its end or at a fault.
    private mutating func walk(_ bytes: UnsafeRawBufferPointer) -> Int {
        var index = 0
        while index < bytes.count {
            if case .data = step {
                let end = min(bytes.count, index + remaining)
                notePayload(index, end)
                index = end
                if remaining == 0 { step = .dataReturn }
                continue
            }
            if case .trailerStart = step, !isStrict, bytes[index] != Octet.carriageReturn {
                holdsTrailer = true
                return index
            }
            if let found = advance(bytes[index]) {
                fault = found
                return index
            }
            index += 1
            if isComplete { break }
        }
        return index
    }

    /// Takes the trailer section of an answer.
    ///
    /// - Returns: What is left of it and the empty line, once that has come.
    private mutating func takeTrailer(from buffer: inout ByteBuffer) -> ByteBuffer? {
        let count = buffer.withUnsafeReadableBytes { bytes in
            var index = 0
            while index < bytes.count, !isComplete, fault == nil {
                fault = advance(bytes[index])
                index += 1
            }
            return index
        }
        buffer.moveReaderIndex(forwardBy: count)
        guard isComplete else { return nil }
        return ByteBuffer(bytes: keptTrailer + [Octet.carriageReturn, Octet.lineFeed])
    }

    /// Takes one framing byte.
    private mutating func advance(_ octet: UInt8) -> FramingFault? {
        switch step {
        case .size, .sizeOrEnd, .padding, .chunkExtension, .sizeLineFeed:
            return advanceSizeLine(octet)
        case .dataReturn:
            guard octet == Octet.carriageReturn else { return .badChunkEnd }
            step = .dataLineFeed
        case .dataLineFeed:
            guard octet == Octet.lineFeed else { return .badChunkEnd }
            step = .size
        case .trailerStart where octet == Octet.carriageReturn:
            step = .lastLineFeed
        case .trailerStart:
            trailerLine.removeAll(keepingCapacity: true)
            trailerLine.append(octet)
            step = .trailerLine
        case .trailerLine where octet == Octet.carriageReturn:
            step = .trailerLineFeed
        case .trailerLine:
            guard octet != Octet.lineFeed else { return .badTrailer(.bareLineFeed) }
            trailerLine.append(octet)
            guard trailerLength + trailerLine.count <= Self.maximumTrailer else { return .badTrailer(.tooLarge) }
        case .trailerLineFeed:
            guard octet == Octet.lineFeed else { return .badTrailer(.bareCarriageReturn) }
            if let found = checkTrailer() { return found }
            trailerLength += trailerLine.count
            step = .trailerStart
        case .lastLineFeed:
            guard octet == Octet.lineFeed else { return .badTrailer(.bareCarriageReturn) }
            step = .complete
        case .data, .complete:
            break
        }
        return nil
    }

    /// Takes one byte of `chunk-size [ chunk-ext ] CRLF`.
    private mutating func advanceSizeLine(_ octet: UInt8) -> FramingFault? {
        sizeLineLength += 1
        guard sizeLineLength <= Self.maximumSizeLine else { return .badChunkExtension }
        if case .sizeLineFeed = step {
            guard octet == Octet.lineFeed else { return .badChunkSize }
            step = remaining == 0 ? .trailerStart : .data
            sizeDigits = 0
            sizeLineLength = 0
            return nil
        }
        if case .chunkExtension = step {
            if octet == Octet.carriageReturn {
                guard !isStrict || !isQuoted else { return .badChunkExtension }
                isQuoted = false
                step = .sizeLineFeed
            } else if !Octet.isFieldContent(octet) {
                return .badChunkExtension
            } else if isEscaped {
                isEscaped = false
            } else if octet == UInt8(ascii: "\\") {
                isEscaped = isQuoted
            } else if octet == UInt8(ascii: "\"") {
                isQuoted.toggle()
            }
            return nil
        }
        if case .padding = step {
            // RFC 9112 section 7.1.1 allows bad white space before ";" only.
            if octet == Octet.semicolon {
                step = .chunkExtension
            } else if octet == Octet.carriageReturn && !isStrict {
                step = .sizeLineFeed
            } else if !Octet.isBlank(octet) {
                return .badChunkSize
            }
            return nil
        }
        if let digit = Octet.hexValue(octet) {
            sizeDigits += 1
            // 15 digits keep the sum of any two sizes within Int.
            guard sizeDigits <= 15 else { return .badChunkSize }
            remaining = remaining << 4 | digit
            step = .sizeOrEnd
            return nil
        }
        guard case .sizeOrEnd = step else { return .badChunkSize }
        switch octet {
        case Octet.carriageReturn: step = .sizeLineFeed
        case Octet.semicolon: step = .chunkExtension
        case Octet.space, Octet.tab: step = .padding
        default: return .badChunkSize
        }
        return nil
    }

    /// Checks a complete trailer line, and keeps it if it may pass.
    private mutating func checkTrailer() -> FramingFault? {
        let isForbidden: Bool
        do throws(HeadFault) {
            isForbidden = try TrailerRule.forbids(trailerLine)
        } catch {
            return .badTrailer(error)
        }
        if isStrict { return isForbidden ? .forbiddenTrailer : nil }
        if !isForbidden { keptTrailer += trailerLine + [Octet.carriageReturn, Octet.lineFeed] }
        return nil
    }
}
