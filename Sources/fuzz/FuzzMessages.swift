// The parsers of what goes over the wire: requests, answers and event streams.
//
// What is proven: they say the same however the bytes are cut, and no accepted request can be read two ways
// (RFC 9112 §6.3), whatever its head holds.

import Gateway
import NIOCore
import Wire

/// What was read: heads and ends, one entry each; the payload of each message joined.
func requests(_ pieces: [ArraySlice<UInt8>]) -> [String] {
    var reader = RequestReader(headerLimit: 2_048, bodyLimit: 4_096)
    var said: [String] = []
    var payload = 0
    for piece in pieces {
        reader.receive(ByteBuffer(bytes: piece))
        loop: while true {
            switch reader.next() {
            case .needMore: break loop
            case .head(let head):
                said.append("\(head.method) \(head.target) \(head.fields.map { "\($0.name)=\($0.value)" })")
                expectOneReading(head)
                payload = 0
            case .body(let raw): payload += raw.readableBytes
            case .end:
                said.append("end after \(payload)")
                reader.startNext()
            case .refuse:
                // That it is refused is the same however it is cut. Which of several faults is seen first is not.
                return said + ["refused"]
            }
        }
    }
    return said
}

private func expectOneReading(_ head: RequestHead) {
    var lengths: Set<String> = []
    var codings = 0
    for field in head.fields {
        switch String(field.name).lowercased() {
        case "content-length": lengths.insert(String(field.value))
        case "transfer-encoding": codings += 1
        default: break
        }
    }
    precondition(lengths.isEmpty || codings == 0, "A request with a length and a transfer coding was accepted.")
    precondition(lengths.count < 2 && codings < 2, "A request whose length is said twice was accepted.")
}

func answers(_ pieces: [ArraySlice<UInt8>]) -> [String] {
    var reader = AnswerReader(isAnswerToHead: false)
    var said: [String] = []
    var payload = 0
    for piece in pieces {
        reader.receive(ByteBuffer(bytes: piece))
        loop: while true {
            switch reader.next() {
            case .needMore: break loop
            case .informational(let head), .head(let head):
                said.append("\(head.status) \(head.fields.map { "\($0.name)=\($0.value)" })")
            case .body(let raw): payload += raw.readableBytes
            case .end:
                said.append("end after \(payload)")
                return said
            case .broken: return said + ["broken"]
            }
        }
    }
    return said
}

func events(_ pieces: [ArraySlice<UInt8>]) -> [String] {
    var parser = ServerSentEventParser(maximumEventBytes: 1_024)
    var said: [String] = []
    for piece in pieces {
        // No typed throw through the closure: the optimiser of Swift 6.3.1 ends on it.
        let failure: ServerSentEventError? = piece.withUnsafeBytes { raw in
            do throws(ServerSentEventError) {
                try parser.parse(raw) { said.append("\($0.type) \($0.lastEventID) \($0.data)") }
                return nil
            } catch {
                return error
            }
        }
        if let failure { return said + ["\(failure)"] }
    }
    said.append("inside: \(parser.isInsideEvent)")
    return said
}
