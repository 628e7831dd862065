package import Files
import Foundation
import PairStore
import Vocabulary

/// Where a result goes that a command names with an option: a file of its own, or standard output for `-`.
///
/// Made before the command does anything else, so that a place where nothing can be written is told at once.
package enum OutputTarget {
    case standardOutput
    case file(OutputFile)

    /// Opens the targets of one command.
    ///
    /// - Parameters:
    ///   - paths: as they were given; of several only one can be `-`.
    ///   - protected: what none of them may replace, beside each other.
    /// - Returns: the targets, in the paths' order.
    /// - Throws: `FileError`, and `CommandFailure` where two are the same.
    package static func open(_ paths: [String], sparing protected: ProtectedFiles) throws -> [OutputTarget] {
        guard paths.count(where: { $0 == "-" }) <= 1 else {
            throw CommandFailure.usage("Only one result can go to standard output; name a file for the other.")
        }
        var protected = protected
        return try paths.map { path in
            if path == "-" { return .standardOutput }
            let file: OutputFile
            do throws(FileError) {
                file = try OutputFile(path: path, sparing: protected)
            } catch {
                throw error.offering("- for standard output")
            }
            protected.protect(path, as: "another result of this command")
            return .file(file)
        }
    }

    package static func open(_ path: String, sparing protected: ProtectedFiles) throws -> OutputTarget {
        try open([path], sparing: protected)[0]
    }

    package func write(_ bytes: some Sequence<UInt8>) throws {
        switch self {
        case .standardOutput: try Output.write(Data(bytes))
        case .file(let file): try file.write(bytes)
        }
    }

    /// Puts a file into its place, where nothing more will come.
    package func commit() throws {
        if case .file(let file) = self { try file.commit() }
    }

    /// Says what was done: beside a result on standard output on standard error.
    package func tell(_ sentence: String) throws {
        switch self {
        case .standardOutput: Output.complain(sentence)
        case .file: try Output.say(sentence)
        }
    }
}

extension ProtectedFiles {
    /// What a command reads, none of which it may replace.
    ///
    /// - Parameters:
    ///   - stores: their paths, each with its key where that lies beside it.
    ///   - keyFile: a key that lies elsewhere.
    ///   - configuration: the file's path.
    package init(stores: [String], keyFile: String? = nil, configuration: String? = nil) {
        self.init()
        for store in stores {
            protect(store: store)
            protect(KeyFile.path(besideStore: store), as: "the key of the store \(store)")
        }
        if let keyFile { protect(keyFile, as: "the key of this command") }
        if let configuration { protect(configuration, as: "the configuration of this command") }
    }
}
