import JSON
import Vocabulary

/// How the requests of one API are read and rewritten.
///
/// Each function gets the whole body, which is an object.
struct RequestForm: Sendable {
    /// The members that the model reads (`CanonicalRequest`).
    let canonicalMembers: [String]
    /// For some of these members, the one part that the model reads.
    var canonicalParts: [String: String] = [:]
    /// The conversation in order; throws if the member with the question is missing.
    let turns: @Sendable (JSON) throws(MirroredRequestError) -> [MirroredRequest.Message]
    /// The requested sampling temperature.
    var temperature: @Sendable (JSON) -> Double? = { $0["temperature"]?.doubleValue }
    /// The longest answer allowed by the request, in tokens.
    let maximumTokens: @Sendable (JSON) -> Int?
    /// The requested format of the answer, unchanged.
    let responseFormat: @Sendable (JSON) -> JSON?
    /// The offered tools, unchanged.
    var tools: @Sendable (JSON) -> JSON? = { $0["tools"] ?? $0["functions"] }
    /// What the response format and the tools ask of an answer.
    var structure: @Sendable (_ responseFormat: JSON?, _ tools: JSON?) -> AskedStructure = AskedStructure.init
    /// Why a request must not be played twice; nil where it may be.
    var statefulness: @Sendable (JSON) -> Statefulness? = { RemoteTool.isNamed(in: $0) ? .remoteTool : nil }
    /// The parts that decide whether and how a request is mirrored.
    let glance: Glance
    /// Whether the provider stores its answers.
    var storage = Storage.never

    /// The part of a body that a `RequestGlance` needs.
    enum Glance: Sendable {
        /// All of it.
        case whole
        /// These members.
        case members([String])
        /// The last turn of the user in the list `conversation`, and these members.
        case lastTurn(conversation: String, turn: @Sendable (JSON) -> MirroredRequest.Message, members: [String])
    }

    /// How a request makes the provider store its answer, which a leg must not.
    enum Storage: Sendable {
        case never
        /// Where the member is true.
        case ifAsked(member: String)
        /// Unless the member is false.
        case unlessRefused(member: String)
    }
}
