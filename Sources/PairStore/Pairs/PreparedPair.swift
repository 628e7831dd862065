import Foundation
package import Vocabulary

/// A pair made ready for its rows: redacted, packed and compressed, off the caller's thread and outside any transaction.
struct PreparedPair: Sendable {
    var uid: String
    var receivedAtMicroseconds: Int64
    var session: HashValue?
    var intent: String
    var intentSourceRowID: Int
    var samplingProbability: Double
    var endpoint: String
    var promptHash: HashValue
    var prompt: CompressedText?
    var format: PreparedFormat?
    var temperature: Double?
    var maximumTokens: Int?
    var isStreamed: Bool
    var answers: [PreparedAnswer]
    var content: CompressedText
    /// That the pair brought with it.
    var importedScores: [ScorerValues]
    /// That were made of the pair as it is stored.
    var computedScores: [ScorerValues]

    /// Bytes of its texts as they are stored.
    var packedByteCount: Int { content.bytes.count + (prompt?.bytes.count ?? 0) }
}

struct PreparedFormat: Sendable {
    /// Of the packed `response_format` and `tools`: the identity of the row.
    var digest: TextDigest
    var fingerprint: Int64
    var hasResponseFormat: Bool
    var hasTools: Bool
    var text: CompressedText
}

struct PreparedAnswer: Sendable {
    var leg: Leg
    var version: String
    var reportedModel: String?
    var outcome: Outcome
    var status: Int?
    var finishReason: String?
    var usage: TokenUsage
    var timings: Timings
    var sizeBytes: Int
    var textSizeBytes: Int
    var toolCallCount: Int

    init(_ answer: LegAnswer, leg: Leg, originalTextSizeBytes: Int) {
        self.leg = leg
        version = answer.version
        reportedModel = answer.reportedModel
        outcome = answer.outcome
        status = answer.status.flatMap { StoredRange.statuses.contains(Int64($0)) ? $0 : nil }
        finishReason = answer.finishReason
        // A server may claim any number; one that cannot be is none, and would not be read back.
        usage = TokenUsage(
            inputTokens: answer.usage.inputTokens.flatMap { StoredRange.counts.contains(Int64($0)) ? $0 : nil },
            outputTokens: answer.usage.outputTokens.flatMap { StoredRange.counts.contains(Int64($0)) ? $0 : nil }
        )
        timings = answer.timings
        sizeBytes = answer.byteCount
        textSizeBytes = originalTextSizeBytes
        toolCallCount = answer.toolCalls.count
    }
}

/// Scores pairs as they are stored, so that nobody has to read them back for it.
package protocol PairScoring: Sendable {
    /// What the scorers give for a pair; called where pairs are prepared for the writer, one at a time.
    ///
    /// The pair is as it will be read back: redacted, and without its prompt where prompts are not kept.
    func scores(of pair: Pair) -> [ScorerValues]
}

/// Prepares pairs one after another; holds what is worth keeping between them.
final class PairPreparer {
    /// The time that comparing two texts takes grows faster than they do.
    private static let maximumScoredBytes = 512 << 10

    private let policy: TextPolicy
    private let scorer: (any PairScoring)?
    private let compressor: ZstdCompressor
    /// Without a dictionary: a format is found again by its compressed bytes.
    private let formatCompressor: ZstdCompressor
    /// Those that texts prepared here may name; the last is in use.
    private(set) var dictionaries: [TextDictionary]
    private var plan: DictionaryPlan
    /// What a better dictionary could be trained on; whoever takes it answers with `trained`.
    private var training: [TextSample]?
    /// Redacted words of answers (model names, finish reasons) by what the wire said; few, and the same for every pair.
    private var words = DigestCache<String>(maximumBytes: 256 << 10)

    init(policy: TextPolicy, scorer: (any PairScoring)?, dictionary: TextDictionary?) throws {
        self.policy = policy
        self.scorer = scorer
        dictionaries = dictionary.map { [$0] } ?? []
        plan = DictionaryPlan(dictionaryBytes: dictionary?.bytes.count)
        formatCompressor = try ZstdCompressor()
        compressor = try ZstdCompressor()
        try compressor.use(dictionary)
    }

    var dictionary: TextDictionary? { dictionaries.last }

    func takeTraining() -> [TextSample]? {
        defer { training = nil }
        return training
    }

    /// As `takeTraining`, where no more pairs will come.
    func takeLastTraining() -> [TextSample]? {
        takeTraining() ?? plan.ended()
    }

    /// A training is over; nil keeps the dictionary that there is.
    func trained(_ better: TextDictionary?) throws {
        plan.trained()
        guard let better else { return }
        try compressor.use(better)
        dictionaries.append(better)
    }

    func prepare(_ original: Pair, pairScores: [String: Double] = [:]) throws -> PreparedPair {
        let pair = redacted(original)
        let legs = legs(of: pair)
        // What would keep others waiting is left to a later pass, and so is a value that is none: neither is a reason to
        // lose a pair.
        let computed = original.textByteCount <= Self.maximumScoredBytes ? scorer?.scores(of: pair) ?? [] : []
        guard pair.textByteCount <= StoredRange.textBytes.upperBound / 2, pair.hasCountableParts else {
            throw StoreError.invalidPair(
                id: pair.id,
                reason:
                    "its texts take more than \(StoredRange.textBytes.upperBound >> 21) MiB, or an answer of it has more "
                    + "than \(StoredRange.answerParts) choices or calls"
            )
        }
        return PreparedPair(
            uid: pair.id,
            receivedAtMicroseconds: pair.time.microseconds,
            session: pair.session.map { HashValue(hex: $0.hex) },
            intent: pair.intent.rawValue,
            intentSourceRowID: pair.intentSource.rowID,
            samplingProbability: pair.samplingProbability > 0
                ? max(pair.samplingProbability, StoredRange.probabilities.lowerBound) : pair.samplingProbability,
            endpoint: pair.endpoint,
            promptHash: HashValue(hex: pair.promptHash.hex),
            prompt: try pair.prompt.map { try compress(Array($0.utf8), of: pair) },
            format: try prepareFormat(pair.request),
            temperature: pair.request.temperature,
            maximumTokens: pair.request.maximumTokens,
            isStreamed: pair.request.stream,
            answers: zip(legs, self.legs(of: original)).map { leg, original in
                PreparedAnswer(leg.1, leg: leg.0, originalTextSizeBytes: original.1.text.utf8.count)
            },
            content: try compress(
                TextCodec.encode(
                    legs.map { leg, answer in
                        LegText(
                            leg: leg,
                            text: answer.text,
                            otherChoices: answer.otherChoices,
                            toolCalls: answer.toolCalls
                        )
                    }
                ),
                of: pair
            ),
            importedScores: try imported(legs, pairScores),
            computedScores: computed.filter { (try? $0.validate()) != nil }
        )
    }

    private func compress(_ bytes: [UInt8], of pair: Pair) throws -> CompressedText {
        let text = try compressor.compress(bytes)
        let session = TextSample.session(pair.session?.hex, prompt: pair.prompt.map { Array($0.utf8.prefix(64)) })
        training = plan.compressed(bytes, to: text.bytes.count, session: session) ?? training
        return text
    }

    private func legs(of pair: Pair) -> [(Leg, LegAnswer)] {
        var legs = [(Leg.stable, pair.stable), (Leg.shadow, pair.shadow)]
        if let control = pair.control { legs.append((.control, control)) }
        return legs
    }

    /// The scores that came with a pair, by name: dictionaries have no order, sets of scorers do.
    private func imported(_ legs: [(Leg, LegAnswer)], _ pairScores: [String: Double]) throws -> [ScorerValues] {
        guard !pairScores.isEmpty || legs.contains(where: { !$0.1.scores.isEmpty }) else { return [] }
        var byName: [String: ScorerValues] = [:]
        func set(_ place: WritableKeyPath<ScorerValues, Double?>, _ name: String, _ value: Double) {
            let none = ScorerValues(scorer: Scorer(name: name, version: Scorer.importedVersion))
            byName[name, default: none][keyPath: place] = value
        }
        for (leg, answer) in legs {
            for (name, value) in answer.scores {
                switch leg {
                case .stable: set(\.stable, name, value)
                case .shadow: set(\.shadow, name, value)
                case .control: set(\.control, name, value)
                }
            }
        }
        for (name, value) in pairScores { set(\.pair, name, value) }
        for values in byName.values { try values.validate() }
        return byName.values.sorted { $0.scorer.name < $1.scorer.name }
    }

    /// The pair as it is stored.
    private func redacted(_ pair: Pair) -> Pair {
        let scope = policy.scope()
        var pair = pair
        // First, so that its placeholders are numbered alike in every pair with the same prompt.
        pair.prompt = policy.keepsPrompts ? pair.prompt.map(scope.redact) : nil
        pair.request.responseFormat = pair.request.responseFormat.map(scope.redact)
        pair.request.tools = pair.request.tools.map(scope.redact)
        pair.endpoint = word(pair.endpoint)
        redact(&pair.stable, scope)
        redact(&pair.shadow, scope)
        if var control = pair.control {
            redact(&control, scope)
            pair.control = control
        }
        return pair
    }

    private func redact(_ answer: inout LegAnswer, _ scope: TextScope) {
        answer.reportedModel = answer.reportedModel.map(word)
        answer.finishReason = answer.finishReason.map(word)
        answer.text = scope.redact(answer.text)
        answer.otherChoices = answer.otherChoices.map(scope.redact)
        answer.toolCalls = answer.toolCalls.map { call in
            ToolCall(
                id: call.id.map(scope.redact),
                name: scope.redact(call.name),
                arguments: scope.redact(call.arguments)
            )
        }
    }

    private func prepareFormat(_ request: RequestParameters) throws -> PreparedFormat? {
        guard request.responseFormat != nil || request.tools != nil else { return nil }
        let packed = TextCodec.encodeFormat(
            responseFormat: request.responseFormat,
            tools: request.tools
        )
        return PreparedFormat(
            digest: TextDigest(packed),
            fingerprint: Int64(bitPattern: fingerprint(packed)),
            hasResponseFormat: request.responseFormat != nil,
            hasTools: request.tools != nil,
            text: try formatCompressor.compress(packed)
        )
    }

    /// A word that came over the wire, redacted and of bounded length.
    private func word(_ raw: String) -> String {
        let key = TextDigest(raw)
        if let known = words.value(of: key) { return known }
        let redacted = ForeignWord.cut(
            policy.scope().redact(ForeignWord.cut(raw, toBytes: ForeignWord.wordBytes)),
            toBytes: ForeignWord.wordBytes
        )
        words.remember(redacted, of: key, extraBytes: redacted.utf8.count + 32)
        return redacted
    }
}

extension Pair {
    /// Whether no answer has more choices or calls than are read back.
    fileprivate var hasCountableParts: Bool {
        [stable, shadow, control].compactMap(\.self).allSatisfy {
            $0.otherChoices.count <= StoredRange.answerParts && $0.toolCalls.count <= StoredRange.answerParts
        }
    }

    /// About the bytes of memory that the pair's texts take.
    var textByteCount: Int {
        func size(_ answer: LegAnswer) -> Int {
            answer.text.utf8.count + answer.otherChoices.reduce(0) { $0 + $1.utf8.count }
                + answer.toolCalls.reduce(0) {
                    $0 + ($1.id?.utf8.count ?? 0) + $1.name.utf8.count + $1.arguments.utf8.count
                }
        }
        return (prompt?.utf8.count ?? 0) + (request.tools?.utf8.count ?? 0)
            + (request.responseFormat?.utf8.count ?? 0) + size(stable) + size(shadow) + (control.map(size) ?? 0)
    }
}
