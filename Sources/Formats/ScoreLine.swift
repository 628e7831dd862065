package import JSON

/// The scores of one pair as one line of an external scorer's output.
///
/// A line says what one scorer gave, or, under `scores`, what several gave. Keys that are not known are ignored.
package struct ScoreLine: Sendable, Equatable {
    /// What one scorer gave; nil where it is not defined.
    package struct Entry: Sendable, Equatable {
        /// nil where the line leaves it to the command line.
        package var scorer: String?
        /// nil where the line leaves it to the command line.
        package var version: String?
        /// 0…1.
        package var stable: Double?
        /// 0…1.
        package var shadow: Double?
        /// 0…1.
        package var control: Double?
        /// 0…1.
        package var pair: Double?
    }

    /// The pair's.
    package var id: String
    /// At least one.
    package var entries: [Entry]
}

extension ScoreLine {
    /// Reads a line that is parsed already.
    ///
    /// - Throws: `LineError`, a sentence without the line, which the caller puts in front.
    package init(_ value: JSON) throws(LineError) {
        let line = try LineReader(value)
        guard let id = try line.identifier("id") else { throw .missing("id", "a score needs the pair's `id`") }
        self.id = id
        let whole = try Self.entry(line)
        entries = []
        for (index, element) in (try line.array("scores") ?? []).enumerated() {
            var entry = try Self.entry(LineReader(element, key: "scores[\(index)]"))
            entry.scorer = entry.scorer ?? whole.scorer
            entry.version = entry.version ?? whole.version
            entries.append(entry)
        }
        if entries.isEmpty { entries = [whole] }
    }

    /// The pair that a line is about, also where the rest of it is wrong.
    package static func id(of value: JSON) -> String? {
        (try? LineReader(value).identifier("id")) ?? nil
    }

    private static func entry(_ reader: LineReader) throws(LineError) -> Entry {
        Entry(
            scorer: try reader.nonEmptyString("scorer"),
            version: try reader.identifier("version"),
            stable: try reader.score("stable"),
            shadow: try reader.score("shadow"),
            control: try reader.score("control"),
            pair: try reader.score("pair")
        )
    }
}

extension LineReader {
    /// A number from 0 to 1, or a truth value, which stands for 1 or 0.
    fileprivate func score(_ key: String) throws(LineError) -> Double? {
        if let flag = member(key)?.boolValue { return flag ? 1 : 0 }
        return try number(key, in: 0...1, "a number from 0 to 1, or null")
    }
}
