import Gateway
import JSON
import NIOCore
import Testing
import Vocabulary
import Wire

@testable import CurlClient
@testable import Mirroring

@Suite struct CircuitBreakerTests {
    let start = ContinuousClock.now

    @Test func `it opens after failures in a row, probes, and closes on an answer`() {
        var breaker = CircuitBreaker(.init(failures: 3, probeEvery: .seconds(5)))
        breaker.failed(at: start)
        breaker.failed(at: start)
        breaker.answered()
        breaker.failed(at: start)
        breaker.failed(at: start)
        #expect(!breaker.refuses(at: start))
        breaker.failed(at: start)
        #expect(breaker.refuses(at: start + .seconds(4)))
        #expect(!breaker.refuses(at: start + .seconds(5)))
        #expect(breaker.admits(at: start + .seconds(5)) == true)
        #expect(breaker.state == .probing)
        #expect(breaker.admits(at: start + .seconds(60)) == false)
        breaker.failed(at: start + .seconds(6))
        #expect(breaker.state == .open(probeAt: start + .seconds(11)))
        #expect(breaker.admits(at: start + .seconds(11)) == true)
        breaker.answered()
        #expect(breaker.state == .closed(failuresInARow: 0))
    }

    @Test func `late failures do not put off the probe, and a probe given up is tried again at once`() {
        var breaker = CircuitBreaker(.init(failures: 1, probeEvery: .seconds(5)))
        breaker.failed(at: start)
        breaker.failed(at: start + .seconds(3))
        #expect(breaker.state == .open(probeAt: start + .seconds(5)))
        #expect(breaker.admits(at: start + .seconds(5)) == true)
        breaker.gaveUp(at: start + .seconds(6))
        #expect(breaker.admits(at: start + .seconds(6)) == true)
    }

    @Test func `a breaker of no failures never opens`() {
        var breaker = CircuitBreaker(.init(failures: 0))
        for _ in 0..<1_000 { breaker.failed(at: start) }
        #expect(!breaker.refuses(at: start))
    }
}

@Suite struct ForwardedHeadersTests {
    let client: [(name: String, value: String)] = [
        ("Host", "gateway"), ("Authorization", "Bearer client"), ("x-api-key", "client"), ("Cookie", "c=1"),
        ("Content-Type", "application/json; charset=utf-8"), ("Accept", "text/event-stream"), ("OpenAI-Beta", "a"),
        ("anthropic-version", "2023-06-01"), ("X-Session-Id", "s"), ("X-Team", "t"), ("Accept-Encoding", "gzip"),
        ("Content-Length", "2"), ("Connection", "keep-alive"), ("OpenAI-Beta", "b"), ("User-Agent", "u"),
    ]

    func lines(_ fields: [(String, String)]) -> [String] { fields.map { "\($0.0): \($0.1)" } }

    @Test func `the shadow gets what is listed, and its own credentials`() {
        let headers = ForwardedHeaders(additional: ["x-team", "Authorization", "COOKIE"])
        #expect(
            lines(headers.shadow(client: client, apiKey: "shadow", shape: .chatCompletions)) == [
                "Content-Type: application/json; charset=utf-8", "Accept: text/event-stream", "OpenAI-Beta: a",
                "anthropic-version: 2023-06-01", "X-Team: t", "OpenAI-Beta: b", "Authorization: Bearer shadow",
                "User-Agent: understudy", "X-Understudy-Leg: shadow",
            ]
        )
        let none = lines(headers.shadow(client: client, apiKey: nil, shape: .messages)).joined()
        #expect(!none.contains("client") && !none.contains("x-api-key"))
        #expect(lines(headers.shadow(client: client, apiKey: "k", shape: .messages)).contains("x-api-key: k"))
    }

    @Test func `the control speaks for the client to stable, unless stable has a key of ours`() {
        let headers = ForwardedHeaders(additional: [])
        let own = lines(headers.control(client: client, apiKey: nil, shape: .chatCompletions))
        #expect(own.contains("Authorization: Bearer client") && own.contains("X-Understudy-Leg: control"))
        #expect(!own.contains("Cookie: c=1"))
        let keyed = lines(headers.control(client: client, apiKey: "ours", shape: .chatCompletions))
        #expect(keyed.contains("Authorization: Bearer ours") && !keyed.joined().contains("client"))
    }

    @Test func `a body without a type is JSON`() {
        let headers = ForwardedHeaders(additional: [])
        #expect(
            lines(headers.shadow(client: [], apiKey: nil, shape: .chatCompletions)).first
                == "Content-Type: application/json"
        )
    }
}

@Suite struct LegAssemblyTests {
    let start = ContinuousClock.now

    func result(_ outcome: CurlOutcome, status: Int? = 200) -> CurlResult {
        CurlResult(
            outcome: outcome,
            status: status,
            startedAt: start,
            finishedAt: start + .milliseconds(900),
            timings: CurlTimings(preTransfer: .milliseconds(100)),
            reusedConnection: false,
            byteCount: 0,
            detail: ""
        )
    }

    func assembly(_ body: String? = nil) -> LegAssembly {
        var assembly = LegAssembly(shape: .chatCompletions, version: "v1.2.0", startedAt: start)
        if let body {
            assembly.head(AnswerHead(status: 200, contentType: "application/json"))
            var pieces = AnswerPieces()
            pieces.append(Array(body.utf8), at: start + .milliseconds(500))
            assembly.take(pieces)
        }
        return assembly
    }

    @Test func `the time to connect is not the model's`() {
        var assembly = assembly(#"{"choices":[{"message":{"content":"hi"},"finish_reason":"stop"}]}"#)
        let answer = assembly.answer(endedBy: result(.ok), endedEarly: false)
        #expect(answer.outcome == .ok)
        #expect(answer.text == "hi")
        #expect(answer.timings.total == .milliseconds(800))
        #expect(answer.timings.firstByte == .milliseconds(400))
    }

    @Test(
        arguments: [
            (CurlOutcome.connectFailed, Outcome.connectError), (.timeout(.connect), .connectError),
            (.closedBeforeAnswer, .connectError), (.timeout(.firstByte), .timeout), (.timeout(.total), .timeout),
            (.protocolError, .malformed), (.tooLarge, .malformed),
        ]
    )
    func `what a transfer without an answer means`(transfer: CurlOutcome, outcome: Outcome) {
        var assembly = assembly()
        #expect(assembly.answer(endedBy: result(transfer, status: nil), endedEarly: false).outcome == outcome)
    }

    @Test(
        arguments: [
            (CurlOutcome.truncated, Outcome.truncated), (.timeout(.stall), .timeout), (.protocolError, .malformed),
            (.tooLarge, .malformed),
        ]
    )
    func `what a transfer that broke off means`(transfer: CurlOutcome, outcome: Outcome) {
        var assembly = assembly(#"{"choices":[{"mess"#)
        #expect(assembly.answer(endedBy: result(transfer), endedEarly: false).outcome == outcome)
    }

    @Test func `an answer over a limit is told from one that is not of the protocol`() {
        // By the transfer's limit, and by what one JSON document may have.
        for (body, outcome, isOver) in [
            (#"{"choices":[{"mess"#, CurlOutcome.tooLarge, true),
            ("{" + String(repeating: " ", count: 16 << 20), .cancelled, true),
            (#"{"choices":[{"mess"#, .protocolError, false), (#"{"choices":3}"#, .ok, false),
        ] {
            var assembly = assembly(body)
            let endedEarly = !assembly.wantsMore
            #expect(assembly.answer(endedBy: result(outcome), endedEarly: endedEarly).outcome == .malformed)
            #expect(assembly.isOverLimit == isOver)
        }
    }

    @Test func `an answer that our own stop cut off is nobody's outcome`() {
        var assembly = assembly(#"{"cho"#)
        #expect(assembly.answer(endedBy: .stopped, at: start) == nil)
    }
}

@Suite struct AnswerCollectorTests {
    let mailbox = Mailbox<MirrorMessage>()
    let budget = ByteBudget(limit: 500_000)
    let start = ContinuousClock.now

    func collector() -> AnswerCollector {
        AnswerCollector(ticket: 1, mailbox: mailbox, budget: budget)
    }

    struct Portion {
        var head: AnswerHead?
        var text: String
        var marks: Int
        var heldBytes: Int
        var hasEnded: Bool

        init(_ head: AnswerHead?, _ pieces: AnswerPieces, hasEnded: Bool = false) {
            self.head = head
            text = String(decoding: pieces.bytes, as: UTF8.self)
            marks = pieces.marks.count
            heldBytes = pieces.heldBytes
            self.hasEnded = hasEnded
        }
    }

    /// What came by the mailbox.
    func answers() -> [Portion] {
        mailbox.take(until: start).messages().compactMap { message in
            guard case .answer(_, _, let head, let pieces, let end) = message else { return nil }
            return Portion(head, pieces, hasEnded: end != nil)
        }
    }

    /// What is handed over with the decision.
    func delivered(by collector: AnswerCollector) -> [Portion] {
        var portions: [Portion] = []
        collector.deliver { portions.append(Portion($0, $1)) }
        return portions
    }

    func feed(_ collector: AnswerCollector, _ count: Int) {
        collector.answerHead(status: 200, headers: HeaderFields([("Content-Type", "text/event-stream")]), at: start)
        for _ in 0..<count { collector.answerBytes(ByteBuffer(string: "abcd"), at: start) }
    }

    @Test func `an answer that is over before the decision is handed over with it`() {
        let collector = collector()
        feed(collector, 3)
        collector.finished(.complete, at: start)
        #expect(answers().isEmpty)
        let handedOver = delivered(by: collector)
        #expect(handedOver.map(\.text) == ["abcdabcdabcd"])
        #expect(handedOver.first?.marks == 3)
        #expect(handedOver.first?.head?.contentType == "text/event-stream")
        let end = answers()
        #expect(end.map(\.text) == [""])
        #expect(end.first?.hasEnded == true && end.first?.head == nil)
        // The receiver of the portions gives them back.
        #expect(budget.usedBytes == handedOver.reduce(0) { $0 + $1.heldBytes })
        #expect(budget.usedBytes == 3 * (4 + AnswerPieces.markBytes))
    }

    @Test func `of an answer that runs ahead of its decision no portion is larger than others`() {
        let collector = collector()
        feed(collector, 10_000)
        let handedOver = delivered(by: collector)
        feed(collector, 10)
        collector.finished(.complete, at: start)
        let all = handedOver + answers()
        #expect(all.map(\.text).joined() == String(repeating: "abcd", count: 10_010))
        #expect(all.reduce(0) { $0 + $1.marks } == 10_010)
        #expect(all.count { $0.head != nil } == 2)
        #expect(all.last?.hasEnded == true)
        #expect(all.allSatisfy { $0.text.utf8.count <= AnswerPieces.handOverBytes + 4 })
    }

    @Test func `an unwanted answer leaves nothing`() {
        let collector = collector()
        feed(collector, 3)
        // Slices of four bytes in buffers of four bytes, and the buffer of the head.
        let headBytes = HeaderFields([("Content-Type", "text/event-stream")]).bytes.storageCapacity
        #expect(budget.usedBytes == headBytes + 3 * (4 + AnswerPieces.markBytes))
        collector.discard()
        #expect(budget.usedBytes == 0)
        feed(collector, 3)
        collector.finished(.complete, at: start)
        #expect(budget.usedBytes == 0)
        #expect(answers().isEmpty)
    }

    @Test func `a long answer is handed over in portions, in order`() {
        let collector = collector()
        #expect(delivered(by: collector).isEmpty)
        feed(collector, 10_000)
        collector.finished(.clientCancelled, at: start)
        let all = answers()
        #expect(all.count == 40_000 / AnswerPieces.handOverBytes + 1)
        #expect(all.map(\.text).joined() == String(repeating: "abcd", count: 10_000))
        #expect(all.map(\.hasEnded) == Array(repeating: false, count: all.count - 1) + [true])
        #expect(all.count { $0.head != nil } == 1)
    }

    @Test(arguments: [100_000_000, 20_000])
    func `an answer that comes while it is decided about arrives whole, or is given up once`(limit: Int) async {
        for round in 0..<60 {
            let mailbox = Mailbox<MirrorMessage>()
            let budget = ByteBudget(limit: limit)
            let collector = AnswerCollector(ticket: 1, mailbox: mailbox, budget: budget)
            let count = 200 * (round % 10)
            async let fed: Void = {
                collector.answerHead(status: 200, headers: HeaderFields([]), at: start)
                for number in 0..<count {
                    collector.answerBytes(ByteBuffer(string: "\(number) is a number and this its line\n"), at: start)
                }
                collector.finished(.complete, at: start)
            }()
            var all = delivered(by: collector)
            await fed
            var overflows = 0
            var batch = mailbox.take(until: start)
            while let message = batch.next() {
                if case .answer(_, _, let head, let pieces, let end) = message {
                    all.append(Portion(head, pieces, hasEnded: end != nil))
                }
                if case .answerOverflowed = message { overflows += 1 }
            }
            let lines = all.map(\.text).joined().split(separator: "\n").compactMap { Int($0.prefix { $0 != " " }) }
            #expect(lines == Array(0..<lines.count))
            #expect(budget.usedBytes == all.reduce(0) { $0 + $1.heldBytes })
            if overflows == 0 {
                #expect(lines.count == count)
                #expect(all.count { $0.head != nil } == 1 && all.count(where: \.hasEnded) == 1)
                #expect(all.last?.hasEnded == true)
            } else {
                #expect(overflows == 1 && !all.contains(where: \.hasEnded))
            }
        }
    }

    @Test func `an answer that does not fit is given up once and gives its bytes back`() {
        let collector = collector()
        feed(collector, 30_000)
        let overflows = mailbox.take(until: start).messages().count {
            if case .answerOverflowed = $0 { true } else { false }
        }
        #expect(overflows == 1)
        #expect(budget.usedBytes == 0)
        #expect(delivered(by: collector).isEmpty)
        collector.finished(.complete, at: start)
        #expect(answers().isEmpty)
    }
}
