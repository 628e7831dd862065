import Foundation
import Gateway
import JSON
import NIOCore
import Vocabulary
import Wire

/// The bytes of a body after any content coding was undone, in one piece.
enum RequestBody {
    /// As it came.
    case slice(ByteBuffer)
    /// Put together, or decoded.
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

/// What was read of a request that may be mirrored: enough to decide, and the body, to play it.
struct ReadRequest {
    var body: RequestBody
    /// Bytes of the budget that are taken for the request as it came and for its body, apart from what reading it takes.
    var heldBytes: Int
    /// The session's identifier as the client wrote it; nil where it named none.
    var session: String?
    var intent: IntentClass
    var intentSource: IntentSource

    /// How a request was judged.
    enum Verdict {
        case eligible(ReadRequest)
        case notEligible(NotEligibleReason)
        /// What it would become finds no room.
        case noRoom
    }
}

/// Reads offered requests as far as deciding about them needs.
///
/// A body is decoded to `maximumBodyBytes` at most, and has `JSONMeasure.maximumForeignValues` values at most. Room is asked for
/// before it is decoded, and before any tree is built of it: for the tree of the whole, of which a glance is a part, and once
/// more for the texts that are put together of it.
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
    ///   - offered: the request as it came.
    ///   - room: holds what is held of it; of an eligible request also what building its tree takes.
    /// - Returns: what it is.
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
                // Its blanks were left out when the head was read.
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

    /// The body as the client meant it, not copied where it came in one piece; nil where its coding is unknown.
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
    /// The place of the shape whose request this is; nil where it is not to be mirrored.
    func place(of head: RequestHead) -> Int? {
        guard head.isPost else { return nil }
        // Paths are compared where they lie: an event loop makes no string of them.
        return place(whereFixed: head.hasPath, target: { head.target })
    }
}

/// A request that a leg is about to send.
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
        // The client asked stable by a name that stable knows.
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
