package import Foundation

/// The real data that lies beside the package and is no part of it: `../shared/data`, or below `UNDERSTUDY_SHARED`.
package enum SharedData {
    /// nil where they are absent.
    package static let folder: URL? = {
        let environment = ProcessInfo.processInfo.environment["UNDERSTUDY_SHARED"].map { URL(fileURLWithPath: $0) }
        var root = URL(fileURLWithPath: #filePath)
        for _ in 0..<3 { root.deleteLastPathComponent() }
        let shared = environment ?? root.deletingLastPathComponent().appendingPathComponent("shared")
        let data = shared.appendingPathComponent("data")
        return FileManager.default.fileExists(atPath: data.appendingPathComponent("README.md").path) ? data : nil
    }()

    package static let isPresent = folder != nil

    /// Where a file lies; no file lies there where the data are absent.
    package static func path(_ name: String) -> String { (folder?.path ?? "/nonexistent") + "/" + name }

    package static func has(_ name: String) -> Bool { FileManager.default.fileExists(atPath: path(name)) }

    package static func bytes(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(fileURLWithPath: path(name))))
    }
}
