// Files that people bring: pairs, scores and ratings as JSON lines, and the files of rating tools, CSV among them.
//
// What is proven: a table that is read can be written and reads back the same; a pair's line that is read can be written as a
// line, and that line again as the same line.

import Formats
import Foundation
import JSON
import Vocabulary

@Sendable func fuzzFiles(_ bytes: ArraySlice<UInt8>, seed: UInt8) {
    _ = try? RatingFile(parsing: bytes)
    if let value = try? JSON(parsing: bytes) { _ = try? ScoreLine(value) }
    if let rows = try? CommaSeparatedValues.rows(Array(bytes)) {
        var written: [UInt8] = []
        for row in rows { CommaSeparatedValues.write(row.fields, to: &written) }
        expectEqual(
            (try? CommaSeparatedValues.rows(written))?.map(\.fields),
            rows.map(\.fields),
            "a table and its copy"
        )
    }
    if let line = try? PairLine(parsing: bytes) {
        let once = copy(line)
        let twice = (try? PairLine(parsing: once)).map(copy)
        expectEqual(twice, once, "a pair's line and its copy")
    }
}

/// The line as `store export` would write it.
private func copy(_ line: PairLine) -> [UInt8] {
    let pair = line.pair(
        id: line.id ?? "fuzz",
        time: line.time ?? Date(timeIntervalSince1970: 0),
        session: line.session.map { SessionHash(hex: $0) },
        intent: line.intent ?? .other,
        intentSource: .imported,
        promptHash: line.promptHash ?? PromptHash(hex: "00"),
        prompt: line.promptText
    )
    return PairLine(pair, pairScores: line.pairScores).json.bytes()
}
