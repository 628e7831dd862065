// The phrases and words of one language, as its file in `Resources/Phrases` has them.
//
// The head of each file says how it is written; `PhraseBook` finds its phrases. A program takes the lines as they are, and looks
// for no mistakes in them: a test does (`PhraseLibrary.faults`), so that no file ships with one.

/// What a language's file says.
struct PhraseFile: Sendable {
    /// A line, with where it stands.
    struct Line: Sendable {
        let number: Int
        let text: Substring

        /// The parts between blanks.
        var parts: [Substring] { text.utf8.split(separator: UInt8(ascii: " ")).map { Substring($0) } }
    }

    /// A line that is not as it has to be.
    struct Fault: Equatable, Sendable, CustomStringConvertible {
        let file: String
        let line: Int
        let problem: String

        var description: String { "\(file), line \(line): \(problem)" }
    }

    private enum Place {
        case outside
        case section(PhraseSection)
        case list(String)
    }

    let name: String
    private(set) var sections: [PhraseSection: [Line]] = [:]
    /// The words behind each `@NAME`.
    private(set) var lists: [String: [Line]] = [:]
    /// Headings that say nothing, and lines that belong to none.
    private(set) var misplaced: [Fault] = []

    /// - Parameters:
    ///   - name: the file's, for its faults.
    ///   - bytes: its text in UTF-8.
    init(name: String, bytes: [UInt8]) {
        self.name = name
        let text = String(decoding: bytes, as: UTF8.self)
        var place = Place.outside
        var number = 0
        for line in text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            number += 1
            guard let first = line.first, first != UInt8(ascii: "#") else { continue }
            let line = Line(number: number, text: Substring(line))
            if first == UInt8(ascii: "[") {
                place = heading(line)
                continue
            }
            switch place {
            case .outside: misplace(line, "a line of a section that is not known, or before the first one")
            case .section(let section): sections[section, default: []].append(line)
            case .list(let name): lists[name, default: []].append(line)
            }
        }
    }

    private mutating func heading(_ line: Line) -> Place {
        guard line.text.hasSuffix("]") else {
            misplace(line, "a heading without its closing bracket")
            return .outside
        }
        let name = String(line.text.dropFirst().dropLast())
        if let section = PhraseSection(rawValue: name) { return .section(section) }
        if name.hasPrefix("list "), name.count > 5 { return .list(String(name.dropFirst(5))) }
        misplace(line, "no section is called \"\(name)\"")
        return .outside
    }

    private mutating func misplace(_ line: Line, _ problem: String) {
        misplaced.append(Fault(file: name, line: line.number, problem: problem))
    }
}
