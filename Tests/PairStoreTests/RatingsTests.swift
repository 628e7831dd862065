import Foundation
import GRDB
import Testing
import Vocabulary

@testable import PairStore

struct RatingsTests {
    private let firstRound = RatingRound(name: "first", seed: .max, exportedAt: .example)

    private func withItems(_ body: (Store, ExperimentID, [RatingItem]) throws -> Void) async throws {
        try await withStore { store, experiment in
            _ = try store.pairs.add(
                (0..<4).map { ImportedPair(pair: .example("pair-\($0)", session: $0 == 0 ? "aa" : nil)) },
                into: experiment,
                policy: .full
            )
            var items: [RatingItem] = []
            try store.pairs.forEachFigures { figures in
                let isOdd = items.count % 2 == 1
                items.append(
                    RatingItem(
                        id: "item-\(items.count)",
                        pairRowID: figures.rowID,
                        sideA: isOdd ? .shadow : .stable,
                        sideB: isOdd ? .stable : .shadow,
                        inclusionProbability: isOdd ? nil : 0.25,
                        reason: isOdd ? "new_refusal" : "sample",
                        swappedOf: items.count == 3 ? "item-0" : nil
                    )
                )
            }
            #expect(try store.ratings.saveRound(firstRound, items: items))
            try body(store, experiment, items)
        }
    }

    @Test func `a round is kept once and reads back`() async throws {
        try await withItems { store, _, items in
            #expect(try store.ratings.items(round: "first") == items)
            // A second export of the same round changes nothing.
            #expect(try !store.ratings.saveRound(firstRound, items: Array(items.prefix(1))))
            #expect(try store.ratings.items(round: "first") == items)
            // A round that cannot be kept whole is not kept at all.
            let second = RatingRound(name: "second", seed: 1, exportedAt: .example)
            #expect(throws: DatabaseError.self) { _ = try store.ratings.saveRound(second, items: items) }
            let rounds = try store.ratings.status().map(\.round)
            #expect(rounds == [firstRound])
        }
    }

    @Test func `a rater's second word replaces the first and is counted`() async throws {
        try await withItems { store, _, _ in
            let rating = StoredRating(
                subject: .item("item-0"),
                rater: "r1",
                choice: .sideA,
                harm: .sideB,
                comment: "hm",
                time: .example
            )
            #expect(try store.ratings.save([rating], policy: .full).added == 1)
            #expect(try store.ratings.save([rating], policy: .full).unchanged == 1)
            var changed = rating
            changed.choice = .bothBad
            changed.harm = nil
            var other = rating
            other.rater = "r2"
            let counts = try store.ratings.save([changed, other], policy: .full)
            #expect(counts.replaced == 1)
            #expect(counts.added == 1)
            #expect(try store.ratings.ratedPairs().map(\.rating) == [changed, other])
            let status = try #require(try store.ratings.status().first)
            #expect(
                status
                    == RatingRoundStatus(round: firstRound, items: 4, ratedItems: 1, ratings: 2, raters: 2)
            )
        }
    }

    @Test func `ratings come back with what is needed to weigh them and to unblind them`() async throws {
        try await withItems { store, experiment, items in
            _ = try store.ratings.save(
                [
                    StoredRating(subject: .item("item-1"), rater: "r1", choice: .sideA),
                    StoredRating(subject: .pair("pair-0"), rater: "r1", choice: .shadow, harm: .stable),
                    StoredRating(subject: .pair("pair-0"), rater: "r1", choice: .tie),
                ],
                policy: .full
            )
            let rated = try store.ratings.ratedPairs(experiment: experiment)
            #expect(rated.count == 2)
            #expect(rated[0].item == items[1])
            #expect(rated[0].pairID == "pair-1")
            #expect(rated[0].session == SessionKey(pairWithoutSession: "pair-1"))
            #expect(rated[1].item == nil)
            #expect(rated[1].rating.choice == .tie)
            #expect(rated[1].rating.harm == nil)
            #expect(rated[1].session == SessionKey(SessionHash(hex: "aa")))
            #expect(rated[1].samplingProbability == 0.5)
            #expect(rated[1].intent == IntentClass(rawValue: "payment"))
        }
    }

    @Test func `ratings of unknown items keep the others only where that was asked for`() async throws {
        try await withItems { store, _, _ in
            let ratings = [
                StoredRating(subject: .item("item-0"), rater: "r1", choice: .sideA),
                StoredRating(subject: .item("nowhere"), rater: "r1", choice: .sideA),
            ]
            let refused = try store.ratings.save(ratings, policy: .full)
            #expect(refused.unknown == [.item("nowhere")])
            #expect(refused.added == 0)
            #expect(try store.ratings.ratedPairs().isEmpty)
            let kept = try store.ratings.save(ratings, policy: .full, keepingKnown: true)
            #expect(kept.added == 1)
            #expect(kept.unknown == [.item("nowhere")])
            #expect(try store.ratings.ratedPairs().count == 1)
        }
    }
}
