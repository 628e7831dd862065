/// An endpoint whose exchanges can be mirrored.
package enum Endpoint: String, Sendable, Hashable, CaseIterable {
    case chatCompletions = "/v1/chat/completions"
    case completions = "/v1/completions"
    case responses = "/v1/responses"
    case messages = "/v1/messages"

    /// The endpoint of a request target, which may carry a query; nil where it is none of ours.
    package init?(target: String) {
        let path = target.prefix { $0 != "?" }
        self.init(rawValue: String(path))
    }
}
