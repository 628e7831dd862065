// Content codings, as bodies of clients and of models bring them.
//
// What is proven: a body decodes to the same bytes however it is cut, to no more than its receiver takes, and what zlib itself
// made of some bytes decodes to those bytes.

import Wire

private let codings = ["gzip", "deflate", "x-gzip", "gzip, gzip", "br", ""]
private let limit = 1 << 16

@Sendable func fuzzCodings(_ bytes: ArraySlice<UInt8>, seed: UInt8) {
    let coding = codings[Int(seed) % codings.count]
    let whole = (try? ContentDecoder.decoded([bytes], contentEncoding: coding, limit: limit)) ?? nil
    precondition(whole?.count ?? 0 <= limit || whole == Array(bytes), "More was decoded than allowed.")
    guard case .decoder(var decoder) = ContentDecoder.decoder(for: coding) else { return }
    var output: [UInt8] = []
    var isRefused = false
    for piece in cut(bytes, seed: seed) where !isRefused {
        // No typed throw through the closure: the optimiser of Swift 6.3.1 ends on it.
        isRefused = !piece.withUnsafeBytes { raw in
            do throws(ContentCodingError) {
                try decoder.decode(raw) {
                    output.append(contentsOf: $0)
                    return output.count <= limit
                }
                return output.count <= limit
            } catch {
                return false
            }
        }
    }
    let pieces = isRefused || !decoder.isComplete ? nil : output
    expectEqual(whole, pieces)
}
