import NIOCore
import Statistics
import Testing

@testable import Gateway

struct ReadBufferSizeTests {
    @Test func `grows and shrinks as the allocator of NIO does`() {
        var random = SplitMix64(seed: 1)
        var theirs = AdaptiveRecvByteBufferAllocator(
            minimum: ReadBufferSize.minimum,
            initial: ReadBufferSize.initial,
            maximum: ReadBufferSize.maximum
        )
        var ours = ReadBufferSize()
        var sizes: Set<Int> = []
        for step in 0..<20_000 {
            // As far as the buffer goes, at times many full or many empty ones in a row.
            let size = ours.nextBufferSize() ?? 0
            let isFull = step / 16 % 3 == 0
            let read = isFull ? size : Int.random(in: 0...(step / 16 % 3 == 1 ? size / 2 : size), using: &random)
            #expect(ours.record(actualReadBytes: read) == theirs.record(actualReadBytes: read))
            sizes.insert(size)
            guard ours.nextBufferSize() == theirs.nextBufferSize() else {
                Issue.record("apart after read \(step), of \(read) bytes")
                return
            }
        }
        #expect(sizes == Set((6...14).map { 1 << $0 }))
    }

    /// What is larger is stored in a block of its own, which each event of a stream would have to look up.
    @Test func `fits into what an existential holds inline`() {
        #expect(MemoryLayout<ReadBufferSize>.size <= 3 * MemoryLayout<Int>.size)
    }
}
