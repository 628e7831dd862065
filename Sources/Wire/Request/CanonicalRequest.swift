// The canonical form of a request: what the model reads, in the one spelling of all requests that say the same.
//
// Two requests with equal canonical bytes put the same question. The prompt hash (keyed, `Mirroring`) and the
// stand-in's answer lookup (unkeyed SHA-256) are both taken over these bytes.
//
// The form is a JSON object with the members below, as far as they are there and not null; members sorted by their
// names' UTF-8 bytes at every level, no insignificant whitespace, numbers normalised, of duplicate names only the last,
// strings with the fewest escapes (RFC 8259 §7). Python makes the same bytes, for numbers that both write alike, with
//     json.dumps(object, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()
//
// Left out is what chooses or steers the sampling or the transport and is not read by the model: `model`, `stream`,
// `stream_options`, `user`, `metadata`, `store`, `n`, `temperature`, `top_p`, `seed`, `stop`, token limits, penalties,
// logprobs. The API is no part of it.

package import JSON

/// The canonical form of a request, for hashing.
package enum CanonicalRequest {
    /// The members that count of the requests of an API.
    ///
    /// Of some only a part does (`RequestForm.canonicalParts`).
    package static func members(of shape: APIShape) -> [String] { shape.request.canonicalMembers }

    /// The canonical bytes of a request's body.
    package static func bytes(shape: APIShape, body: JSON) -> [UInt8] {
        form(shape: shape, body: body).canonicalBytes
    }

    /// Of a request's body the members that count.
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

    /// Hands over the canonical bytes piece by piece, so that they never stand beside the request as a whole.
    ///
    /// - Parameter body: gets pieces of 64 KiB, and of a longer string that string at once.
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
