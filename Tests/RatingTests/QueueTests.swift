import Formats
import Foundation
import JSON
import PairStore
import Rating
import Statistics
import Testing
import Vocabulary

struct QueueTests {
    private static let pairs = (0..<60).map { makePair($0, intent: $0 % 2 == 0 ? "payment" : "how_to") }

    private static func export(
        _ store: Store,
        _ key: PromptKey,
        count: Int = 40,
        seed: UInt64 = 1,
        intents: Set<IntentClass> = []
    ) throws -> [BlindItem] {
        try QueueExport.items(
            QueueExport.Request(count: count, seed: seed, intents: intents),
            from: store,
            key: key,
            time: Date()
        )
    }

    @Test(arguments: QueueFormat.allCases)
    func `no exported form says whose answer is whose`(format: QueueFormat) throws {
        try withStore(Self.pairs) { store, key in
            let text = String(decoding: format.file(try Self.export(store, key)), as: UTF8.self).lowercased()
            for word in ["stable", "shadow", "control", "v1.1.0", "v1.2.0", "pair-", "swapped", "sample", "refusal"] {
                #expect(!text.contains(word), "\(word)")
            }
        }
    }

    @Test func `the same request makes the same items, and sides fall about evenly`() throws {
        try withStore((0..<400).map { makePair($0) }) { store, key in
            let items = try Self.export(store, key, count: 300)
            try #expect(Self.export(store, key, count: 300) == items)
            #expect(Set(items.map(\.id)).count == items.count)
            let leadFirst = items.count { $0.answerA.hasPrefix("lead") }
            // Five standard errors of a fair coin over 300 items.
            #expect(abs(leadFirst - items.count / 2) < 44)
        }
    }

    @Test func `another key blinds otherwise`() throws {
        var sides: [[Bool]] = []
        for _ in 0..<2 {
            try withStore(Self.pairs) { store, key in
                sides.append(
                    try Self.export(store, key).sorted { $0.prompt < $1.prompt }.map { $0.answerA.hasPrefix("lead") }
                )
            }
        }
        #expect(sides[0] != sides[1])
    }

    @Test func `a repeat shows the same pair with its sides swapped, under another name`() throws {
        try withStore(Self.pairs) { store, key in
            let items = try Self.export(store, key)
            let again = items.suffix(4)
            for item in again {
                let first = try #require(items.first { $0.prompt == item.prompt })
                #expect(first.id != item.id)
                #expect(first.answerA == item.answerB)
                #expect(first.answerB == item.answerA)
            }
        }
    }

    @Test func `only the wanted classes are exported`() throws {
        try withStore(Self.pairs) { store, key in
            let items = try Self.export(store, key, intents: ["how_to"])
            #expect(items.count == 34)
            for item in items {
                let index = try #require(Int(item.answerA.split(separator: " ").last ?? ""))
                #expect(index % 2 == 1)
            }
        }
    }

    @Test func `a table comes back as it went out, and is no formula`() throws {
        try withStore(Self.pairs) { store, key in
            let items = try Self.export(store, key)
            let rows = try CommaSeparatedValues.rows(QueueFormat.csv.file(items))
            #expect(rows.count == items.count + 1)
            for (row, item) in zip(rows.dropFirst(), items) {
                #expect(row.fields[0] == item.id)
                #expect(row.fields[1] == "'" + item.prompt)
                #expect(row.fields[2] == item.answerA)
            }
        }
    }

    /// A rater who always prefers the candidate, whatever the side, comes out as such in every format.
    @Test func `ratings come back to the right leg`() throws {
        try withStore(Self.pairs) { store, key in
            let items = try Self.export(store, key)
            var lines: [UInt8] = []
            for item in items {
                let choice = item.answerA.hasPrefix("candidate") ? "a" : "b"
                let line: JSON = ["item": .string(item.id), "rater": "r1", "choice": .string(choice), "harm": nil]
                lines += line.bytes() + [0x0a]
            }
            let result = try QueueImport.read(lines, into: store, policy: .full)
            #expect(result.counts.added == items.count)
            #expect(result.counts.unknown.isEmpty)
            try #expect(QueueImport.read(lines, into: store, policy: .full).counts.unchanged == items.count)

            let summary = try RatingSummary(of: store)
            #expect(summary.preference.value?.estimate == 1)
            #expect(summary.raters.first?.consistency == 1)
            let first = try #require(summary.raters.first?.firstShare)
            #expect(first > 0.1 && first < 0.9)
        }
    }

    @Test func `a rater who always takes the first side is found out`() throws {
        try withStore(Self.pairs) { store, key in
            var lines: [UInt8] = []
            for item in try Self.export(store, key) {
                let line: JSON = ["item": .string(item.id), "rater": "r1", "choice": "a"]
                lines += line.bytes() + [0x0a]
            }
            _ = try QueueImport.read(lines, into: store, policy: .full)
            let rater = try #require(try RatingSummary(of: store).raters.first)
            #expect(rater.firstShare == 1)
            #expect(rater.consistency == 0)
        }
    }

    @Test func `ratings of unknown items change nothing unless the rest is wanted`() throws {
        try withStore(Self.pairs) { store, key in
            let known = try #require(try Self.export(store, key).first)
            let lines = Array(
                (#"{"item":"\#(known.id)","rater":"r","choice":"a"}"# + "\n"
                    + #"{"item":"nobody","rater":"r","choice":"a"}"#).utf8
            )
            let refused = try QueueImport.read(lines, into: store, policy: .full)
            #expect(refused.counts.unknown == [.item("nobody")])
            try #expect(RatingSummary(of: store).ratings == 0)
            let kept = try QueueImport.read(lines, into: store, policy: .full, keepingKnown: true)
            #expect(kept.counts.added == 1)
            try #expect(RatingSummary(of: store).ratings == 1)
        }
    }

    @Test func `no cell is a formula, whatever stands before it and however wide it is`() throws {
        let formulas = [
            "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "\u{200B}=1", "\u{FEFF}@x", "\"=1\"", "'=1",
            "＝1", "＋1", "－1", "＠x", "\u{2212}1", "\u{3000}＝1", "\u{1}=1",
        ]
        let plain = ["one", "a=b", "1-2", "'quoted' words", "漢字", "", " indented"]
        let items = (formulas + plain).map { BlindItem(id: "i", prompt: $0, answerA: $0, answerB: $0) }
        let rows = try CommaSeparatedValues.rows(QueueFormat.csv.file(items)).dropFirst()
        for (row, text) in zip(rows, formulas + plain) {
            let shown = formulas.contains(text) ? "'" + text : text
            #expect(Array(row.fields[1...3]) == [shown, shown, shown], "\(text.debugDescription)")
        }
    }
}
