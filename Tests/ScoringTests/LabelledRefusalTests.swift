import Foundation
import JSON
import TestSupport
import Testing
import Vocabulary

@testable import Scoring

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
    /// The answers were written, and labelled, without sight of what the detector says of them. It was developed on
    /// those with even numbers first, and on the misses of all of them after that.
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
        de-021 en-065 es-072 it-012 pt-034 pt-067
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

    /// What is reached, on answers whose misses were looked at; `RefusalDetector` says what to expect of others.
    @Test func `full refusals are told with an F1 of 0.98 at least, and 0.96 in every language`() throws {
        let all = try LabelledRefusal.all()
        let whole = measurement(of: all)
        print("refusal, \(all.count) answers: \(whole.summary)")
        #expect(whole.f1 >= 0.98, "\(whole.mistakes)")
        for (language, answers) in Dictionary(grouping: all, by: \.language).sorted(by: { $0.key < $1.key }) {
            let measured = measurement(of: answers)
            print("refusal, \(language), \(answers.count) answers: \(measured.summary)")
            #expect(measured.f1 >= 0.96, "\(language): \(measured.mistakes)")
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
