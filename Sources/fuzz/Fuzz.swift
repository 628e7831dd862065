// The coverage-guided fuzz of everything that reads strangers' bytes (libFuzzer: LLVM's "libFuzzer – a library for
// coverage-guided fuzz testing"). Scripts/fuzz builds and runs it; it is in the package only when UNDERSTUDY_FUZZ is set,
// because libFuzzer brings its own main.
//
// What is proven for each input: nothing traps, nothing touches memory that is not its own (address sanitizer), nothing takes
// longer than ten seconds, and what the subject's own file says at its top.

import Glibc

/// A reader under test and what it has to fulfil; it traps where it does not.
typealias Subject = @Sendable (ArraySlice<UInt8>, _ seed: UInt8) -> Void

/// By the name that Scripts/fuzz takes.
private let subjects: [String: Subject] = [
    "requests": { expectEqual(requests([$0]), requests(cut($0, seed: $1))) },
    "answers": { expectEqual(answers([$0]), answers(cut($0, seed: $1))) },
    "events": { expectEqual(events([$0]), events(cut($0, seed: $1))) },
    "json": fuzzJSON,
    "codings": fuzzCodings,
    "redaction": fuzzRedaction,
    "files": fuzzFiles,
    "store": fuzzStore,
]

/// The subject under test: UNDERSTUDY_FUZZ_PARSER.
private let subject: Subject = {
    let name = getenv("UNDERSTUDY_FUZZ_PARSER").map { String(cString: $0) } ?? ""
    guard let subject = subjects[name] else {
        fatalError("UNDERSTUDY_FUZZ_PARSER is “\(name)”, and must be one of \(subjects.keys.sorted()).")
    }
    return subject
}()

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

/// One input: a byte that says how the rest is cut, or which variant is meant, and the rest.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = Array(UnsafeBufferPointer(start: data, count: count))
    guard let seed = input.first else { return 0 }
    subject(input[1...], seed)
    return 0
}

/// The same bytes in pieces of 1 to 16.
func cut(_ bytes: ArraySlice<UInt8>, seed: UInt8) -> [ArraySlice<UInt8>] {
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

func expectEqual<Value: Equatable>(_ one: Value, _ other: Value, _ what: String = "whole and in pieces") {
    precondition(one == other, "The same bytes are read in two ways: \(what).")
}
