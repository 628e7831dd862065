import JSON

/// A form in which pairs leave a store, one after another.
package protocol PairSinkFormat {
    /// Adds what comes before the first pair.
    mutating func begin(_ output: inout [UInt8])

    /// Adds a pair; whoever calls takes the bytes away now and then.
    mutating func write(_ pair: PairLine, to output: inout [UInt8])

    /// Adds what comes after the last pair.
    mutating func end(_ output: inout [UInt8])
}

extension PairSinkFormat {
    package mutating func begin(_ output: inout [UInt8]) {}

    package mutating func end(_ output: inout [UInt8]) {}
}

/// One JSON object a line, as `import` reads them.
package struct PairLines: PairSinkFormat {
    package init() {}

    package mutating func write(_ pair: PairLine, to output: inout [UInt8]) {
        pair.json.write(to: &output)
        output.append(0x0a)
    }
}
