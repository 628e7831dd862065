import JSON
import Vocabulary

/// How the requests of one API are read and rewritten.
///
/// Each function gets the whole body, which is an object.
struct RequestForm: Sendable {
    /// The members that the model reads (`CanonicalRequest`).
    let canonicalMembers: [String]
    /// Of these members, the one part that the model reads.
    var canonicalParts: [String: String] = [:]
    /// The conversation in order; throws where the member without which there is nothing to answer is missing.
    let turns: @Sendable (JSON) throws(MirroredRequestError) -> [MirroredRequest.Message]
    /// The sampling temperature that is asked for.
    var temperature: @Sendable (JSON) -> Double? = { $0["temperature"]?.doubleValue }
    /// The longest answer that is asked for, in tokens.
    let maximumTokens: @Sendable (JSON) -> Int?
    /// The format that the answer must have, as it is asked for.
    let responseFormat: @Sendable (JSON) -> JSON?
    /// The tools on offer, as they are offered.
    var tools: @Sendable (JSON) -> JSON? = { $0["tools"] ?? $0["functions"] }
    /// What the response format and the tools ask of an answer.
    var structure: @Sendable (_ responseFormat: JSON?, _ tools: JSON?) -> AskedStructure = AskedStructure.init
    /// Why a request must not be played twice; nil where it may be.
    var statefulness: @Sendable (JSON) -> Statefulness? = { RemoteTool.isNamed(in: $0) ? .remoteTool : nil }
    /// What is looked at to decide whether and how a request is mirrored.
    let glance: Glance
    /// Whether the provider stores its answers.
    var storage = Storage.never

    /// How much of a body a `RequestGlance` needs.
    enum Glance: Sendable {
        /// All of it.
        case whole
        /// These members.
        case members([String])
        /// Of the turns in the list `conversation` the last that the user spoke in, and these members.
        case lastTurn(conversation: String, turn: @Sendable (JSON) -> MirroredRequest.Message, members: [String])
    }

    /// How a request has its answer stored with the provider, which a leg must not.
    enum Storage: Sendable {
        case never
        /// Where the member is true.
        case ifAsked(member: String)
        /// Unless the member is false.
        case unlessRefused(member: String)
    }
}
