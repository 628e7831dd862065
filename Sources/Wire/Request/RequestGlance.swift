// Reads only the parts of a request that decide whether and how it is mirrored.
//
// Most requests are not mirrored: only the user's last words, the session's identifier and the reasons for statefulness are
// needed. All bytes are checked as strictly as in a whole reading, but only needed values are built; of a conversation, only
// the last turn with words of the user. The result is a `MirroredRequest` of a smaller body, so that every rule about requests
// exists once.

import JSON

/// Reads the parts of a body that `lastUserText`, `statefulness` and the fields at some paths need.
package struct RequestGlance: Sendable {
    /// The members of a body that hold the fields.
    private let members: [String]

    /// - Parameter paths: the dotted paths for which `field` will be asked.
    package init(fields paths: [String]) {
        members = paths.compactMap {
            $0.split(separator: ".", omittingEmptySubsequences: false).first.map(String.init)
        }
    }

    /// A request made of a part of the body; only the properties that a glance is for are defined.
    ///
    /// It throws exactly where reading the whole body does.
    ///
    /// - Parameters:
    ///   - shape: the API of the request.
    ///   - path: the information in its target.
    ///   - body: the body after any content coding was undone.
    /// - Returns: the request.
    /// - Throws: `MirroredRequestError`.
    package func request(
        shape: APIShape,
        path: PathWords = PathWords(),
        body: some Collection<UInt8>
    ) throws(MirroredRequestError) -> MirroredRequest {
        try withRawBytes(of: body) { bytes throws(MirroredRequestError) in
            try request(shape: shape, path: path, bytes: bytes)
        }
    }

    /// As `request(shape:path:body:)`, of bytes in one piece.
    package func request(
        shape: APIShape,
        path: PathWords = PathWords(),
        bytes: UnsafeRawBufferPointer
    ) throws(MirroredRequestError) -> MirroredRequest {
        guard let part = try part(of: bytes, shape.request.glance) else {
            return try MirroredRequest(shape: shape, path: path, bytes: bytes)
        }
        return try MirroredRequest(shape: shape, path: path, body: part)
    }

    /// The needed part of a body; nil for all of it.
    private func part(
        of bytes: UnsafeRawBufferPointer,
        _ glance: RequestForm.Glance
    ) throws(MirroredRequestError) -> JSON? {
        switch glance {
        case .whole: return nil
        case .members(let always): return .object(try part(of: bytes, always, conversation: nil).members)
        case .lastTurn(let conversation, let turn, let always):
            // A field inside the conversation needs all of it.
            guard !members.contains(conversation) else { return nil }
            var part = try part(of: bytes, always, conversation: conversation)
            guard let turns = part.turns else { throw .missing(member: conversation) }
            guard let spoken = Self.lastSpoken(turns, bytes, turn) else { return nil }
            part.members[conversation] = .array([spoken])
            return .object(part.members)
        }
    }

    /// The needed members, and the ranges of the conversation's turns; nil without a list of turns.
    private func part(
        of bytes: UnsafeRawBufferPointer,
        _ always: [String],
        conversation: String?
    ) throws(MirroredRequestError) -> (members: JSON.Object, turns: [Range<Int>]?) {
        var part = JSON.Object()
        var turns: [Range<Int>]?
        var isObject = true
        do throws(JSONError) {
            var parser = JSONParser(
                bytes,
                maximumDepth: JSON.defaultMaximumDepth,
                maximumValues: JSONMeasure.maximumForeignValues
            )
            try parser.document { parser throws(JSONError) in
                guard try parser.peek() == UInt8(ascii: "{") else {
                    isObject = false
                    return try parser.skipValue(depth: 0)
                }
                try parser.forEachMember(depth: 1) { parser, key, _ throws(JSONError) in
                    if key == conversation {
                        turns = nil
                        if try parser.peek() == UInt8(ascii: "[") {
                            turns = try parser.elementRanges(depth: 2)
                        } else {
                            try parser.skipValue(depth: 1)
                        }
                    } else if always.contains(key) || members.contains(key) {
                        part.members.append(.init(key: key, value: try parser.value(depth: 1)))
                    } else if key == "tools" {
                        if try RemoteTool.isAny(in: &parser) {
                            part.members.append(.init(key: key, value: RemoteTool.standIn))
                        }
                    } else {
                        try parser.skipValue(depth: 1)
                    }
                }
            }
        } catch {
            throw .notJSON(error)
        }
        guard isObject else { throw .notAnObject }
        return (part, turns)
    }

    /// The last turn in which the user said something.
    private static func lastSpoken(
        _ turns: [Range<Int>],
        _ bytes: UnsafeRawBufferPointer,
        _ message: (JSON) -> MirroredRequest.Message
    ) -> JSON? {
        for turn in turns.reversed() {
            var parser = JSONParser(bytes, maximumDepth: JSON.defaultMaximumDepth)
            parser.position = turn.lowerBound
            // It was checked before.
            guard let value = try? parser.value(depth: 2) else { return nil }
            let read = message(value)
            if read.role == "user", !read.words.isEmpty { return value }
        }
        return nil
    }
}
