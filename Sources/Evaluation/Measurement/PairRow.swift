package import Foundation
import Scoring
package import Vocabulary

/// Where a row came from, so that its pair can be found again.
package struct RowID: Sendable, Hashable, CustomStringConvertible {
    /// Which of several stores; 0 where there is one.
    package var source: Int
    package var row: Int64

    package init(source: Int = 0, row: Int64) {
        self.source = source
        self.row = row
    }

    package var description: String { "\(source):\(row)" }
}

/// 128 bits that stand for a session, or for a pair's identity, across stores.
package struct Fingerprint: Sendable, Hashable {
    package var high: UInt64
    package var low: UInt64

    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// The fingerprint of any text.
    package init(of text: String) {
        var first = TextHash()
        var second = TextHash()
        second.add(0xFF)
        for byte in text.utf8 {
            first.add(byte)
            second.add(word: UInt64(byte))
        }
        (high, low) = (first.value, second.value)
    }
}

/// One leg of a pair without its words: what the figures are made of.
package struct LegRow: Sendable, Equatable {
    package var version: String
    package var reportedModel: String?
    package var outcome: Outcome
    package var firstToken: Duration?
    package var total: Duration?
    package var interTokenMedian: Duration?
    package var outputTokens: Int?
    /// In bytes of UTF-8.
    package var textByteCount: Int
    package var scores: [String: Double]

    package init(
        version: String,
        reportedModel: String? = nil,
        outcome: Outcome,
        firstToken: Duration? = nil,
        total: Duration? = nil,
        interTokenMedian: Duration? = nil,
        outputTokens: Int? = nil,
        textByteCount: Int = 0,
        scores: [String: Double] = [:]
    ) {
        self.version = version
        self.reportedModel = reportedModel
        self.outcome = outcome
        self.firstToken = firstToken
        self.total = total
        self.interTokenMedian = interTokenMedian
        self.outputTokens = outputTokens
        self.textByteCount = textByteCount
        self.scores = scores
    }

    /// The row of an answer, with the scores that it carries.
    package init(_ answer: LegAnswer) {
        self.init(
            version: answer.version,
            reportedModel: answer.reportedModel,
            outcome: answer.outcome,
            firstToken: answer.timings.firstToken,
            total: answer.timings.total,
            interTokenMedian: answer.timings.interTokenMedian,
            outputTokens: answer.usage.outputTokens,
            textByteCount: answer.text.utf8.count,
            scores: answer.scores
        )
    }
}

/// A pair without its words.
package struct PairRow: Sendable, Equatable {
    package var id: RowID
    /// The pair's own identity, by which the same pair of two stores is counted once; nil: taken as unique.
    package var identity: Fingerprint?
    package var time: Date
    /// nil: the pair is a session of its own.
    package var session: Fingerprint?
    package var intent: IntentClass
    package var samplingProbability: Double
    /// Whether the user asked for a stream.
    package var isStreamed: Bool
    package var stable: LegRow
    package var shadow: LegRow
    package var control: LegRow?
    package var pairScores: [String: Double]

    package init(
        id: RowID,
        identity: Fingerprint? = nil,
        time: Date,
        session: Fingerprint? = nil,
        intent: IntentClass,
        samplingProbability: Double = 1,
        isStreamed: Bool = false,
        stable: LegRow,
        shadow: LegRow,
        control: LegRow? = nil,
        pairScores: [String: Double] = [:]
    ) {
        self.id = id
        self.identity = identity
        self.time = time
        self.session = session
        self.intent = intent
        self.samplingProbability = samplingProbability
        self.isStreamed = isStreamed
        self.stable = stable
        self.shadow = shadow
        self.control = control
        self.pairScores = pairScores
    }

    /// The row of a pair with its scores joined.
    package init(_ pair: Pair, id: RowID, pairScores: [String: Double] = [:]) {
        self.init(
            id: id,
            identity: Fingerprint(of: pair.id),
            time: pair.time,
            session: pair.session.map { Fingerprint(of: $0.hex) },
            intent: pair.intent,
            samplingProbability: pair.samplingProbability,
            isStreamed: pair.request.stream,
            stable: LegRow(pair.stable),
            shadow: LegRow(pair.shadow),
            control: pair.control.map { LegRow($0) },
            pairScores: pairScores
        )
    }
}
