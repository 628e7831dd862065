/// When a dictionary is trained, and of which texts, as a value without threads.
///
/// The first training comes early, of the first quarter of a megabyte; the second, with a full-sized dictionary, once there
/// is enough to fill one. After that the compression is watched: what a dictionary achieved on the first window of texts
/// that it had not seen is its measure, and a window that does clearly worse says that the texts have drifted.
///
/// Limits. Samples are taken of the texts as they are stored, but not while a training goes on; at most a megabyte of them
/// is held, and of a long text only its beginning.
struct DictionaryPlan {
    /// Bytes of text at which there is something to learn from; an import that ends earlier has them trained at its end.
    static let firstTrainingBytes = 256 << 10
    static let windowBytes = 4 << 20
    static let sampleBytes = 1 << 20
    static let textBytes = 8 << 10
    /// How much worse than its measure a window has to be.
    static let drift = 1.1
    /// Of so many texts one is kept once there is a dictionary, so that the samples cover about a window.
    private static let thinning = 4

    private var samples: [TextSample] = []
    private var heldBytes = 0
    private var seenTexts = 0
    private var rawBytes = 0
    private var compressedBytes = 0
    private var measure: Double?
    private var isTraining = false
    private var nextTrainingBytes: Int?

    /// - Parameter dictionaryBytes: the size of the store's newest dictionary; nil where it has none.
    init(dictionaryBytes: Int?) {
        nextTrainingBytes =
            dictionaryBytes.map { $0 < TextDictionary.maximumBytes / 2 ? Self.windowBytes : nil }
            ?? Self.firstTrainingBytes
    }

    /// A text was compressed.
    ///
    /// - Returns: what to train on now; nil for nothing. Then `trained` is to be called.
    mutating func compressed(_ bytes: [UInt8], to size: Int, session: Int) -> [TextSample]? {
        keep(bytes, session)
        rawBytes += bytes.count
        compressedBytes += size
        guard !isTraining else { return nil }
        if let next = nextTrainingBytes {
            guard rawBytes >= next else { return nil }
            return train()
        }
        guard rawBytes >= Self.windowBytes else { return nil }
        let ratio = Double(compressedBytes) / Double(rawBytes)
        (rawBytes, compressedBytes) = (0, 0)
        guard let measure else {
            self.measure = ratio
            return nil
        }
        return ratio > measure * Self.drift ? train() : nil
    }

    /// Nothing more will come: what to train on where there never was a training; nil where that is not worth it.
    mutating func ended() -> [TextSample]? {
        guard nextTrainingBytes == Self.firstTrainingBytes, !isTraining, rawBytes >= Self.firstTrainingBytes / 4 else {
            return nil
        }
        return train()
    }

    /// The training that was asked for is over, whether or not a better dictionary came of it.
    mutating func trained() {
        nextTrainingBytes = nextTrainingBytes == Self.firstTrainingBytes ? Self.windowBytes : nil
        (rawBytes, compressedBytes) = (0, 0)
        measure = nil
        isTraining = false
    }

    private mutating func train() -> [TextSample] {
        isTraining = true
        return samples
    }

    private mutating func keep(_ bytes: [UInt8], _ session: Int) {
        // The samples are in use; others beside them would be twice the memory.
        guard !isTraining else { return }
        seenTexts += 1
        guard nextTrainingBytes != nil || seenTexts.isMultiple(of: Self.thinning) else { return }
        let kept = bytes.count <= Self.textBytes ? bytes : Array(bytes.prefix(Self.textBytes))
        samples.append(TextSample(session: session, bytes: kept))
        heldBytes += kept.count
        guard heldBytes > Self.sampleBytes else { return }
        // The older half goes at once, so that each text is moved once.
        let half = samples.count / 2
        heldBytes -= samples[..<half].byteCount
        samples.removeFirst(half)
    }
}
