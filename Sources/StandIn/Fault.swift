/// A fault that a stand-in plays on demand, and the share of requests that it affects.
///
/// Written as `KIND[:SHARE]` on the command line: `hang`, `slow:FACTOR[:SHARE]`, `reset`, `status:CODE[:SHARE]`, `cut`,
/// `garbage`, `endless`, `huge`.
package struct Fault: Sendable, Equatable {
    package enum Kind: Sendable, Equatable {
        /// Accepts the request and never answers.
        case hang
        /// Answers with every recorded time multiplied by the factor.
        case slow(factor: Double)
        /// Sends a head and the first part of the answer, then a TCP reset.
        case reset
        /// Answers with a status and an error body in the shape of the endpoint.
        case status(Int)
        /// Ends the connection in an orderly way in the middle of the answer.
        case cut
        /// Answers with bytes that are not HTTP.
        case garbage
        /// Streams without end, as fast as the reader takes it.
        case endless
        /// Sends an answer of one GiB.
        case huge
    }

    package var kind: Kind
    /// The share of requests that the fault affects, above 0 and at most 1.
    package var share: Double

    package init(kind: Kind, share: Double = 1) {
        self.kind = kind
        self.share = share
    }

    /// A fault as the command line writes it.
    ///
    /// - Throws: `FaultSyntaxError` with a sentence that gives the right form.
    package init(parsing text: String) throws(FaultSyntaxError) {
        var parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        let name = parts.removeFirst()
        func number(_ meaning: String, where isRight: (Double) -> Bool) throws(FaultSyntaxError) -> Double {
            guard !parts.isEmpty, let value = Double(parts.removeFirst()), isRight(value) else {
                throw FaultSyntaxError(text: text, remedy: "give \(meaning)")
            }
            return value
        }
        switch name {
        case "hang": kind = .hang
        case "reset": kind = .reset
        case "cut": kind = .cut
        case "garbage": kind = .garbage
        case "endless": kind = .endless
        case "huge": kind = .huge
        case "slow": kind = .slow(factor: try number("a factor above 0, as in slow:10") { $0 > 0 && $0.isFinite })
        case "status":
            let code = try number("a status from 200 to 599, as in status:500") { $0 >= 200 && $0 < 600 }
            kind = .status(Int(code))
        default:
            throw FaultSyntaxError(
                text: text,
                remedy: "the kinds are hang, slow:FACTOR, reset, status:CODE, cut, garbage, endless and huge"
            )
        }
        share = 1
        if !parts.isEmpty {
            share = try number("a share above 0 and at most 1, as in hang:0.05") { $0 > 0 && $0 <= 1 }
        }
        guard parts.isEmpty else {
            throw FaultSyntaxError(text: text, remedy: "nothing may follow the share")
        }
    }
}

/// A fault that cannot be read from the command line.
package struct FaultSyntaxError: Error, CustomStringConvertible {
    package var text: String
    package var remedy: String

    package var description: String { "“\(text)” is not a fault: \(remedy)." }
}

/// Which fault, if any, affects which request.
///
/// Deterministic: the n-th request of a stand-in gets the same fault in every run, so that a test can rely on the share. The
/// first fault whose share covers the request's number wins.
package struct FaultPlan: Sendable {
    private let faults: [Fault]

    package init(_ faults: [Fault]) {
        self.faults = faults
    }

    /// The fault of the n-th request, counted from 0.
    ///
    /// The shares lie side by side on [0, 1); a request's place there is its number spread by the golden ratio, so that any run
    /// of requests gets each fault close to its share.
    package func fault(forRequest number: Int) -> Fault.Kind? {
        let place = (Double(number) * 0.618_033_988_749_894_9).truncatingRemainder(dividingBy: 1)
        var edge = 0.0
        for fault in faults {
            edge += fault.share
            if place < edge { return fault.kind }
        }
        return nil
    }
}
