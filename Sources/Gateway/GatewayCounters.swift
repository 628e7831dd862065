/// The counts of one loop, or of all together, since the start.
package struct GatewayCounters: Equatable, Sendable {
    package var connectionsAccepted = 0
    package var connectionsOpen = 0
    /// Clients that were refused because their address had too many connections.
    package var connectionsRefused = 0
    /// How often accepting stopped at the maximum number of clients.
    package var acceptPauses = 0
    /// How often the system had no descriptor or no memory for a new client.
    package var acceptFailures = 0
    /// Requests whose head was read.
    package var requests = 0
    /// Final answers sent, upstreams' and the gateway's own, by the first digit of the status (index 0 to 9).
    package var answersByClass = [Int](repeating: 0, count: 10)
    /// The gateway's own answers to refused requests.
    package var refusals = 0
    /// Exchanges cut off by their client.
    package var clientCancellations = 0
    package var upstreamConnectionsOpened = 0
    package var upstreamConnectionsReused = 0
    package var upstreamRetries = 0
    /// Connections to stable that are kept, unused.
    package var upstreamConnectionsIdle = 0

    package init() {}

    package static func + (left: GatewayCounters, right: GatewayCounters) -> GatewayCounters {
        var sum = left
        sum.connectionsAccepted += right.connectionsAccepted
        sum.connectionsOpen += right.connectionsOpen
        sum.connectionsRefused += right.connectionsRefused
        sum.acceptPauses += right.acceptPauses
        sum.acceptFailures += right.acceptFailures
        sum.requests += right.requests
        for index in sum.answersByClass.indices { sum.answersByClass[index] += right.answersByClass[index] }
        sum.refusals += right.refusals
        sum.clientCancellations += right.clientCancellations
        sum.upstreamConnectionsOpened += right.upstreamConnectionsOpened
        sum.upstreamConnectionsReused += right.upstreamConnectionsReused
        sum.upstreamRetries += right.upstreamRetries
        sum.upstreamConnectionsIdle += right.upstreamConnectionsIdle
        return sum
    }
}

/// One finished exchange, for metrics.
package struct ExchangeSummary: Sendable {
    /// The status that was sent to the client; nil for none.
    package var status: Int?
    /// From the first byte of the request to the last byte of the answer.
    package var duration: Duration
    /// From the first byte of the request to the final answer head; nil where stable gave none.
    package var timeToHead: Duration?
    package var end: AnswerEnd
    /// Who was chosen to answer.
    package var servedBy: Upstream.Name
    /// Which loop it ran on, from 0, so that an observer can keep a shard for each.
    package var loopIndex: Int

    package init(
        status: Int?,
        duration: Duration,
        timeToHead: Duration? = nil,
        end: AnswerEnd,
        servedBy: Upstream.Name,
        loopIndex: Int
    ) {
        self.status = status
        self.duration = duration
        self.timeToHead = timeToHead
        self.end = end
        self.servedBy = servedBy
        self.loopIndex = loopIndex
    }
}

/// Is told of every finished exchange, on its event loop; must return at once.
package protocol GatewayObserver: Sendable {
    func exchangeFinished(_ summary: ExchangeSummary)
}
