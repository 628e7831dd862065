import JSON
import Vocabulary

extension SamplingChange {
    /// Reads the body of `PUT /api/v1/sampling`.
    ///
    /// - Throws: `ChangeRefused` with a sentence that names the key and gives the remedy.
    init(json: JSON) throws {
        let members = try ChangeMembers(json, known: ["rate", "control_rate", "paused"])
        rate = try members.number("rate", in: 0...1)
        controlRate = try members.number("control_rate", in: 0...1)
        isPaused = try members.flag("paused")
    }
}

extension ShadowLimitsChange {
    /// Reads the body of `PUT /api/v1/shadow`.
    ///
    /// - Throws: `ChangeRefused` with a sentence that names the key and gives the remedy.
    init(json: JSON) throws {
        let members = try ChangeMembers(
            json,
            known: ["max_in_flight", "max_queue", "max_buffered_bytes", "timeout_seconds"]
        )
        maximumInFlight = try members.count("max_in_flight", in: 1...100_000)
        maximumQueue = try members.count("max_queue", in: 0...1_000_000)
        maximumBufferedBytes = try members.count("max_buffered_bytes", in: 1_024...1 << 40)
        timeout = try members.number("timeout_seconds", in: 0.001...86_400).map { .fractionalMilliseconds($0 * 1_000) }
    }
}

/// The members of a change, each read once and checked.
private struct ChangeMembers {
    private let json: JSON

    init(_ json: JSON, known: [String]) throws {
        guard case .object(let members) = json else {
            throw ChangeRefused("The body of a change is one JSON object with some of \(Self.list(known)).")
        }
        guard !members.isEmpty else {
            throw ChangeRefused("The change is empty: give some of \(Self.list(known)).")
        }
        for key in members.keys where !known.contains(key) {
            throw ChangeRefused("There is no such key here as “\(key)”: give some of \(Self.list(known)).")
        }
        self.json = json
    }

    func number(_ key: String, in range: ClosedRange<Double>) throws -> Double? {
        guard let value = json[key] else { return nil }
        guard let number = value.doubleValue, range.contains(number) else {
            throw ChangeRefused("\(key) is a number from \(range.lowerBound) to \(range.upperBound).")
        }
        return number
    }

    func count(_ key: String, in range: ClosedRange<Int>) throws -> Int? {
        guard let value = json[key] else { return nil }
        guard let count = value.intValue, range.contains(count) else {
            throw ChangeRefused("\(key) is a whole number from \(range.lowerBound) to \(range.upperBound).")
        }
        return count
    }

    func flag(_ key: String) throws -> Bool? {
        guard let value = json[key] else { return nil }
        guard case .bool(let flag) = value else {
            throw ChangeRefused("\(key) is true or false.")
        }
        return flag
    }

    private static func list(_ keys: [String]) -> String {
        keys.joined(separator: ", ")
    }
}

extension StatusRow {
    /// The row in the form that the live page reads.
    var json: JSON {
        ["name": .string(name.shown), "value": .string(value.shown), "alarming": .bool(isAlarming)]
    }
}
