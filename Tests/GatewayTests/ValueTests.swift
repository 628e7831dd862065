import NIOCore
import Testing
import Vocabulary

@testable import Gateway

/// The small values, apart from any socket.
@Suite struct ValueTests {
    private final class Thing {}

    @Test func `the pool gives back the last one first, lets them rest, and drops the oldest`() {
        let start = ContinuousClock.now
        let things = (0..<4).map { _ in Thing() }
        var pool = IdlePool<Thing>(limit: 3, timeout: .seconds(4))
        #expect(pool.put(things[0], settleTime: .zero, now: start) == nil)
        #expect(pool.put(things[1], settleTime: .zero, now: start + .seconds(1)) == nil)
        #expect(pool.put(things[2], settleTime: .seconds(2), now: start + .seconds(1)) == nil)
        #expect(pool.put(things[3], settleTime: .zero, now: start + .seconds(2)) === things[0])
        #expect(pool.take(now: start + .seconds(2)) === things[3])
        #expect(pool.take(now: start + .seconds(2)) === things[1])
        #expect(pool.take(now: start + .seconds(2)) == nil)
        #expect(pool.expire(now: start + .seconds(3)).isEmpty)
        #expect(pool.take(now: start + .seconds(3)) === things[2])
        #expect(pool.put(things[0], settleTime: .zero, now: start + .seconds(3)) == nil)
        #expect(pool.take(now: start + .seconds(7)) == nil)
        #expect(pool.expire(now: start + .seconds(7)).count == 1)
        #expect(pool.count == 0)
        var none = IdlePool<Thing>(limit: 0, timeout: .seconds(4))
        #expect(none.put(things[0], settleTime: .zero, now: start) === things[0])
    }

    @Test func `what may have to be sent again is kept in order, counted with its buffers, and let go once`() {
        var replay = Replay()
        let buffers = [ByteBuffer(repeating: 1, count: 1_000), ByteBuffer(repeating: 2, count: 20_000)]
        let added = buffers.map { replay.append($0) }
        #expect(zip(added, buffers).allSatisfy { $0 > $1.storageCapacity })
        #expect(replay.isKept && replay.slices == buffers && replay.byteCount == added.reduce(0, +))
        #expect(replay.holdsClientBack(hasRoom: false) && !replay.holdsClientBack(hasRoom: true))
        #expect(replay.isTooMuch(limit: 1 << 20, hasRoom: false) && !replay.isTooMuch(limit: 1 << 20, hasRoom: true))
        #expect(replay.isTooMuch(limit: 10_000, hasRoom: true))
        #expect(replay.end() == added.reduce(0, +))
        #expect(!replay.isKept && replay.slices.isEmpty && replay.end() == 0)
    }

    @Test(arguments: [
        ("http://a", "a", 80, "a", "", false), ("https://a", "a", 443, "a", "", true),
        ("HTTP://a.b:8000/", "a.b", 8000, "a.b:8000", "", false),
        ("http://127.0.0.1:1/base/x/", "127.0.0.1", 1, "127.0.0.1:1", "/base/x", false),
        ("http://[::1]:8", "::1", 8, "[::1]:8", "", false),
        ("https://[fe80::1]/b", "fe80::1", 443, "[fe80::1]", "/b", true),
    ])
    func `a URL of stable is taken apart`(
        _ text: String,
        _ host: String,
        _ port: Int,
        _ authority: String,
        _ base: String,
        _ isTLS: Bool
    ) throws {
        let url = try ServerURL(text)
        #expect(url.host == host)
        #expect(url.port == port)
        #expect(url.authority == authority)
        #expect(url.basePath == base)
        #expect(url.isTLS == isTLS)
    }

    @Test(arguments: [
        "", "a", "ftp://a", "http://", "http://:80", "http://a:0", "http://a:70000", "http://a:x", "http://u@a",
        "http://a/?q", "http://a/#f", "http://a b", "http://[::1", "http://[::1]8",
    ])
    func `what is no URL of a server is refused`(_ text: String) {
        #expect(throws: ServerURL.Flaw.self) { try ServerURL(text) }
    }

    @Test func `octet classes are those of the RFCs`() {
        let token = Set("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ".utf8)
        let authority = Set("-._~%!$&'()*+;=:[]0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ".utf8)
        for octet in UInt8.min...UInt8.max {
            #expect(Octet.isToken(octet) == token.contains(octet))
            #expect(Octet.isAuthority(octet) == authority.contains(octet))
            #expect(Octet.hexValue(octet) == Int(String(UnicodeScalar(octet)), radix: 16))
        }
    }

    private func exchange(_ request: String) throws -> ExchangeState {
        var reader = RequestReader(headerLimit: 4096, bodyLimit: 4096)
        reader.receive(ByteBuffer(string: request))
        guard case .head(let head) = reader.next() else { throw HeadFault.tooLarge }
        return ExchangeState(head, replayLimit: 10)
    }

    @Test func `only a kept connection, an unanswered request and a safe method or an untouched request mean a retry`()
        throws
    {
        for (request, isSafe) in [
            ("GET / HTTP/1.1\r\nHost: x\r\n\r\n", true), ("PUT / HTTP/1.1\r\nHost: x\r\n\r\n", true),
            ("POST / HTTP/1.1\r\nHost: x\r\n\r\n", false), ("PATCH / HTTP/1.1\r\nHost: x\r\n\r\n", false),
        ] {
            for isKept in [true, false] {
                for isUntouched in [true, false] {
                    for hasBegun in [true, false] {
                        var exchange = try exchange(request)
                        exchange.connected(isKept: isKept)
                        exchange.requestEnded()
                        if hasBegun { exchange.answerBytesCame() }
                        let recovery = exchange.upstreamLost(.closed(isUntouched: isUntouched))
                        #expect((recovery == .retry) == (isKept && !hasBegun && (isSafe || isUntouched)))
                        #expect(exchange.upstreamLost(.silent) != .retry)
                    }
                }
            }
        }
    }

    @Test func `a request that could not be sent again does not use a kept connection`() throws {
        let post = "POST / HTTP/1.1\r\nHost: x\r\n"
        #expect(try exchange(post + "\r\n").mayUseKeptConnection)
        #expect(try exchange(post + "Content-Length: 10\r\n\r\n").mayUseKeptConnection)
        #expect(try !exchange(post + "Content-Length: 11\r\n\r\n").mayUseKeptConnection)
        #expect(try !exchange(post + "Transfer-Encoding: chunked\r\n\r\n").mayUseKeptConnection)
    }

    @Test func `too many connection options are refused, for their cost`() throws {
        let names = (0..<65).map { "x\($0)" }.joined(separator: ",")
        #expect(throws: (any Error).self) {
            try exchange("GET / HTTP/1.1\r\nHost: x\r\nConnection: \(names)\r\n\r\n")
        }
    }
}
