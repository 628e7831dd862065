/// The lines of a file that is read in pieces, handed out one at a time.
///
/// Holds a piece and at most one line beside it, whatever the file's size.
package struct LineFeed {
    /// The most that a line may have: as long as the longest pair that is kept, with room for its escapes.
    package static let largestLineBytes = 64 << 20

    private let read: () throws -> [UInt8]
    private var splitter: LineSplitter
    private var ready: [Result<(number: Int, bytes: [UInt8]), LineSplitter.LineTooLong>] = []
    private var place = 0
    private var hasEnded = false

    /// - Parameters:
    ///   - maximumLineBytes: a longer line is an error, and is not held.
    ///   - read: the next piece; empty at the end.
    package init(maximumLineBytes: Int = LineFeed.largestLineBytes, read: @escaping () throws -> [UInt8]) {
        splitter = LineSplitter(maximumLineBytes: maximumLineBytes)
        self.read = read
    }

    /// The next line that is not blank, with its number from 1; nil at the end.
    ///
    /// - Throws: `LineSplitter.LineTooLong`, after which the line behind the long one is next, and what `read` throws.
    package mutating func next() throws -> (number: Int, bytes: [UInt8])? {
        while place == ready.count {
            if hasEnded { return nil }
            ready.removeAll(keepingCapacity: true)
            place = 0
            let piece = try read()
            if piece.isEmpty {
                hasEnded = true
                try splitter.finish { ready.append(.success(($0, Array($1)))) }
            } else {
                try piece.withUnsafeBytes { bytes in
                    try splitter.append(
                        bytes,
                        tooLong: { ready.append(.failure($0)) },
                        { ready.append(.success(($0, Array($1)))) }
                    )
                }
            }
        }
        defer {
            // Not held twice while it is worked on.
            ready[place] = .success((0, []))
            place += 1
        }
        return try ready[place].get()
    }
}
