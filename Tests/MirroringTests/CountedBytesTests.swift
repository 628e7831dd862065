import CLinux
import Dispatch
import Foundation
import Gateway
import NIOCore
import TestSupport
import Testing
import Threads
import Vocabulary

@testable import Mirroring

#if canImport(Glibc)
#if THREAD_SANITIZER || ADDRESS_SANITIZER
/// A sanitizer's allocator has none of glibc's figures.
private let hasFigures = false
#else
private let hasFigures = true
#endif

/// What is counted is what is there: the budget against what the allocator has given out, within a fifth.
///
/// In a process of its own, where nothing else allocates. `mallinfo2` is glibc's; elsewhere there is nothing to compare with.
struct CountedBytesTests {
    @Test(
        .enabled(if: hasFigures, "A sanitizer's allocator is not glibc's."),
        .timeLimit(.minutes(5))  // It computes, and without optimisation.
    )
    func `the bytes that are counted are there, and those that are there are counted`() async {
        let result = await #expect(processExitsWith: .success, observing: [\.standardOutputContent]) {
            for shape in Shape.all {
                let measured = try await shape.measure()
                let share = Double(measured.counted) / Double(measured.allocated)
                print("\(shape.name): counted \(measured.counted), allocated \(measured.allocated), \(share)")
                #expect((0.8...1.2).contains(share), "\(shape.name): \(measured)")
            }
        }
        print(String(decoding: result?.standardOutputContent ?? [], as: UTF8.self))
    }
}

/// Bytes that the allocator has given out and not got back.
private func allocatedBytes() -> Int {
    let info = mallinfo2()
    return Int(info.uordblks + info.hblkhd)
}

/// Many requests of one kind, held at one place on their way.
private struct Shape {
    var name: String
    var count: Int
    var place = Place.waiting
    var body: @Sendable (Int) -> String
    var target = "/v1/chat/completions"
    /// What stable has said by then.
    var answer: @Sendable (Int) -> String = { _ in chatAnswer("stable") }
    var isStream = false
    var isAnswerOver = true

    enum Place {
        /// Behind a shadow that hangs.
        case waiting
        /// In the store's hands.
        case storing
        /// Not looked at yet.
        case undecided
    }

    static let all = [
        Shape(name: "small, waiting", count: 400) { chatBody("question \($0)") },
        Shape(name: "a kilobyte, waiting", count: 400) { chatBody(String(repeating: "words \($0) ", count: 100)) },
        Shape(name: "large, waiting", count: 40) { chatBody(String(repeating: "words \($0) ", count: 20_000)) },
        Shape(name: "tools, waiting", count: 200) { number in
            let tool = #"{"type":"function","function":{"name":"f","description":"\#(number)","parameters":{}}}"#
            let tools = Array(repeating: tool, count: 100).joined(separator: ",")
            return #"{"model":"m","messages":[{"role":"user","content":"hi"}],"tools":[\#(tools)]}"#
        },
        Shape(name: "turns, waiting", count: 200) { number in
            let turn =
                #"{"role":"user","content":"what was said, \#(number)"},{"role":"assistant","content":"and answered"}"#
            let turns = Array(repeating: turn, count: 50).joined(separator: ",")
            return #"{"model":"m","messages":[\#(turns)]}"#
        },
        Shape(
            name: "a stream under way",
            count: 200,
            body: { chatBody("question \($0)", stream: true) },
            answer: { _ in String(chatEvents(Array(repeating: "token ", count: 2_000)).dropLast(20)) },
            isStream: true,
            isAnswerOver: false
        ),
        Shape(
            name: "a document under way",
            count: 100,
            body: { chatBody("question \($0)") },
            answer: { _ in String(chatAnswer(String(repeating: "long ", count: 20_000)).dropLast(20)) },
            isAnswerOver: false
        ),
        Shape(
            name: "tool calls, waiting",
            count: 200,
            body: { chatBody("question \($0)") },
            answer: { _ in
                let call =
                    #"{"id":"call_0123456789abcdef","function":{"name":"look_up_the_weather","arguments":"{\"city\":\"Berlin\"}"}}"#
                let calls = Array(repeating: call, count: 50).joined(separator: ",")
                return
                    #"{"model":"m","choices":[{"index":0,"finish_reason":"tool_calls","message":{"tool_calls":[\#(calls)]}}]}"#
            }
        ),
        Shape(
            name: "an answer of a kilobyte, waiting",
            count: 400,
            body: { chatBody("question \($0)") },
            answer: { chatAnswer(String(repeating: "words \($0) ", count: 100)) }
        ),
        Shape(name: "with the store", count: 300, place: .storing) {
            chatBody(String(repeating: "words \($0) ", count: 300))
        },
        Shape(name: "undecided", count: 400, place: .undecided) {
            chatBody(String(repeating: "words \($0) ", count: 300))
        },
    ]

    func measure() async throws -> (counted: Int, allocated: Int) {
        let shadow = try LoopbackServer { connection in
            guard place == .waiting else {
                while connection.readRequest() != nil { connection.answer(200, chatAnswer("shadow")) }
                return
            }
            guard connection.readRequest() != nil else { return }
            connection.waitForPeerToLeave()
        }
        defer { shadow.stop() }
        let gate = Gate()
        let sink = MemorySink(.isSilent)
        let mirror = try makeMirror(
            makeConfiguration(shadow: shadow.url) { configuration in
                configuration.limits.maximumInFlight = 1
                configuration.limits.maximumQueued = 2_000
                configuration.limits.maximumBufferedBytes = 1 << 30
            },
            sink: sink,
            wallClock: {
                gate.pass()
                return 1_800_000_000
            }
        )
        // What is made once is there before it is counted; the first request also takes the shadow's one place.
        let before = place == .storing ? 8 : 2
        var taps = (0..<before).map { play($0, on: mirror) }
        taps.reserveCapacity(before + count)
        if place == .storing { _ = await sink.pairs(before) }
        await mirror.caughtUp()
        if place == .undecided {
            gate.close()
            taps.append(play(before, on: mirror))
            await gate.reached()
        }
        let counted = mirror.bufferedBytes
        let allocated = allocatedBytes()
        for number in 0..<count { taps.append(play(1_000 + number, on: mirror)) }
        if place == .storing { _ = await sink.pairs(before + count) }
        if place != .undecided { await mirror.caughtUp() }
        let measured = (mirror.bufferedBytes - counted, allocatedBytes() - allocated)
        gate.open()
        await mirror.stop(within: .zero, sinkWithin: .zero)
        withExtendedLifetime(taps) {}
        return measured
    }

    private func play(_ number: Int, on mirror: Mirror) -> (any AnswerTap)? {
        let tap = mirror.request(body(number), target: target)
        let type = isStream ? "text/event-stream" : "application/json"
        tap?.answerHead(status: 200, headers: HeaderFields([("Content-Type", type)]), at: .now)
        // In pieces as a connection reads them.
        let bytes = Array(answer(number).utf8)
        for start in stride(from: 0, to: bytes.count, by: 2_048) {
            tap?.answerBytes(ByteBuffer(bytes: bytes[start..<min(start + 2_048, bytes.count)]), at: .now)
        }
        if isAnswerOver { tap?.finished(.complete, at: .now) }
        return tap
    }
}
#endif

/// Lets mirroring's thread pass, or holds it where it asks for the time.
final class Gate: Sendable {
    private let isClosed = Locked(false)
    private let opened = DispatchSemaphore(value: 0)
    private let arrival = AsyncStream<Void>.makeStream()

    func close() { isClosed.withLock { $0 = true } }

    func open() {
        let wasClosed = isClosed.withLock { isClosed in
            defer { isClosed = false }
            return isClosed
        }
        if wasClosed { opened.signal() }
    }

    func pass() {
        guard isClosed.withLock({ $0 }) else { return }
        arrival.continuation.yield()
        opened.wait()
    }

    func reached() async {
        for await _ in arrival.stream { return }
    }
}
