package import JSON

/// The shadow's copy of a request.
package enum ShadowRequest {
    /// The most members of one name in a body: each may grow to the length of the shadow's model name.
    private static let maximumDuplicates = 64

    /// The body with `model` replaced, provider-side storage off and credentials left out (`BodyCredentials`); every other
    /// byte is as it was.
    ///
    /// Storage: where an API stores by default, `store: false` is added; where it stores only on request, an existing `store`
    /// becomes false and none is added (`RequestForm.Storage`). Where the path names the model, the body gets none (`APIPath`).
    ///
    /// `body` is taken after undoing any content coding; a nil `model` leaves the body's own.
    ///
    /// - Throws: `JSONError` where the body is not a JSON object, or names its model, or its storage, more than 64 times.
    package static func rewrite(
        body: some Collection<UInt8>,
        shape: APIShape,
        model: String?
    ) throws(JSONError) -> [UInt8] {
        try withRawBytes(of: body) { bytes throws(JSONError) in
            try rewrite(bytes: bytes, shape: shape, model: model)
        }
    }

    /// As `rewrite(body:shape:model:)`, of bytes in one piece.
    package static func rewrite(
        bytes original: UnsafeRawBufferPointer,
        shape: APIShape,
        model: String?
    ) throws(JSONError) -> [UInt8] {
        let found = try JSONMembers(scanning: original)
        var cuts = CredentialCuts()
        let keepsMembers = try cuts.find(in: found, of: original) && !found.members.isEmpty
        var edits: [(range: Range<Int>, replacement: [UInt8])] = cuts.ranges.map { ($0, []) }
        var insertions: [[UInt8]] = []

        /// Replaces every member of that name, duplicates included, because servers differ in which of them they take.
        func set(_ name: String, to value: JSON, insertsWhereMissing: Bool) throws(JSONError) {
            let members = found.members.filter { $0.key == name }
            guard members.count <= Self.maximumDuplicates else {
                throw JSONError(
                    reason: .tooManyValues(limit: Self.maximumDuplicates),
                    offset: members[Self.maximumDuplicates].valueRange.lowerBound
                )
            }
            let bytes = value.bytes()
            for member in members { edits.append((member.valueRange, bytes)) }
            if members.isEmpty, insertsWhereMissing {
                insertions.append(JSON.string(name).bytes() + Array(":".utf8) + bytes)
            }
        }
        if let model, shape.path.bodyNamesModel { try set("model", to: .string(model), insertsWhereMissing: true) }
        switch shape.request.storage {
        case .unlessRefused(let member): try set(member, to: false, insertsWhereMissing: true)
        case .ifAsked(let member): try set(member, to: false, insertsWhereMissing: false)
        case .never: break
        }
        if !insertions.isEmpty {
            var inserted = Array(insertions.joined(separator: ",".utf8))
            if keepsMembers { inserted.append(UInt8(ascii: ",")) }
            edits.append((found.openingBrace + 1..<found.openingBrace + 1, inserted))
        }

        var output: [UInt8] = []
        output.reserveCapacity(original.count + 64)
        var position = 0
        let ordered = edits.sorted {
            ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound)
        }
        for edit in ordered {
            output.append(contentsOf: original[position..<edit.range.lowerBound])
            output.append(contentsOf: edit.replacement)
            position = edit.range.upperBound
        }
        output.append(contentsOf: original[position...])
        return output
    }
}
