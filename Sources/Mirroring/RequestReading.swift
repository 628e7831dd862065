import Foundation
import Gateway
import NIOCore
import Vocabulary
import Wire

/// What was read of a request that may be mirrored: enough to decide, and the body, to play it.
struct ReadRequest {
    /// The body after undoing any content coding.
    var body: ByteBuffer
    /// The session's identifier as the client wrote it; nil where it named none.
    var session: String?
    var intent: IntentClass
    var intentSource: IntentSource

    /// How a request was judged.
    enum Verdict {
        case eligible(ReadRequest)
        case notEligible(NotEligibleReason)
    }
}

/// Reads candidates as far as deciding about them needs.
struct CandidateReader {
    /// A body may unpack to this many bytes.
    private static let maximumDecodedBytes = 64 << 20

    private let sessionFrom: [RequestField]
    private let intents: IntentClassifier
    private let glance: RequestGlance

    init(sessionFrom: [RequestField], intents: IntentClassifier) {
        self.sessionFrom = sessionFrom
        self.intents = intents
        glance = RequestGlance(
            fields: (sessionFrom + intents.fields).compactMap { field in
                if case .body(let path) = field { path } else { nil }
            }
        )
    }

    func read(_ candidate: Candidate) -> ReadRequest.Verdict {
        guard let body = Self.decodedBody(candidate.request),
            let request = try? glance.request(endpoint: candidate.endpoint, body: body.readableBytesView)
        else { return .notEligible(.unreadableRequest) }
        if request.statefulness != nil { return .notEligible(.stateful) }
        func value(_ field: RequestField) -> String? {
            switch field {
            case .header(let name):
                // Its blanks were left out when the head was read.
                let value = candidate.request.headers.first(name)
                return value?.isEmpty == false ? value : nil
            case .body(let path): return request.field(path)
            }
        }
        let (intent, source) = intents.classify(text: request.lastUserText, field: value)
        return .eligible(
            ReadRequest(
                body: body,
                session: sessionFrom.lazy.compactMap(value).first,
                intent: intent,
                intentSource: source
            )
        )
    }

    /// The body as the client meant it, not copied where it came in one piece; nil where it cannot be decoded.
    private static func decodedBody(_ request: TappedRequest) -> ByteBuffer? {
        let coding = request.headers.all("content-encoding").joined(separator: ",")
        if coding.isEmpty, request.body.count == 1 { return request.body[0] }
        var raw: [UInt8] = []
        raw.reserveCapacity(request.bodyByteCount)
        for slice in request.body { raw.append(contentsOf: slice.readableBytesView) }
        let decoded = try? ContentDecoder.decoded(
            raw,
            contentEncoding: coding.isEmpty ? nil : coding,
            limit: maximumDecodedBytes
        )
        return decoded.map { ByteBuffer(bytes: $0) }
    }
}

extension Endpoint {
    /// The endpoint of a request; nil where it is none of ours.
    init?(_ head: RequestHead) {
        guard head.isPost else { return nil }
        // The raw values once more, as text that a loop compares without making a string of its own.
        if head.hasPath("/v1/chat/completions") {
            self = .chatCompletions
        } else if head.hasPath("/v1/messages") {
            self = .messages
        } else if head.hasPath("/v1/responses") {
            self = .responses
        } else if head.hasPath("/v1/completions") {
            self = .completions
        } else {
            return nil
        }
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
    func shadowLeg(_ read: ReadRequest, of candidate: Candidate, _ headers: ForwardedHeaders) -> PreparedLeg? {
        leg(read, of: candidate, target: shadow, path: candidate.endpoint.rawValue) { isMessages in
            headers.shadow(client: candidate.request.headers, apiKey: shadow.apiKey, isMessages: isMessages)
        }
    }

    /// The second copy of a request for stable.
    func controlLeg(_ read: ReadRequest, of candidate: Candidate, _ headers: ForwardedHeaders) -> PreparedLeg? {
        var target = stable
        // The client asked stable by a name that stable knows.
        target.model = nil
        return leg(read, of: candidate, target: target, path: candidate.request.head.target) { isMessages in
            headers.control(client: candidate.request.headers, apiKey: stable.apiKey, isMessages: isMessages)
        }
    }

    private func leg(
        _ read: ReadRequest,
        of candidate: Candidate,
        target: Target,
        path: String,
        headers: (Bool) -> [(String, String)]
    ) -> PreparedLeg? {
        let rewritten = try? ShadowRequest.rewrite(
            body: read.body.readableBytesView,
            endpoint: candidate.endpoint,
            model: target.model
        )
        guard let body = rewritten else { return nil }
        let base = target.url.hasSuffix("/") ? String(target.url.dropLast()) : target.url
        return PreparedLeg(url: base + path, headers: headers(candidate.endpoint == .messages), body: body)
    }
}
