import Foundation
import Testing

/// A captured answer, taken apart as an HTTP client would.
struct CapturedResponse {
    var status = 0
    var contentType: String?
    var contentLength: Int?
    /// De-chunked.
    var body: [UInt8] = []
    /// Whether the framing says that all of it is there.
    var isComplete = false

    init(raw: [UInt8]) throws {
        let separator = Array("\r\n\r\n".utf8)
        let split = try #require(raw.firstRange(of: separator))
        var isChunked = false
        for (index, line) in String(decoding: raw[..<split.lowerBound], as: UTF8.self).split(separator: "\r\n")
            .enumerated()
        {
            if index == 0 {
                status = Int(line.split(separator: " ")[1]) ?? 0
                continue
            }
            let parts = line.split(separator: ":", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
            guard parts.count == 2 else { continue }
            switch parts[0].lowercased() {
            case "content-type": contentType = parts[1]
            case "content-length": contentLength = Int(parts[1])
            case "transfer-encoding": isChunked = parts[1].lowercased() == "chunked"
            default: break
            }
        }
        var rest = raw[split.upperBound...]
        guard isChunked else {
            body = Array(rest)
            isComplete = contentLength.map { $0 == body.count } ?? true
            return
        }
        while let end = rest.firstRange(of: Array("\r\n".utf8)) {
            guard let size = Int(String(decoding: rest[..<end.lowerBound], as: UTF8.self), radix: 16) else { return }
            rest = rest[end.upperBound...]
            if size == 0 {
                isComplete = true
                return
            }
            body += rest.prefix(size)
            guard rest.count >= size + 2 else { return }
            rest = rest.dropFirst(size + 2)
        }
    }
}
