import Vocabulary

/// HTML text whose parts are escaped unless they say that they are markup.
package struct HTML: ExpressibleByStringLiteral, ExpressibleByStringInterpolation {
    package private(set) var markup: String

    /// A literal is markup.
    package init(stringLiteral markup: String) {
        self.markup = markup
    }

    package init(stringInterpolation interpolation: Interpolation) {
        markup = interpolation.markup
    }

    /// Text of any origin, escaped.
    package init(text: String) {
        markup = Self.escaped(text)
    }

    package init(joining parts: [HTML], separator: String = "\n") {
        markup = parts.map(\.markup).joined(separator: separator)
    }

    package static func + (left: HTML, right: HTML) -> HTML {
        HTML(joining: [left, right], separator: "")
    }

    /// Interpolated strings are escaped, interpolated `HTML` is not.
    package struct Interpolation: StringInterpolationProtocol {
        fileprivate var markup = ""

        package init(literalCapacity: Int, interpolationCount _: Int) {
            markup.reserveCapacity(literalCapacity)
        }

        package mutating func appendLiteral(_ literal: String) {
            markup += literal
        }

        package mutating func appendInterpolation(_ text: some StringProtocol) {
            markup += HTML.escaped(String(text))
        }

        package mutating func appendInterpolation(_ number: Int) {
            markup += String(number)
        }

        package mutating func appendInterpolation(_ html: HTML) {
            markup += html.markup
        }
    }

    /// "&", "<", ">" and both quotes as character references, which is enough in text and in quoted attributes
    /// (HTML Living Standard §13.3); characters that a page obeys and does not show as their codes.
    private static func escaped(_ text: String) -> String {
        var escaped = ""
        escaped.reserveCapacity(text.utf8.count)
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "'": escaped += "&#39;"
            case "\n", "\t": escaped.unicodeScalars.append(scalar)
            case _ where scalar.actsUnseen: escaped += scalar.code
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}
