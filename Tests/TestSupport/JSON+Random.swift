package import JSON
package import Statistics

extension JSON {
    /// A value of every kind, with the awkward strings and numbers among them.
    package static func random(depth: Int, using random: inout SplitMix64) -> JSON {
        switch Int.random(in: 0..<(depth > 0 ? 8 : 6), using: &random) {
        case 0: return .null
        case 1: return .bool(Bool.random(using: &random))
        case 2: return .number(Number(Int.random(in: -1_000...1_000, using: &random)))
        case 3:
            return JSON(
                Double.random(in: -1...1, using: &random)
                    * [1, 1e-9, 1e12, 1e200][Int.random(in: 0..<4, using: &random)]
            )
        case 4, 5: return .string(.random(using: &random))
        case 6:
            return .array(
                (0..<Int.random(in: 0...4, using: &random)).map { _ in .random(depth: depth - 1, using: &random) }
            )
        default:
            var object = Object()
            for index in 0..<Int.random(in: 0...4, using: &random) {
                object.members.append(
                    .init(key: "\(index)" + .random(using: &random), value: .random(depth: depth - 1, using: &random))
                )
            }
            return .object(object)
        }
    }

    /// The same value with its members in another order.
    package func shuffled(using random: inout SplitMix64) -> JSON {
        switch self {
        case .array(let elements): return .array(elements.map { $0.shuffled(using: &random) })
        case .object(let object):
            var members = object.members.map { Object.Member(key: $0.key, value: $0.value.shuffled(using: &random)) }
            members.shuffle(using: &random)
            return .object(Object(members: members))
        default: return self
        }
    }

    /// The same value in other words: spaces, escapes, other spellings of numbers.
    package func respelled(using random: inout SplitMix64) -> String {
        func space() -> String { ["", "", " ", "\n", "\t \r"][Int.random(in: 0..<5, using: &random)] }
        func spelled(_ text: String) -> String {
            var output = "\""
            for unit in text.utf16 {
                let hex = String(unit, radix: 16)
                output += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
            }
            return output + "\""
        }
        switch self {
        case .string(let text): return Bool.random(using: &random) ? spelled(text) : self.text()
        case .number(let number):
            guard number.text.allSatisfy({ $0.isNumber || $0 == "-" }) else { return number.text }
            return number.text + ["", ".0", "e0", ".00E+0"][Int.random(in: 0..<4, using: &random)]
        case .array(let elements):
            return "[" + space()
                + elements.map { $0.respelled(using: &random) + space() }.joined(separator: "," + space()) + "]"
        case .object(let object):
            let members = object.members.map { member in
                let key = Bool.random(using: &random) ? spelled(member.key) : JSON.string(member.key).text()
                return key + space() + ":" + space() + member.value.respelled(using: &random) + space()
            }
            return space() + "{" + space() + members.joined(separator: "," + space()) + "}"
        default: return text()
        }
    }
}

extension String {
    /// A short text with escapes, several scripts and signs beyond the basic plane.
    package static func random(using random: inout SplitMix64) -> String {
        let scalars = Array("ab \"\\/\n\r\t\u{0}\u{1F}\u{7F}é語😀\u{2028}\u{FFFD}𝄞{}[]:,".unicodeScalars)
        var text = String.UnicodeScalarView()
        for _ in 0..<Int.random(in: 0...8, using: &random) {
            text.append(scalars[Int.random(in: scalars.indices, using: &random)])
        }
        return String(text)
    }
}
