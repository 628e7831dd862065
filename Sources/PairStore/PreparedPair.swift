/// A pair made ready for its rows: redacted, packed and compressed, off the caller's thread and outside any transaction.

import Foundation
import Vocabulary

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
    var exchanges: [PreparedExchange]
    var content: CompressedText
    var scores: [PreparedScore]
}

struct PreparedFormat: Sendable {
    /// The packed `response_format` and `tools`: the identity of the row.
    var packed: [UInt8]
    var fingerprint: Int64
    var hasResponseFormat: Bool
    var hasTools: Bool
    var text: CompressedText
}

struct PreparedExchange: Sendable {
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
}

struct PreparedScore: Sendable {
    var legRowID: Int
    var name: String
    var value: Double
}

/// Prepares pairs one after another; holds what is worth keeping between them.
final class PairPreparer {
    private let policy: TextPolicy
    private let compressor: ZstdCompressor
    /// Redacted words of answers (model names, finish reasons) by what the wire said; few, and the same for every pair.
    private var words: [String: String] = [:]

    init(policy: TextPolicy) throws {
        self.policy = policy
        compressor = try ZstdCompressor()
    }

    func prepare(_ pair: Pair, pairScores: [String: Double] = [:]) throws -> PreparedPair {
        let scope = policy.scope()
        // First, so that its placeholders are numbered alike in every pair with the same prompt.
        let prompt = policy.keepsPrompts ? try pair.prompt.map { try compress(scope.redact($0)) } : nil
        let format = try prepareFormat(pair.request, scope)
        var texts: [LegText] = []
        var exchanges: [PreparedExchange] = []
        var scores: [PreparedScore] = []
        for (leg, exchange) in legs(of: pair) {
            texts.append(redact(exchange, leg: leg, scope))
            exchanges.append(
                PreparedExchange(
                    leg: leg,
                    version: exchange.version,
                    reportedModel: exchange.reportedModel.map(word),
                    outcome: exchange.outcome,
                    status: exchange.status,
                    finishReason: exchange.finishReason.map(word),
                    usage: exchange.usage,
                    timings: exchange.timings,
                    sizeBytes: exchange.byteCount,
                    textSizeBytes: exchange.text.utf8.count,
                    toolCallCount: exchange.toolCalls.count
                )
            )
            for (name, value) in exchange.scores {
                guard value >= 0, value <= 1 else { throw StoreError.invalidScore(scorer: name, value: value) }
                scores.append(PreparedScore(legRowID: leg.rowID, name: name, value: value))
            }
        }
        for (name, value) in pairScores {
            guard value.isFinite else { throw StoreError.invalidScore(scorer: name, value: value) }
            scores.append(PreparedScore(legRowID: Leg.pairRowID, name: name, value: value))
        }
        // Dictionaries have no order; rows should.
        scores.sort { ($0.name, $0.legRowID) < ($1.name, $1.legRowID) }
        return PreparedPair(
            uid: pair.id,
            receivedAtMicroseconds: pair.time.microseconds,
            session: pair.session.map { HashValue(hex: $0.hex) },
            intent: pair.intent.rawValue,
            intentSourceRowID: pair.intentSource.rowID,
            samplingProbability: pair.samplingProbability,
            endpoint: word(pair.endpoint),
            promptHash: HashValue(hex: pair.promptHash.hex),
            prompt: prompt,
            format: format,
            temperature: pair.request.temperature,
            maximumTokens: pair.request.maximumTokens,
            isStreamed: pair.request.stream,
            exchanges: exchanges,
            content: try compressor.compress(TextCodec.encode(texts)),
            scores: scores
        )
    }

    private func legs(of pair: Pair) -> [(Leg, Exchange)] {
        var legs = [(Leg.stable, pair.stable), (Leg.shadow, pair.shadow)]
        if let control = pair.control { legs.append((.control, control)) }
        return legs
    }

    private func redact(_ exchange: Exchange, leg: Leg, _ scope: TextScope) -> LegText {
        LegText(
            leg: leg,
            text: scope.redact(exchange.text),
            otherChoices: exchange.otherChoices.map(scope.redact),
            toolCalls: exchange.toolCalls.map { call in
                ToolCall(
                    id: call.id.map(scope.redact),
                    name: scope.redact(call.name),
                    arguments: scope.redact(call.arguments)
                )
            }
        )
    }

    private func prepareFormat(_ request: RequestParameters, _ scope: TextScope) throws -> PreparedFormat? {
        guard request.responseFormat != nil || request.tools != nil else { return nil }
        let packed = TextCodec.encodeFormat(
            responseFormat: request.responseFormat.map(scope.redact),
            tools: request.tools.map(scope.redact)
        )
        return PreparedFormat(
            packed: packed,
            fingerprint: Int64(bitPattern: fingerprint(packed)),
            hasResponseFormat: request.responseFormat != nil,
            hasTools: request.tools != nil,
            text: try compressor.compress(packed)
        )
    }

    private func compress(_ text: String) throws -> CompressedText {
        try compressor.compress(Array(text.utf8))
    }

    /// A word that came over the wire, redacted and of bounded length.
    private func word(_ raw: String) -> String {
        if let known = words[raw] { return known }
        // A server that makes up a new word for each answer must not make this grow.
        if words.count >= 1_000 { words.removeAll(keepingCapacity: true) }
        let redacted = String(policy.scope().redact(raw).prefix(200))
        words[raw] = redacted
        return redacted
    }
}

extension Pair {
    /// About the bytes of memory that the pair's texts take.
    var textByteCount: Int {
        func size(_ exchange: Exchange) -> Int {
            exchange.text.utf8.count + exchange.otherChoices.reduce(0) { $0 + $1.utf8.count }
                + exchange.toolCalls.reduce(0) { $0 + $1.name.utf8.count + $1.arguments.utf8.count }
        }
        return (prompt?.utf8.count ?? 0) + (request.tools?.utf8.count ?? 0)
            + (request.responseFormat?.utf8.count ?? 0) + size(stable) + size(shadow) + (control.map(size) ?? 0)
    }
}
