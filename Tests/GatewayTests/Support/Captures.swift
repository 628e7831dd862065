import Foundation
import Testing

/// The recorded traffic of real servers, where it is at hand.
enum Captures {
    struct Capture: Sendable, CustomTestStringConvertible {
        var name: String
        var request: [UInt8]
        var response: [UInt8]
        var testDescription: String { name }
    }

    /// `../shared/data/captures` beside the package, or below `UNDERSTUDY_SHARED`.
    static let folder: URL? = {
        let shared =
            ProcessInfo.processInfo.environment["UNDERSTUDY_SHARED"].map { URL(filePath: $0) }
            ?? URL(filePath: #filePath).appending(path: "../../../../../shared").standardized
        let folder = shared.appending(path: "data/captures")
        return FileManager.default.fileExists(atPath: folder.path()) ? folder : nil
    }()

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
