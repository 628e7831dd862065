// A file of ratings in any of the forms that are read, recognised by its content.
//
//   JSON lines   one rating, or one Argilla record, a line
//   JSON array   of ratings, of Label Studio tasks, of Argilla records
//   CSV          a header line with the keys of the JSON form
//
// What annotators skipped or cancelled is no rating; it is counted.
//
// An export repeats the texts of its tasks, so that a file may be large. An array is read an element at a time and lines
// line by line, so that the values of one alone are held; a table is held whole, and may have less.

import JSON

/// The ratings of a file.
package struct RatingFile: Sendable, Equatable {
    /// What the file was recognised as.
    package enum Format: String, Sendable, CaseIterable {
        case jsonLines = "jsonl"
        case json
        case csv
        case labelStudio = "label-studio"
        case argilla
    }

    /// The most that is read at once: tasks of a hundred thousand items with their texts.
    package static let largestBytes = 256 << 20
    /// Of a table, whose fields may take ten times that.
    static let largestTableBytes = 64 << 20
    static let mostRatings = 1_000_000

    package var format: Format
    package var ratings: [RatingLine]
    /// Tasks and records that nobody answered, and answers that were cancelled or discarded.
    package var skipped: Int

    /// Reads a file.
    ///
    /// - Throws: `LineError`, a sentence that names the line, element or row, without the file, which the caller puts
    ///   in front.
    package init(parsing bytes: some Collection<UInt8>) throws(LineError) {
        let content = Array(bytes)
        let start = content.first { ![0x20, 0x09, 0x0A, 0x0D, 0xEF, 0xBB, 0xBF].contains($0) }
        switch start {
        case nil:
            self.init(format: .jsonLines, ratings: [], skipped: 0)
        case UInt8(ascii: "["): self = try Self.readArray(content)
        case UInt8(ascii: "{"): self = try Self.readLines(content)
        default: self = try Self.readTable(content)
        }
    }

    private init(format: Format, ratings: [RatingLine], skipped: Int) {
        self.format = format
        self.ratings = ratings
        self.skipped = skipped
    }

    private static func readArray(_ content: [UInt8]) throws(LineError) -> RatingFile {
        var file = RatingFile(format: .json, ratings: [], skipped: 0)
        var elements = ArrayElements(content)
        var number = 0
        while let range = try elements.next() {
            number += 1
            let element: JSON
            do {
                element = try JSON(parsing: content[range])
            } catch {
                throw LineError("element \(number): \(error.description)")
            }
            try file.add(element, place: "element \(number)")
        }
        return file
    }

    private static func readLines(_ content: [UInt8]) throws(LineError) -> RatingFile {
        var file = RatingFile(format: .jsonLines, ratings: [], skipped: 0)
        var splitter = LineSplitter(maximumLineBytes: ArrayElements.largestBytes)
        func take(_ number: Int, _ line: UnsafeRawBufferPointer) throws {
            let value: JSON
            do throws(JSONError) {
                value = try JSON(parsing: line)
            } catch {
                throw LineError("line \(number): \(error.description)")
            }
            try file.add(value, place: "line \(number)")
        }
        do {
            try content.withUnsafeBytes { try splitter.append($0, take) }
            try splitter.finish(take)
        } catch let error as LineError {
            throw error
        } catch let long as LineSplitter.LineTooLong {
            throw LineError("line \(long.line): \(long)")
        } catch {
            throw LineError("\(error)")
        }
        return file
    }

    /// Adds the ratings of one element, whatever its form.
    private mutating func add(_ value: JSON, place: String) throws(LineError) {
        do {
            if value["annotations"]?.arrayValue != nil {
                format = .labelStudio
                try add(LabelStudio.ratings(of: value))
            } else if Argilla.isRecord(value) {
                format = .argilla
                try add(Argilla.ratings(of: value))
            } else {
                ratings.append(try RatingLine(value))
            }
        } catch {
            throw LineError("\(place): \(error.description)")
        }
        guard ratings.count <= Self.mostRatings else {
            throw LineError("\(place): The file has more than \(Self.mostRatings) ratings; cut it into several.")
        }
    }

    private mutating func add(_ found: (ratings: [RatingLine], skipped: Int)) {
        ratings += found.ratings
        skipped += found.skipped
    }

    private static func readTable(_ content: [UInt8]) throws(LineError) -> RatingFile {
        guard content.count <= largestTableBytes else {
            throw LineError("The table is larger than \(largestTableBytes >> 20) MiB; cut it into several.")
        }
        let table: [CommaSeparatedValues.Row]
        do {
            table = try CommaSeparatedValues.rows(content)
        } catch {
            throw LineError(error.description)
        }
        guard let header = table.first else { return RatingFile(format: .csv, ratings: [], skipped: 0) }
        let names = header.fields.map { $0.trimmingSpaces.lowercased() }
        guard names.contains("rater"), names.contains("item") || names.contains("pair") else {
            throw LineError(
                "line 1: The header must name the columns `rater` and either `item` and `choice` "
                    + "or `pair` and `preferred`."
            )
        }
        var file = RatingFile(format: .csv, ratings: [], skipped: 0)
        for row in table.dropFirst() {
            guard row.fields.count == names.count else {
                throw LineError(
                    "line \(row.line): This row has \(row.fields.count) fields and the header \(names.count)."
                )
            }
            var object = JSON.Object()
            for (name, field) in zip(names, row.fields) where !field.isEmpty { object[name] = .string(field) }
            // A row that names its item but no choice is one that the rater has not reached.
            if object["choice"] == nil, object["preferred"] == nil {
                file.skipped += 1
                continue
            }
            do {
                file.ratings.append(try RatingLine(.object(object)))
            } catch {
                throw LineError("line \(row.line): \(error.description)")
            }
        }
        return file
    }
}

extension String {
    fileprivate var trimmingSpaces: String {
        let trimmed = drop { $0 == " " || $0 == "\u{FEFF}" }.reversed().drop { $0 == " " }.reversed()
        return String(trimmed)
    }
}
