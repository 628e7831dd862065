#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

extension JSON {
    /// How a value is written.
    package struct Format: Sendable, Equatable {
        /// Two spaces a level, a line a member; otherwise no insignificant whitespace at all.
        package var pretty: Bool
        /// Members in order of their names' UTF-8 bytes; otherwise in their own order.
        package var sortedKeys: Bool
        /// In one line that YAML reads too: a space after each colon, which YAML requires, and each comma; characters that YAML
        /// does not allow are escaped by their code.
        package var isYAML: Bool

        package init(pretty: Bool = false, sortedKeys: Bool = false, isYAML: Bool = false) {
            self.pretty = pretty
            self.sortedKeys = sortedKeys
            self.isYAML = isYAML
        }

        package static let compact = Format()
        package static let pretty = Format(pretty: true)
        package static let sorted = Format(sortedKeys: true)
        package static let yaml = Format(sortedKeys: true, isYAML: true)
    }

    /// This value as JSON in UTF-8, without a newline at the end.
    package func bytes(_ format: Format = .compact) -> [UInt8] {
        var output: [UInt8] = []
        write(to: &output, format: format)
        return output
    }

    /// This value as JSON text, without a newline at the end.
    package func text(_ format: Format = .compact) -> String {
        String(decoding: bytes(format), as: UTF8.self)
    }

    /// Appends this value as JSON in UTF-8, without a newline at the end.
    package func write(to output: inout [UInt8], format: Format = .compact) {
        write(to: &output, format: format, indentation: 0)
    }

    /// Appends `text` as a JSON string, quotes included.
    ///
    /// Escapes only what RFC 8259 §7 demands: quotation mark, reverse solidus, U+0000…U+001F.
    package static func writeString(_ text: String, to output: inout [UInt8]) {
        output.append(UInt8(ascii: "\""))
        var copy = text
        copy.withUTF8 { bytes in
            var plain = 0
            for index in bytes.indices {
                let byte = bytes[index]
                guard byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") else { continue }
                output.append(contentsOf: bytes[plain..<index])
                plain = index + 1
                appendEscape(of: byte, to: &output)
            }
            output.append(contentsOf: bytes[plain...])
        }
        output.append(UInt8(ascii: "\""))
    }

    private static func appendEscape(of byte: UInt8, to output: inout [UInt8]) {
        let letter: UInt8
        switch byte {
        case 0x08: letter = UInt8(ascii: "b")
        case 0x09: letter = UInt8(ascii: "t")
        case 0x0A: letter = UInt8(ascii: "n")
        case 0x0C: letter = UInt8(ascii: "f")
        case 0x0D: letter = UInt8(ascii: "r")
        case 0..<0x20: return appendCode(of: byte, to: &output)
        default: letter = byte
        }
        output.append(UInt8(ascii: "\\"))
        output.append(letter)
    }

    /// Appends `text` as a string of JSON and of YAML: U+007F, and U+0008 and U+000C, by their code.
    private static func writeYAMLString(_ text: String, to output: inout [UInt8]) {
        output.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case 0x08, 0x0C, 0x7F: appendCode(of: byte, to: &output)
            case 0..<0x20, UInt8(ascii: "\""), UInt8(ascii: "\\"): appendEscape(of: byte, to: &output)
            default: output.append(byte)
            }
        }
        output.append(UInt8(ascii: "\""))
    }

    /// As `\u001b`.
    private static func appendCode(of byte: UInt8, to output: inout [UInt8]) {
        let digits = Array("0123456789abcdef".utf8)
        output.append(contentsOf: "\\u00".utf8)
        output.append(digits[Int(byte >> 4)])
        output.append(digits[Int(byte & 15)])
    }

    private func write(to output: inout [UInt8], format: Format, indentation: Int) {
        switch self {
        case .null: output.append(contentsOf: "null".utf8)
        case .bool(let value): output.append(contentsOf: (value ? "true" : "false").utf8)
        case .number(let value): output.append(contentsOf: value.text.utf8)
        case .string(let value) where format.isYAML: Self.writeYAMLString(value, to: &output)
        case .string(let value): Self.writeString(value, to: &output)
        case .array(let elements):
            Self.writeList(elements, brackets: ("[", "]"), to: &output, format: format, indentation: indentation) {
                $0.write(to: &$1, format: format, indentation: indentation + 1)
            }
        case .object(let object):
            let members = format.sortedKeys ? object.sortedMembers : object.members
            Self.writeList(members, brackets: ("{", "}"), to: &output, format: format, indentation: indentation) {
                if format.isYAML { Self.writeYAMLString($0.key, to: &$1) } else { Self.writeString($0.key, to: &$1) }
                $1.append(UInt8(ascii: ":"))
                if format.pretty || format.isYAML { $1.append(UInt8(ascii: " ")) }
                $0.value.write(to: &$1, format: format, indentation: indentation + 1)
            }
        }
    }

    private static func writeList<Item>(
        _ items: [Item],
        brackets: (Unicode.Scalar, Unicode.Scalar),
        to output: inout [UInt8],
        format: Format,
        indentation: Int,
        _ writeItem: (Item, inout [UInt8]) -> Void
    ) {
        func newLine(_ levels: Int) {
            guard format.pretty else { return }
            output.append(UInt8(ascii: "\n"))
            output.append(contentsOf: repeatElement(UInt8(ascii: " "), count: 2 * levels))
        }
        output.append(UInt8(ascii: brackets.0))
        for (index, item) in items.enumerated() {
            if index > 0 { output.append(UInt8(ascii: ",")) }
            if index > 0, format.isYAML { output.append(UInt8(ascii: " ")) }
            newLine(indentation + 1)
            writeItem(item, &output)
        }
        if !items.isEmpty { newLine(indentation) }
        output.append(UInt8(ascii: brackets.1))
    }
}

extension JSON.Object {
    /// The members in order of their names' UTF-8 bytes; equal names keep their order.
    var sortedMembers: [Member] {
        members.enumerated().sorted { left, right in
            let order = Self.order(left.element.key, right.element.key)
            return order == 0 ? left.offset < right.offset : order < 0
        }.map(\.element)
    }

    /// Below, at or above 0 as one name sorts before, equal to or after another.
    ///
    /// By memcmp(3): foreign names may be long and differ only at their ends.
    private static func order(_ left: String, _ right: String) -> Int {
        var (left, right) = (left, right)
        return left.withUTF8 { left in
            right.withUTF8 { right in
                let shorter = min(left.count, right.count)
                guard shorter > 0, let first = left.baseAddress, let second = right.baseAddress else {
                    return left.count - right.count
                }
                let order = Int(memcmp(first, second, shorter))
                return order == 0 ? left.count - right.count : order
            }
        }
    }
}

extension JSON {
    /// The one form of all JSON texts that mean the same.
    ///
    /// Members sorted by their names' UTF-8 bytes, of duplicates only the last, numbers normalised
    /// (``Number/normalised``), strings with the fewest escapes, no insignificant whitespace.
    package var canonical: JSON {
        switch self {
        case .null, .bool, .string: return self
        case .number(let value): return .number(Number(checkedText: value.normalised))
        case .array(let elements): return .array(elements.map(\.canonical))
        case .object(let object):
            var kept: [Object.Member] = []
            for member in object.sortedMembers {
                if let last = kept.last, last.key.utf8.elementsEqual(member.key.utf8) { kept.removeLast() }
                kept.append(.init(key: member.key, value: member.value.canonical))
            }
            return .object(Object(members: kept))
        }
    }

    /// ``canonical`` as UTF-8 bytes, for hashing.
    package var canonicalBytes: [UInt8] {
        var output: [UInt8] = []
        writeCanonical(to: &output) { _ in }
        return output
    }

    /// Appends the bytes of ``canonical`` without building that.
    ///
    /// - Parameters:
    ///   - output: receives the bytes.
    ///   - hasGrown: called now and then; it may remove the bytes in `output`.
    package func writeCanonical(to output: inout [UInt8], _ hasGrown: (inout [UInt8]) -> Void) {
        switch self {
        case .null, .bool: write(to: &output)
        case .number(let value): output.append(contentsOf: value.normalised.utf8)
        case .string(let text):
            Self.writeString(text, to: &output)
            hasGrown(&output)
        case .array(let elements):
            output.append(UInt8(ascii: "["))
            for (index, element) in elements.enumerated() {
                if index > 0 { output.append(UInt8(ascii: ",")) }
                element.writeCanonical(to: &output, hasGrown)
            }
            output.append(UInt8(ascii: "]"))
            hasGrown(&output)
        case .object(let object):
            let members = object.sortedMembers
            output.append(UInt8(ascii: "{"))
            var isFirst = true
            for (index, member) in members.enumerated() {
                // Of equal names only the last.
                if index + 1 < members.count, members[index + 1].key.utf8.elementsEqual(member.key.utf8) { continue }
                if !isFirst { output.append(UInt8(ascii: ",")) }
                isFirst = false
                Self.writeString(member.key, to: &output)
                output.append(UInt8(ascii: ":"))
                member.value.writeCanonical(to: &output, hasGrown)
            }
            output.append(UInt8(ascii: "}"))
            hasGrown(&output)
        }
    }
}
