import Foundation

/// Makes a folder for the time of a closure, and takes it away afterwards.
package func withTemporaryFolder<Value>(_ body: (String) throws -> Value) throws -> Value {
    let folder = try makeTemporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    return try body(folder)
}

/// Makes a folder for the time of a closure, and takes it away afterwards.
package func withTemporaryFolder<Value>(
    isolation: isolated (any Actor)? = #isolation,
    _ body: (String) async throws -> Value
) async throws -> Value {
    let folder = try makeTemporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    return try await body(folder)
}

private func makeTemporaryFolder() throws -> String {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("understudy-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    return folder
}
