package import Foundation

/// A new folder for a test, which is gone with this object.
package final class TestFolder: Sendable {
    package let path: String

    package var url: URL { URL(fileURLWithPath: path, isDirectory: true) }

    package init() throws {
        path = FileManager.default.temporaryDirectory.appendingPathComponent("understudy-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }
}

/// Makes a folder for the time of a closure, and takes it away afterwards.
package func withTemporaryFolder<Value>(_ body: (String) throws -> Value) throws -> Value {
    let folder = try TestFolder()
    return try withExtendedLifetime(folder) { try body(folder.path) }
}

/// Makes a folder for the time of a closure, and takes it away afterwards.
package func withTemporaryFolder<Value>(
    isolation: isolated (any Actor)? = #isolation,
    _ body: (String) async throws -> Value
) async throws -> Value {
    let folder = try TestFolder()
    defer { withExtendedLifetime(folder) {} }
    return try await body(folder.path)
}
