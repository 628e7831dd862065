// The promotion-readiness report: one evaluation, rendered.
//
// Nothing is computed here that is not arithmetic of layout: every figure comes from `Readiness`. The HTML opens
// offline (no script, no outside resource) and shows pairs by their ids only, so it can be handed on.

package import Evaluation
package import Foundation
import JSON

/// An evaluation with the time of its rendering, in three forms.
package struct Report: Sendable {
    let readiness: Readiness
    let renderedAt: Date

    package init(_ readiness: Readiness, renderedAt: Date) {
        self.readiness = readiness
        self.renderedAt = renderedAt
    }

    /// A page that needs nothing else.
    package var html: String { HTMLPage(readiness, renderedAt: renderedAt).text }

    /// The same in brief, for a pull request or a chat.
    package var markdown: String { MarkdownText(readiness, renderedAt: renderedAt).text }

    /// The document of `evaluate --format json`.
    package var json: String { readiness.json.text(.pretty) + "\n" }
}
