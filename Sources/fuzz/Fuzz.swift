// The coverage-guided fuzz of the parsers that read strangers' bytes (libFuzzer: LLVM's "libFuzzer – a library for
// coverage-guided fuzz testing"). Scripts/fuzz builds and runs it; it is in the package only when UNDERSTUDY_FUZZ is set,
// because libFuzzer brings its own main.
//
// What is proven for each input: nothing traps; the parser says the same however the bytes are cut; and no accepted request
// can be read two ways (RFC 9112 §6.3), whatever its head holds.

import Gateway
import Glibc
import NIOCore
import Wire

/// The parser under test: UNDERSTUDY_FUZZ_PARSER, one of `requests`, `answers` and `events`.
private let subject = getenv("UNDERSTUDY_FUZZ_PARSER").map { String(cString: $0) } ?? "requests"

/// libFuzzer's own loop (FuzzerInterface.h).
///
/// Its `main` is not used: the package manager names ours.
@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
    _ count: UnsafeMutablePointer<CInt>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
    _ body: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt

@_cdecl("fuzz_main")
public func fuzzMain(_ count: CInt, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> CInt {
    var count = count
    var arguments = arguments
    return runDriver(&count, &arguments) { fuzzOneInput($0, $1) }
}

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = Array(UnsafeBufferPointer(start: data, count: count))
    guard let seed = input.first else { return 0 }
    let bytes = input[1...]
    let pieces = cut(bytes, seed: seed)
    switch subject {
    case "answers": expectEqual(answers([bytes]), answers(pieces))
    case "events": expectEqual(events([bytes]), events(pieces))
    default: expectEqual(requests([bytes]), requests(pieces))
    }
    return 0
}

/// The same bytes in pieces of 1 to 16.
private func cut(_ bytes: ArraySlice<UInt8>, seed: UInt8) -> [ArraySlice<UInt8>] {
    var pieces: [ArraySlice<UInt8>] = []
    var rest = bytes
    var state = seed
    while !rest.isEmpty {
        state = state &* 29 &+ 7
        let piece = rest.prefix(Int(state % 16) + 1)
        pieces.append(piece)
        rest = rest.dropFirst(piece.count)
    }
    return pieces
}

private func expectEqual(_ whole: [String], _ pieces: [String]) {
    precondition(whole == pieces, "The parser reads the same bytes in two ways, whole and in pieces.")
}

/// What was read: heads and ends, one entry each; the payload of each message joined.
private func requests(_ pieces: [ArraySlice<UInt8>]) -> [String] {
    var reader = RequestReader(headerLimit: 2_048, bodyLimit: 4_096)
    var said: [String] = []
    var payload = 0
    for piece in pieces {
        reader.receive(ByteBuffer(bytes: piece))
        loop: while true {
            switch reader.next() {
            case .needMore: break loop
            case .head(let head):
                said.append("\(head.method) \(head.target) \(head.fields.map { "\($0.name)=\($0.value)" })")
                expectOneReading(head)
                payload = 0
            case .body(let raw): payload += raw.readableBytes
            case .end:
                said.append("end after \(payload)")
                reader.startNext()
            case .refuse:
                // That it is refused is the same however it is cut. Which of several faults is seen first is not.
                return said + ["refused"]
            }
        }
    }
    return said
}

private func expectOneReading(_ head: RequestHead) {
    var lengths: Set<String> = []
    var codings = 0
    for field in head.fields {
        switch String(field.name).lowercased() {
        case "content-length": lengths.insert(String(field.value))
        case "transfer-encoding": codings += 1
        default: break
        }
    }
    precondition(lengths.isEmpty || codings == 0, "A request with a length and a transfer coding was accepted.")
    precondition(lengths.count < 2 && codings < 2, "A request whose length is said twice was accepted.")
}

private func answers(_ pieces: [ArraySlice<UInt8>]) -> [String] {
    var reader = AnswerReader(isAnswerToHead: false)
    var said: [String] = []
    var payload = 0
    for piece in pieces {
        reader.receive(ByteBuffer(bytes: piece))
        loop: while true {
            switch reader.next() {
            case .needMore: break loop
            case .informational(let head), .head(let head):
                said.append("\(head.status) \(head.fields.map { "\($0.name)=\($0.value)" })")
            case .body(let raw): payload += raw.readableBytes
            case .end:
                said.append("end after \(payload)")
                return said
            case .broken: return said + ["broken"]
            }
        }
    }
    return said
}

private func events(_ pieces: [ArraySlice<UInt8>]) -> [String] {
    var parser = ServerSentEventParser(maximumEventBytes: 1_024)
    var said: [String] = []
    for piece in pieces {
        // No typed throw through the closure: the optimiser of Swift 6.3.1 ends on it.
        let failure: ServerSentEventError? = piece.withUnsafeBytes { raw in
            do throws(ServerSentEventError) {
                try parser.parse(raw) { said.append("\($0.type) \($0.lastEventID) \($0.data)") }
                return nil
            } catch {
                return error
            }
        }
        if let failure { return said + ["\(failure)"] }
    }
    said.append("inside: \(parser.isInsideEvent)")
    return said
}
