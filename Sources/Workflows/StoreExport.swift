import Files
package import Formats
package import PairStore

/// Every pair of a store in a form for others.
package enum StoreExport {
    /// So much is written at a time; no more is held beside one pair, however large the store.
    package static let pieceBytes = 1 << 20

    /// Writes the pairs of a store, with the scores of those that lacked them.
    ///
    /// - Parameters:
    ///   - path: the store's.
    ///   - out: the file's path, which must not be one of the store's; - is standard output.
    /// - Throws: what the store, the file and standard output throw; then there is no new file.
    package static func run(storePath path: String, to out: String) throws {
        let target = try OutputTarget.open(out, sparing: ProtectedFiles(stores: [path]))
        try StoreLook.with([path], scored: true) { stores in
            for store in stores { try write(store.pairs, as: PairLines()) { try target.write($0) } }
        }
        try target.commit()
    }

    /// Writes pairs piece by piece.
    ///
    /// - Parameters:
    ///   - pairs: a store's.
    ///   - format: their form.
    ///   - pieceBytes: what is held at a time beside one pair.
    ///   - emit: takes a piece, which is not empty.
    /// - Throws: what the store and `emit` throw.
    package static func write(
        _ pairs: PairTable,
        as format: some PairSinkFormat,
        pieceBytes: Int = pieceBytes,
        emit: ([UInt8]) throws -> Void
    ) throws {
        var format = format
        var piece: [UInt8] = []
        func flush(above bytes: Int) throws {
            guard piece.count > bytes else { return }
            try emit(piece)
            piece.removeAll(keepingCapacity: true)
        }
        format.begin(&piece)
        try pairs.forEachPair { stored in
            format.write(PairLine(stored.pair, pairScores: stored.pairScores), to: &piece)
            try flush(above: pieceBytes)
            return true
        }
        format.end(&piece)
        try flush(above: 0)
    }
}
