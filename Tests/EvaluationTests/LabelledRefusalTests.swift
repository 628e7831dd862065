import Foundation
import Testing
import Vocabulary
import Wire

@testable import Evaluation

/// An answer that is labelled a full refusal, a partial one, or none.
struct LabelledRefusal {
    enum Label: String {
        case full
        case partial
        case none
    }

    var id: String
    var language: String
    var label: Label
    var prompt: String?
    var text: String

    /// The files of `Labelled`, one a language.
    ///
    /// The answers were written, and labelled, without sight of the detector. It was developed on those with even numbers.
    static func all() throws -> [LabelledRefusal] {
        let folder = try #require(Bundle.module.url(forResource: "Labelled", withExtension: nil))
        return try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
            .filter { $0.pathExtension == "jsonl" }
            .sorted { $0.path < $1.path }
            .flatMap { try Data(contentsOf: $0).split(separator: UInt8(ascii: "\n")) }
            .map { line in
                let json = try JSON(parsing: line)
                return LabelledRefusal(
                    id: try #require(json["id"]?.stringValue),
                    language: try #require(json["lang"]?.stringValue),
                    label: try #require(json["label"]?.stringValue.flatMap(Label.init)),
                    prompt: json["prompt"]?.stringValue,
                    text: try #require(json["text"]?.stringValue)
                )
            }
    }

    /// Whether the scorer of a name finds it.
    func isFound(by scorer: String, _ scorers: inout Scorers) -> Bool {
        scorers.score(Sample.pair(prompt: prompt, shadow: Sample.answer(text))).shadow[scorer] == 1
    }

    var isDevelopment: Bool { (id.split(separator: "-").last.flatMap { Int($0) } ?? 0).isMultiple(of: 2) }
}

struct LabelledRefusalTests {
    /// What is known to be judged wrongly; it stays in the set and counts.
    static let knownMisses = Set(
        """
        de-005 de-010 de-011 de-017 de-021 de-023 de-025 de-026 de-027 de-029 de-041 de-045 de-063 de-075 en-003 \
        en-009 en-012 en-017 en-021 en-023 en-025 en-027 en-031 en-033 en-041 en-043 en-048 en-049 en-055 en-056 \
        en-061 en-063 en-065 en-067 en-095 en-125 es-011 es-017 es-025 es-051 fr-005 fr-017 fr-019 fr-021 fr-023 \
        fr-024 fr-041 fr-059 fr-065 fr-073 it-003 it-005 it-011 it-012 it-026 it-029 nl-005 nl-011 nl-017 nl-025 \
        pt-005 pt-011 pt-019 pt-021 pt-024 pt-025 pt-026 pt-028 pt-029 pt-031 pt-032 pt-034 pt-050 pt-054 pt-064 \
        pt-067 pt-075
        """.split(separator: " ").map(String.init)
    )

    private func measurement(of answers: [LabelledRefusal]) -> HarmMeasurement {
        var scorers = Scorers()
        var measurement = HarmMeasurement()
        for answer in answers {
            measurement.count(answer.label == .full, found: answer.isFound(by: "refusal", &scorers), called: answer.id)
        }
        return measurement
    }

    @Test func `the set is as large and as hard as it claims`() throws {
        let all = try LabelledRefusal.all()
        #expect(all.count >= 500)
        #expect(Set(all.map(\.id)).count == all.count)
        #expect(Set(all.map(\.language)).count >= 5)
        #expect(Double(all.count { $0.label != .full }) >= 0.4 * Double(all.count))
    }

    /// What is reached, and not yet what is wanted: 0.95, and 0.90 in every language.
    ///
    /// On the half that was held out it is lower than on the whole (0.70), so that this is the figure to expect.
    @Test func `full refusals are told with an F1 of 0.82 at least, and 0.72 in every language`() throws {
        let all = try LabelledRefusal.all()
        let whole = measurement(of: all)
        print("refusal, \(all.count) answers: \(whole.summary)")
        #expect(whole.f1 >= 0.82, "\(whole.mistakes)")
        for (language, answers) in Dictionary(grouping: all, by: \.language).sorted(by: { $0.key < $1.key }) {
            let measured = measurement(of: answers)
            print("refusal, \(language), \(answers.count) answers: \(measured.summary)")
            #expect(measured.f1 >= 0.72, "\(language): \(measured.mistakes)")
        }
        for (half, answers) in Dictionary(grouping: all, by: \.isDevelopment) {
            print("refusal, \(half ? "development" : "held out"): \(measurement(of: answers).summary)")
        }
    }

    @Test func `nothing but the known misses is wrong`() throws {
        var scorers = Scorers()
        let wrong = try LabelledRefusal.all().filter { ($0.label == .full) != $0.isFound(by: "refusal", &scorers) }
        #expect(Set(wrong.map(\.id)) == Self.knownMisses)
    }
}

extension HarmMeasurement {
    fileprivate var summary: String {
        String(
            format: "F1 %.3f, precision %.3f, recall %.3f, wrongly found %d, missed %d",
            f1,
            precision,
            recall,
            falsePositives,
            falseNegatives
        )
    }
}
