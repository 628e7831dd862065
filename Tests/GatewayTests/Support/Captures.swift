import Foundation
import TestSupport
import Testing

/// The recorded traffic of real servers, where it is at hand.
enum Captures {
    struct Capture: Sendable, CustomTestStringConvertible {
        var name: String
        var request: [UInt8]
        var response: [UInt8]
        var testDescription: String { name }
    }

    static let folder: URL? = SharedData.has("captures") ? URL(filePath: SharedData.path("captures")) : nil

    static let all: [Capture] = {
        guard let folder, let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil) else {
            return []
        }
        let responses = files.compactMap { $0 as? URL }.filter { $0.lastPathComponent.hasSuffix(".response.http") }
        return responses.sorted { $0.path() < $1.path() }.compactMap { url in
            let name = url.lastPathComponent.replacingOccurrences(of: ".response.http", with: "")
            let request = url.deletingLastPathComponent().appending(path: "\(name).request.http")
            guard let requestBytes = try? Data(contentsOf: request), let bytes = try? Data(contentsOf: url) else {
                return nil
            }
            return Capture(
                name: "\(url.deletingLastPathComponent().lastPathComponent)/\(name)",
                request: Array(requestBytes),
                response: Array(bytes)
            )
        }
    }()
}
