/// Comma-separated values as RFC 4180 describes them.
package enum CommaSeparatedValues {
    /// A record and the line on which it begins, numbered from 1.
    package struct Row: Sendable, Equatable {
        package var line: Int
        package var fields: [String]
    }

    /// Why some bytes are no such table.
    package enum ParsingError: Error, Equatable, CustomStringConvertible {
        case unclosedQuote(line: Int)
        case strayQuote(line: Int)
        case invalidUTF8(line: Int)
        case fieldTooLong(line: Int)
        case tooManyFields(line: Int)
        case tooManyRows(line: Int)

        package var description: String {
            switch self {
            case .unclosedQuote(let line): "line \(line): A quoted field begins in this row and never ends."
            case .strayQuote(let line):
                "line \(line): A quotation mark must stand around a whole field, doubled inside one."
            case .invalidUTF8(let line): "line \(line): This row is not valid UTF-8."
            case .fieldTooLong(let line):
                "line \(line): A field of this row is longer than \(CommaSeparatedValues.largestField >> 20) MiB."
            case .tooManyFields(let line):
                "line \(line): This row has more than \(CommaSeparatedValues.mostFields) fields."
            case .tooManyRows(let line):
                "line \(line): The table has more than \(CommaSeparatedValues.mostRows) rows; cut it into several."
            }
        }
    }

    /// In bytes: longer than any answer that is shown to raters.
    static let largestField = 4 << 20
    static let mostFields = 256
    static let mostRows = 1_000_000

    /// Reads a table, header included.
    ///
    /// Rows end with LF, CRLF or CR; the last may lack its end; empty lines are skipped; a byte order mark is dropped.
    ///
    /// - Throws: `ParsingError`.
    package static func rows(_ bytes: [UInt8]) throws(ParsingError) -> [Row] {
        var rows: [Row] = []
        var fields: [String] = []
        var field: [UInt8] = []
        var isQuoted = false
        var line = 1
        var rowLine = 1
        var index = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0

        func endField() throws(ParsingError) {
            guard let text = String(validating: field, as: UTF8.self) else { throw .invalidUTF8(line: rowLine) }
            guard field.count <= largestField else { throw .fieldTooLong(line: rowLine) }
            guard fields.count < mostFields else { throw .tooManyFields(line: rowLine) }
            fields.append(text)
            field.removeAll(keepingCapacity: true)
            isQuoted = false
        }
        func endRow() throws(ParsingError) {
            if fields.isEmpty, field.isEmpty, !isQuoted { return }
            try endField()
            guard rows.count < mostRows else { throw .tooManyRows(line: rowLine) }
            rows.append(Row(line: rowLine, fields: fields))
            fields = []
        }
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            switch byte {
            case UInt8(ascii: "\""):
                guard field.isEmpty, !isQuoted else { throw .strayQuote(line: rowLine) }
                isQuoted = true
                while true {
                    guard index < bytes.count else { throw .unclosedQuote(line: rowLine) }
                    let inner = bytes[index]
                    index += 1
                    if inner == UInt8(ascii: "\"") {
                        guard index < bytes.count, bytes[index] == UInt8(ascii: "\"") else { break }
                        index += 1
                    }
                    if inner == 0x0A { line += 1 }
                    field.append(inner)
                }
            case UInt8(ascii: ","): try endField()
            case 0x0A, 0x0D:
                if byte == 0x0D, index < bytes.count, bytes[index] == 0x0A { index += 1 }
                try endRow()
                line += 1
                rowLine = line
            default:
                guard !isQuoted else { throw .strayQuote(line: rowLine) }
                field.append(byte)
            }
        }
        try endRow()
        return rows
    }

    /// Appends one row with CRLF, quoting the fields that need it.
    package static func write(_ fields: [String], to output: inout [UInt8]) {
        for (index, field) in fields.enumerated() {
            if index > 0 { output.append(UInt8(ascii: ",")) }
            let needsQuotes =
                field.utf8.contains { $0 == 0x22 || $0 == 0x2C || $0 == 0x0A || $0 == 0x0D }
                || field.utf8.first == 0x20 || field.utf8.last == 0x20 || (fields.count == 1 && field.isEmpty)
            guard needsQuotes else {
                output.append(contentsOf: field.utf8)
                continue
            }
            output.append(UInt8(ascii: "\""))
            for byte in field.utf8 {
                if byte == UInt8(ascii: "\"") { output.append(byte) }
                output.append(byte)
            }
            output.append(UInt8(ascii: "\""))
        }
        output.append(contentsOf: [0x0D, 0x0A])
    }
}
