import Foundation

/// Where the key of prompts and sessions lies where nobody says otherwise.
package enum KeyFile {
    /// The path beside a store: the store's, with `.key` for its extension.
    ///
    /// - Parameter store: the store's path; `understudy.sqlite` gives `understudy.key`.
    /// - Returns: the path of the key file.
    package static func path(besideStore store: String) -> String {
        let path = store as NSString
        return (path.pathExtension.isEmpty ? store : path.deletingPathExtension) + ".key"
    }
}
