import Foundation
import Mirroring
import PairStore
import TestSupport
import Testing
import Vocabulary

@testable import Serving

/// What was counted while nothing could be written.
struct WaitingCountsTests {
    @Test func `nothing waits before anything was counted`() {
        #expect(WaitingCounts().isEmpty)
    }
}
