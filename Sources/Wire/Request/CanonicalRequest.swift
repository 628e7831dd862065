// The canonical form of a request: the parts that the model reads, in one spelling for all equivalent requests.
//
// Two requests with equal canonical bytes put the same question. The prompt hash (keyed, `Mirroring`) and the
// stand-in's answer lookup (unkeyed SHA-256) are both taken over these bytes.
//
// The form is a JSON object with the members below that are present and not null: members sorted by their names' UTF-8 bytes
// at every level, no insignificant whitespace, numbers normalised, of duplicate names only the last, strings with the fewest
// escapes (RFC 8259 §7). Python makes the same bytes, for numbers that both write alike, with
//     json.dumps(object, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()
//
// Left out are members that control sampling or transport and are not read by the model: `model`, `stream`, `stream_options`,
// `user`, `metadata`, `store`, `n`, `temperature`, `top_p`, `seed`, `stop`, token limits, penalties, logprobs. The API is not
// part of it.

package import JSON

/// The canonical form of a request, for hashing.
package enum CanonicalRequest {
    /// The members of an API's requests that count.
    ///
    /// Of some only a part counts (`RequestForm.canonicalParts`).
    package static func members(of shape: APIShape) -> [String] { shape.request.canonicalMembers }

    /// The canonical bytes of a request's body.
    package static func bytes(shape: APIShape, body: JSON) -> [UInt8] {
        form(shape: shape, body: body).canonicalBytes
    }

    /// The counting members of a request's body.
    fileprivate static func form(shape: APIShape, body: JSON) -> JSON {
        var form = JSON.Object()
        for name in shape.request.canonicalMembers {
            guard var value = body[name], !value.isNull else { continue }
            if let part = shape.request.canonicalParts[name] {
                guard let kept = value[part], !kept.isNull else { continue }
                value = .object([part: kept])
            }
            form[name] = value
        }
        return .object(form)
    }

    /// The canonical bytes of a prompt that is plain text: those of a `/v1/completions` request for it.
    package static func bytes(prompt: String) -> [UInt8] {
        bytes(shape: .completions, body: ["prompt": .string(prompt)])
    }

    /// The canonical bytes of messages alone: those of a `/v1/chat/completions` request with nothing else.
    package static func bytes(messages: JSON) -> [UInt8] {
        bytes(shape: .chatCompletions, body: ["messages": messages])
    }
}

extension MirroredRequest {
    /// The canonical bytes of this request, for hashing.
    package var canonicalBytes: [UInt8] { CanonicalRequest.bytes(shape: shape, body: body) }

    /// Gives the canonical bytes piece by piece, so that they are never in memory as a whole beside the request.
    ///
    /// - Parameter body: gets pieces of 64 KiB; a longer string comes at once.
    package func forEachCanonicalPiece(_ body: ([UInt8]) -> Void) {
        var output: [UInt8] = []
        CanonicalRequest.form(shape: shape, body: self.body).writeCanonical(to: &output) { output in
            guard output.count >= 64 << 10 else { return }
            body(output)
            output.removeAll(keepingCapacity: output.capacity <= 256 << 10)
        }
        if !output.isEmpty { body(output) }
    }
}
