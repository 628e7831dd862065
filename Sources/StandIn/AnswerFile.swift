// Files of recorded answers.
//
// Three kinds of lines may stand in any file, in any order, plain or zstd-compressed:
//   a request   {"id":…,"path":"/v1/…","body":"…"}                           the body exactly as it was sent
//   an answer   {"request":ID,"leg":…,"status":…,"content_type":…,"stream":…,"first_byte_ms":…,"total_ms":…,
//                "events":[[ms,"data: …"],…] or "body":"…"}                  as Scripts/record writes it
//   a pair      {"messages":…,"stable":{…},"shadow":{…},…}                   as `PairLine` reads it
// A request and its answers may stand in different files; they are joined when all are read.

import Formats
import Foundation
import JSON
package import Vocabulary
import Wire

/// Reads files of recorded answers into a book.
package struct AnswerFileReader {
    private struct Request {
        var name: [UInt8]
    }

    private struct Answer {
        var recorded: RecordedAnswer
        var leg: Leg
        var place: String
    }

    private let defaultLeg: Leg
    private var requests: [String: Request] = [:]
    private var answers: [String: [Answer]] = [:]
    private let book = AnswerBook()

    /// A reader; answers without a `leg` are those of `defaultLeg`.
    package init(defaultLeg: Leg) {
        self.defaultLeg = defaultLeg
    }

    /// Reads one file.
    ///
    /// - Throws: `AnswerFileError` with file and line, or Foundation's error where the file cannot be read.
    package mutating func read(path: String) throws {
        let bytes = try FileText.bytes(atPath: path)
        var copy = self
        try LineSplitter.forEachLine(of: bytes) { line, text in
            guard text.contains(where: { $0 != 0x20 && $0 != 0x0d }) else { return }
            do {
                try copy.take(try JSON(parsing: text), place: "\(path):\(line)")
            } catch let error as AnswerFileError {
                throw error
            } catch {
                throw AnswerFileError(place: "\(path):\(line)", problem: "\(error)")
            }
        }
        self = copy
    }

    /// The book of all files that were read.
    ///
    /// - Throws: `AnswerFileError` where an answer names a request that no file has.
    package func finish() throws -> AnswerBook {
        for (id, answers) in answers {
            for answer in answers {
                guard let request = requests[id] else {
                    throw AnswerFileError(
                        place: answer.place,
                        problem: "the answer is to request \(id), which none of the files has; name its file as well"
                    )
                }
                book.add(answer.recorded, under: request.name, leg: answer.leg)
            }
        }
        return book
    }

    private mutating func take(_ line: JSON, place: String) throws {
        if line["stable"] != nil {
            try takePair(line, place: place)
        } else if let id = line["request"]?.stringValue {
            let leg = line["leg"]?.stringValue.flatMap(Leg.init(rawValue:)) ?? defaultLeg
            guard let recorded = RecordedAnswer(line: line) else { return }
            answers[id, default: []].append(Answer(recorded: recorded, leg: leg, place: place))
        } else if let id = line["id"]?.stringValue, let path = line["path"]?.stringValue {
            guard let shape = APIShapes.provided.shape(target: path), let text = line["body"]?.stringValue else {
                throw AnswerFileError(
                    place: place,
                    problem: "a request needs the path of a mirrored endpoint and a body"
                )
            }
            requests[id] = Request(name: AnswerBook.name(shape: shape, body: try JSON(parsing: text)))
        } else {
            throw AnswerFileError(
                place: place,
                problem: "the line is neither a request (id, path, body), nor an answer (request, status), nor a pair"
            )
        }
    }

    private func takePair(_ line: JSON, place: String) throws {
        let pair = try PairLine(line)
        guard let canonical = pair.canonicalBytes else {
            throw AnswerFileError(place: place, problem: "a pair needs its prompt or messages to be found by")
        }
        let name = AnswerBook.name(canonicalBytes: canonical)
        book.add(.contents(pair.stable), under: name, leg: .stable)
        book.add(.contents(pair.shadow), under: name, leg: .shadow)
        if let control = pair.control {
            book.add(.contents(control), under: name, leg: .control)
        }
    }
}

/// A file of recorded answers that cannot be used.
package struct AnswerFileError: Error, CustomStringConvertible {
    package var place: String
    package var problem: String

    package var description: String { "\(place): \(problem)." }
}

extension RecordedAnswer {
    /// An answer line; nil where the recording failed before there was an answer.
    fileprivate init?(line: JSON) {
        guard let status = line["status"]?.intValue else { return nil }
        let time = { (value: JSON?) in Duration.fractionalMilliseconds(value?.doubleValue ?? 0) }
        let total = time(line["total_ms"])
        var pieces: [Playback.Piece] = []
        if let events = line["events"]?.arrayValue {
            for event in events {
                let text = event[1]?.stringValue ?? ""
                pieces.append(.init(at: time(event[0]), bytes: Array(text.utf8) + [0x0a, 0x0a]))
            }
            if let tail = line["tail"]?.stringValue {
                pieces.append(.init(at: total, bytes: Array(tail.utf8)))
            }
        } else {
            pieces.append(.init(at: total, bytes: Array((line["body"]?.stringValue ?? "").utf8)))
        }
        self = .bytes(
            Playback(
                status: status,
                contentType: line["content_type"]?.stringValue ?? AnswerWriter.documentContentType,
                headAt: min(time(line["first_byte_ms"]), total),
                pieces: pieces,
                endAt: total,
                isStreamed: line["stream"]?.boolValue ?? false
            )
        )
    }
}
