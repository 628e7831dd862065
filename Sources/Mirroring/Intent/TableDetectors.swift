/// Finds a table for human eyes.
///
/// Catches: Markdown tables (a line of dashes under a line with bars); three lines in a row with the same number of
/// at least two bars (`|`, `│`); three lines with the same number of tabs between cells; three lines of three or more
/// cells, set apart by two or more spaces, that share two edges of cells.
///
/// Misses: two-line tables without Markdown's dashes, HTML tables, tables whose columns are set apart by one space.
enum TableDetector {
    static func isIn(_ lines: ArraySlice<Substring>) -> Bool {
        isMarkdown(lines)
            || hasRun(lines) { line in
                let bars = line.utf8.isEmpty ? 0 : line.filter { $0 == "|" || $0 == "│" }.count
                return bars >= 2 ? bars : nil
            }
            || hasRun(lines) { line in
                let trimmed = line.drop { $0 == "\t" || $0 == " " }
                let tabs = trimmed.utf8.count { $0 == 9 }
                return tabs >= 1 ? tabs : nil
            }
            || isAligned(lines)
    }

    private static func isMarkdown(_ lines: ArraySlice<Substring>) -> Bool {
        zip(lines, lines.dropFirst()).contains { header, rule in
            header.contains("|") && isRule(rule)
        }
    }

    /// A line such as `|---|:--:|`.
    private static func isRule(_ line: Substring) -> Bool {
        guard line.contains("|"), line.utf8.allSatisfy({ " \t|:-".utf8.contains($0) }) else { return false }
        let cells = line.split(separator: "|").map { $0.filter { $0 != " " && $0 != "\t" } }.filter { !$0.isEmpty }
        return !cells.isEmpty && cells.allSatisfy { $0.contains("--") }
    }

    private static func isAligned(_ lines: ArraySlice<Substring>) -> Bool {
        var run: Set<Edge> = []
        var length = 0
        for line in lines {
            let edges = edges(line)
            let common = length == 0 ? edges : run.intersection(edges)
            if common.count >= 2 {
                run = common
                length += 1
                if length >= 3 { return true }
            } else {
                run = edges
                length = edges.count >= 2 ? 1 : 0
            }
        }
        return false
    }

    /// Where a cell begins or ends: words line up on the left, numbers on the right.
    private enum Edge: Hashable {
        case start(Int)
        case end(Int)
    }

    /// The edges of the cells that are set apart by two or more spaces, the first cell left out; none in a line of
    /// fewer than three cells.
    private static func edges(_ line: Substring) -> Set<Edge> {
        var edges: Set<Edge> = []
        var spaces = 0
        var cells = 0
        var last = 0
        for (offset, character) in line.enumerated() {
            if character == " " {
                spaces += 1
                continue
            }
            if cells == 0 {
                cells = 1
            } else if spaces >= 2 {
                if cells > 1 { edges.insert(.end(last)) }
                edges.insert(.start(offset))
                cells += 1
            }
            spaces = 0
            last = offset
        }
        edges.insert(.end(last))
        return cells >= 3 ? edges : []
    }
}

/// Finds comma- or semicolon-separated values.
///
/// Catches: three lines in a row with the same number of separators outside quotes, where the values are set close
/// (`a,b,c`) or half of the cells of the later lines are numbers; with one separator a line (two columns), every
/// later line must hold a number.
///
/// Misses: fewer than three lines, other separators, values that are prose after a comma and a space, line breaks
/// inside quotes.
enum CSVDetector {
    static func isIn(_ lines: ArraySlice<Substring>) -> Bool {
        [Character(","), ";"].contains { separator in
            var run: [[String]] = []
            for line in lines {
                let cells = cells(of: line, separator: separator)
                if cells.count < 2 || (run.last.map { $0.count != cells.count } ?? false) { run = [] }
                if cells.count >= 2 { run.append(cells) }
                if run.count >= 3, isData(run.suffix(3)) { return true }
            }
            return false
        }
    }

    private static func isData(_ rows: ArraySlice<[String]>) -> Bool {
        guard let columns = rows.first?.count else { return false }
        let cells = rows.joined()
        guard cells.allSatisfy({ $0.utf8.count <= 200 && !$0.contains("{") && !$0.contains("}") }) else { return false }
        let later = rows.dropFirst()
        if columns == 2 {
            return cells.allSatisfy { !$0.hasPrefix(" ") && $0.utf8.count <= 60 }
                && later.allSatisfy { $0.contains(where: isNumber) }
        }
        let inner = rows.flatMap { $0.dropFirst() }
        let isClose = inner.count { !$0.hasPrefix(" ") } * 5 >= inner.count * 4
        let numbers = later.joined().count(where: isNumber)
        return isClose || numbers * 2 >= later.reduce(0) { $0 + $1.count }
    }

    private static func isNumber(_ cell: String) -> Bool {
        let trimmed = cell.trimmingEnds(of: " \t\"$€£%")
        return !trimmed.isEmpty && trimmed.utf8.contains { $0 >= 48 && $0 <= 57 }
            && trimmed.utf8.allSatisfy { ($0 >= 48 && $0 <= 57) || "+-.,:/ ".utf8.contains($0) }
    }

    private static func cells(of line: Substring, separator: Character) -> [String] {
        var cells: [String] = []
        var cell = ""
        var isQuoted = false
        for character in line {
            if character == "\"" { isQuoted.toggle() }
            if character == separator, !isQuoted {
                cells.append(cell)
                cell = ""
            } else {
                cell.append(character)
            }
        }
        cells.append(cell)
        return cells
    }
}

/// Whether three lines in a row have the same measure; nil breaks a row.
private func hasRun(_ lines: ArraySlice<Substring>, _ measure: (Substring) -> Int?) -> Bool {
    var length = 0
    var last: Int?
    for line in lines {
        let value = measure(line)
        length = value == nil ? 0 : value == last ? length + 1 : 1
        last = value
        if length >= 3 { return true }
    }
    return false
}

extension String {
    func trimmingEnds(of characters: String) -> Substring {
        var rest = self[...]
        while let first = rest.first, characters.contains(first) { rest.removeFirst() }
        while let last = rest.last, characters.contains(last) { rest.removeLast() }
        return rest
    }
}
