// The layout of stored text before compression.
//
// Strings are a length (LEB128) and UTF-8. `content` holds, after a version byte, the number of legs and for each its
// number, text, further choices and tool calls; `request_format` holds two optional strings. Reading checks every
// length, as a store can be damaged.

import Vocabulary

/// The texts of one leg.
struct LegText: Sendable, Equatable {
    var leg: Leg
    var text: String
    var otherChoices: [String]
    var toolCalls: [ToolCall]
}

enum TextCodecError: Error, CustomStringConvertible {
    case unknownLayout
    case cutShort

    var description: String {
        switch self {
        case .unknownLayout: "an unknown layout"
        case .cutShort: "it ends too early"
        }
    }
}

enum TextCodec {
    private static let layout: UInt8 = 1

    static func encode(_ legs: [LegText]) -> [UInt8] {
        var writer = TextWriter()
        writer.bytes.reserveCapacity(legs.reduce(64) { $0 + $1.text.utf8.count + 32 })
        writer.bytes.append(layout)
        writer.count(legs.count)
        for leg in legs {
            writer.count(leg.leg.rowID)
            writer.string(leg.text)
            writer.count(leg.otherChoices.count)
            for choice in leg.otherChoices { writer.string(choice) }
            writer.count(leg.toolCalls.count)
            for call in leg.toolCalls {
                writer.optional(call.id)
                writer.string(call.name)
                writer.string(call.arguments)
            }
        }
        return writer.bytes
    }

    static func decodeLegs(_ bytes: [UInt8]) throws -> [LegText] {
        var reader = TextReader(bytes: bytes)
        guard try reader.byte() == layout else { throw TextCodecError.unknownLayout }
        return try reader.list(upTo: Leg.allCases.count) { reader in
            guard let leg = Leg(rowID: try reader.count()) else { throw TextCodecError.unknownLayout }
            return LegText(
                leg: leg,
                text: try reader.string(),
                otherChoices: try reader.list { try $0.string() },
                toolCalls: try reader.list {
                    ToolCall(id: try $0.optional(), name: try $0.string(), arguments: try $0.string())
                }
            )
        }
    }

    static func encodeFormat(responseFormat: String?, tools: String?) -> [UInt8] {
        var writer = TextWriter()
        writer.bytes.append(layout)
        writer.optional(responseFormat)
        writer.optional(tools)
        return writer.bytes
    }

    static func decodeFormat(_ bytes: [UInt8]) throws -> (responseFormat: String?, tools: String?) {
        var reader = TextReader(bytes: bytes)
        guard try reader.byte() == layout else { throw TextCodecError.unknownLayout }
        return (try reader.optional(), try reader.optional())
    }
}

private struct TextWriter {
    var bytes: [UInt8] = []

    mutating func count(_ value: Int) {
        var rest = UInt(value)
        while rest > 0x7F {
            bytes.append(UInt8(rest & 0x7F) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    mutating func string(_ text: String) {
        count(text.utf8.count)
        bytes.append(contentsOf: text.utf8)
    }

    mutating func optional(_ text: String?) {
        bytes.append(text == nil ? 0 : 1)
        if let text { string(text) }
    }
}

private struct TextReader {
    let bytes: [UInt8]
    var index = 0

    init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    mutating func byte() throws -> UInt8 {
        guard index < bytes.count else { throw TextCodecError.cutShort }
        index += 1
        return bytes[index - 1]
    }

    mutating func count() throws -> Int {
        var value = 0
        for shift in stride(from: 0, through: 49, by: 7) {
            let next = try byte()
            value |= Int(next & 0x7F) << shift
            if next & 0x80 == 0 { return value }
        }
        throw TextCodecError.unknownLayout
    }

    mutating func string() throws -> String {
        let length = try count()
        guard length <= bytes.count - index else { throw TextCodecError.cutShort }
        defer { index += length }
        return String(decoding: bytes[index..<(index + length)], as: UTF8.self)
    }

    mutating func optional() throws -> String? {
        try byte() == 0 ? nil : try string()
    }

    mutating func list<Element>(
        upTo limit: Int = StoredRange.answerParts,
        _ element: (inout TextReader) throws -> Element
    ) throws -> [Element] {
        let length = try count()
        // An element may take one byte here and fifty in memory, so a length is not believed because it fits.
        guard length <= limit else { throw TextCodecError.unknownLayout }
        guard length <= bytes.count - index else { throw TextCodecError.cutShort }
        var elements: [Element] = []
        elements.reserveCapacity(min(length, 16))
        for _ in 0..<length { elements.append(try element(&self)) }
        return elements
    }
}
