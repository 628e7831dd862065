import Foundation
import Scoring
import Testing
import Vocabulary

@Suite struct MetricCatalogueTests {
    @Test func `every scorer of an answer is a harm or a score of the catalogue, and each of these has a scorer`() {
        let scorers = Set(Scorers.ofAnswers.map(\.name))
        #expect(scorers == Set((MetricCatalogue.harms + MetricCatalogue.scores).map(\.name)))
    }

    @Test func `every scorer of two answers is a churn of the catalogue, and each churn has a scorer`() {
        let scorers = Set(Scorers.ofPairs.map { MetricCatalogue.churnPrefix + $0.name })
        #expect(scorers == Set(MetricCatalogue.churn.map(\.name)))
        #expect(Scorers.all.allSatisfy { MetricCatalogue.isBuiltIn($0.name) })
    }

    @Test func `no metric stands in the catalogue twice`() {
        let names = MetricCatalogue.all.map(\.name)
        #expect(Set(names).count == names.count)
    }

    @Test func `every name that a gate may have is read and written back as one of the same meaning`() throws {
        for name in MetricCatalogue.gateMetricNames + Gate.defaults.map(\.metric) + ["score.correct.mean"] {
            let metric = try #require(GateMetric(name), "\(name)")
            #expect(GateMetric(metric.name) == metric, "\(name)")
        }
        #expect(
            Gate.defaults.map(\.metric) == [
                "new_refusal", "error", "malformed", "severe_regression", "quality.tail_mass", "total_time.p99",
                "first_token.p95",
            ]
        )
    }

    @Test func `a gate does not apply where requests did not ask for what it measures, and only there`() {
        let notAsked = MetricCatalogue.all.filter { $0.absence == .notAsked }.map(\.name)
        #expect(Set(notAsked) == ["malformed", "identifiers_ignored", "identifier_recall", "injection_obeyed"])
        let notStreamed = MetricCatalogue.all.filter { $0.absence == .notStreamed }.map(\.name)
        #expect(notStreamed == ["first_token", "inter_token_gap"])
        #expect(MetricCatalogue.absence(of: "score.correct") == .unknown)
    }

    /// The modules that speak of metrics; elsewhere the same words are members of JSON, columns and outcomes.
    @Test(arguments: [
        "Configuration", "Evaluation", "ExternalScoring", "Rating", "Report", "Serving", "Workflows",
        "statistics-proof", "understudy",
    ])
    func `no metric's name is written outside the catalogue`(module: String) throws {
        var root = URL(fileURLWithPath: #filePath)
        for _ in 0..<3 { root.deleteLastPathComponent() }
        let folder = root.appendingPathComponent("Sources").appendingPathComponent(module)
        let names = Set(MetricCatalogue.all.map(\.name) + Scorers.all.map(\.name) + [MetricName.judge])
        var found: [String] = []
        for path in try FileManager.default.subpathsOfDirectory(atPath: folder.path) where path.hasSuffix(".swift") {
            let text = try String(contentsOf: folder.appendingPathComponent(path), encoding: .utf8)
            for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
                // An enumeration's raw value has to be a literal.
                guard !line.drop(while: { $0 == " " }).hasPrefix("case ") else { continue }
                let literals = line.split(separator: "\"", omittingEmptySubsequences: false).enumerated()
                    .filter { !$0.offset.isMultiple(of: 2) }.map(\.element)
                for literal in literals where names.contains(where: { literal == $0 || literal.hasPrefix($0 + ".") }) {
                    found.append("\(path):\(number + 1): \(literal)")
                }
            }
        }
        #expect(found.isEmpty)
    }
}
