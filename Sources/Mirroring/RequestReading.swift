import Foundation
import Gateway
import JSON
import NIOCore
import Vocabulary
import Wire

/// The bytes of a body after any content coding was undone, in one piece.
enum RequestBody {
    /// As received.
    case slice(ByteBuffer)
    /// Joined, or decoded.
    case bytes([UInt8])

    var count: Int {
        switch self {
        case .slice(let slice): slice.readableBytes
        case .bytes(let bytes): bytes.count
        }
    }

    func withBytes<Value, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Value
    ) throws(Failure) -> Value {
        switch self {
        case .slice(let slice): try withRawBytes(of: slice.readableBytesView, body)
        case .bytes(let bytes): try withRawBytes(of: bytes, body)
        }
    }
}

/// The parts of an offered request that were read: enough to decide, and the body, to play it.
struct ReadRequest {
    var body: RequestBody
    /// Bytes of the budget for the request as received and for its body, without those for reading it.
    var heldBytes: Int
    /// The session's identifier as the client wrote it; nil without one.
    var session: String?
    var intent: IntentClass
    var intentSource: IntentSource

    /// The result of reading a request.
    enum Verdict {
        case eligible(ReadRequest)
        case notEligible(NotEligibleReason)
        /// No room for its derived forms.
        case noRoom
    }
}

/// Reads offered requests as far as the decision needs.
///
/// A body is decoded to `maximumBodyBytes` at most, and has `JSONMeasure.maximumForeignValues` values at most. Room is reserved
/// before it is decoded, and before a tree is built: for the tree of the whole body, although a glance builds only a part, and
/// for the texts that are made from it.
struct OfferedRequestReader {
    private let sessionFrom: [RequestField]
    private let intents: IntentClassifier
    private let glance: RequestGlance
    private let maximumBodyBytes: Int

    init(sessionFrom: [RequestField], intents: IntentClassifier, maximumBodyBytes: Int) {
        self.sessionFrom = sessionFrom
        self.intents = intents
        self.maximumBodyBytes = maximumBodyBytes
        glance = RequestGlance(
            fields: (sessionFrom + intents.fields).compactMap { field in
                if case .body(let path) = field { path } else { nil }
            }
        )
    }

    /// Reads an offered request.
    ///
    /// - Parameters:
    ///   - offered: the request as received.
    ///   - room: holds its bytes; for an eligible request also those for building its tree.
    /// - Returns: the verdict.
    func read(_ offered: OfferedRequest, _ room: Reservation) -> ReadRequest.Verdict {
        let body: RequestBody
        do {
            guard let decoded = try decodedBody(offered.request, room) else {
                return .notEligible(.unreadableRequest)
            }
            body = decoded
        } catch {
            switch error.reason {
            case .broken: return .notEligible(.unreadableRequest)
            case .tooLarge: return .notEligible(.requestTooLarge)
            case .noRoom: return .noRoom
            }
        }
        let heldBytes = room.bytes
        let request: MirroredRequest
        do {
            let treeBytes = try body.withBytes { bytes throws(JSONError) in try JSONMeasure.treeBytes(of: bytes) }
            guard room.grow(by: treeBytes + body.count) else { return .noRoom }
            request = try body.withBytes { bytes throws(MirroredRequestError) in
                try glance.request(shape: offered.shape, path: offered.path, bytes: bytes)
            }
        } catch MirroredRequestError.notJSON(let error), let error as JSONError {
            if case .tooManyValues = error.reason { return .notEligible(.requestTooLarge) }
            return .notEligible(.unreadableRequest)
        } catch {
            return .notEligible(.unreadableRequest)
        }
        if request.statefulness != nil { return .notEligible(.stateful) }
        func value(_ field: RequestField) -> String? {
            switch field {
            case .header(let name):
                // The value was trimmed when the head was read.
                let value = offered.request.headers.first(name)
                return value?.isEmpty == false ? value : nil
            case .body(let path): return request.field(path)
            }
        }
        let (intent, source) = intents.classify(text: request.lastUserText, field: value)
        return .eligible(
            ReadRequest(
                body: body,
                heldBytes: heldBytes,
                session: sessionFrom.lazy.compactMap(value).first,
                intent: intent,
                intentSource: source
            )
        )
    }

    /// The decoded body, not copied if it came in one piece; nil if its coding is unknown.
    private func decodedBody(_ request: TappedRequest, _ room: Reservation) throws(ContentCodingError) -> RequestBody? {
        let coding = request.headers.all("content-encoding").joined(separator: ",")
        if coding.isEmpty, request.body.count == 1 { return .slice(request.body[0]) }
        let held = room.bytes
        let decoded = try ContentDecoder.decoded(
            request.body.map(\.readableBytesView),
            contentEncoding: coding.isEmpty ? nil : coding,
            limit: maximumBodyBytes,
            resize: { room.resize(to: held + $0) }
        )
        return decoded.map(RequestBody.bytes)
    }
}

extension APIShapes {
    /// The place of the request's shape; nil if it is not mirrored.
    func place(of head: RequestHead) -> Int? {
        guard head.isPost else { return nil }
        // Paths are compared in place: an event loop makes no strings.
        return place(whereFixed: head.hasPath, target: { head.target })
    }
}

/// The prepared request of a leg.
struct PreparedLeg {
    var url: String
    var headers: [(String, String)]
    var body: [UInt8]
}

extension MirroringConfiguration {
    /// The shadow's copy of a request; nil where its body cannot be rewritten.
    func shadowLeg(_ read: ReadRequest, of offered: OfferedRequest, _ headers: ForwardedHeaders) -> PreparedLeg? {
        let path = offered.shape.path.target(offered.path, model: shadow.model)
        let head = headers.shadow(client: offered.request.headers, apiKey: shadow.apiKey, shape: offered.shape)
        return leg(read, of: offered, target: shadow, path: path, head)
    }

    /// The second copy of a request for stable.
    func controlLeg(_ read: ReadRequest, of offered: OfferedRequest, _ headers: ForwardedHeaders) -> PreparedLeg? {
        var target = stable
        // The client's name for the model is valid at stable.
        target.model = nil
        let head = headers.control(client: offered.request.headers, apiKey: stable.apiKey, shape: offered.shape)
        return leg(read, of: offered, target: target, path: offered.request.head.target, head)
    }

    private func leg(
        _ read: ReadRequest,
        of offered: OfferedRequest,
        target: Target,
        path: String,
        _ headers: [(String, String)]
    ) -> PreparedLeg? {
        let rewritten = try? read.body.withBytes { bytes throws(JSONError) in
            try ShadowRequest.rewrite(bytes: bytes, shape: offered.shape, model: target.model)
        }
        guard let body = rewritten else { return nil }
        return PreparedLeg(url: target.url.description + path, headers: headers, body: body)
    }
}
