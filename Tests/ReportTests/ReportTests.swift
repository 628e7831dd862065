import Evaluation
import Foundation
import JSON
import Report
import Testing
import Vocabulary

struct ReportTests {
    private static func html(_ readiness: Readiness) -> String {
        Report(readiness, renderedAt: WeekSample.renderedAt).html
    }

    @Test func `the page says verdict, reason, both figures, bounds, margin and n`() {
        let page = Self.html(WeekSample.readiness())
        for part in [
            "<h1>HOLD</h1>", "v1.1.0 → v1.2.0", "7d 2h of 7d declared",
            "math: 8.2 points fewer correct, at least 5.0, margin 3; 900 sessions.", "8.2", "5 … 11.5", "8.7 of 280",
            "n &lt; 396", "0.07 (0.05 … 0.09)", "Gates are those of a file.",
        ] {
            #expect(page.contains(part), "\(part)")
        }
    }

    @Test func `a figure below its minimum n is said to be so and not drawn as a number`() {
        let page = Self.html(WeekSample.readiness())
        #expect(page.contains("0.01 (n &lt; 2,000)"))
        #expect(!page.contains("nan") && !page.lowercased().contains("infinity"))
    }

    @Test func `words of others are text on every form, never markup`() throws {
        let hostile = "<script>alert('x')</script>|`*_[a](b)\n# head https://a.example @all"
        let readiness = WeekSample.readiness(name: hostile, intent: hostile)
        let page = Self.html(readiness)
        #expect(!page.contains("<script"))
        #expect(page.contains("&lt;script&gt;alert(&#39;x&#39;)"))
        #expect(page.contains("pair-&lt;b&gt;"))
        let markdown = Report(readiness, renderedAt: WeekSample.renderedAt).markdown
        #expect(!markdown.contains("<script"))
        #expect(!markdown.contains("\n# head"))
        #expect(!markdown.contains("https://") && !markdown.contains("@all"))
        #expect(markdown.split(separator: "\n").allSatisfy { !$0.hasPrefix("|") || !$0.contains("`*") })
    }

    @Test func `the page needs nothing from outside and runs nothing`() {
        let page = Self.html(WeekSample.readiness())
        for part in ["http:", "https:", "<script", "<link", "<iframe", "@import", "url("] {
            #expect(!page.contains(part), "\(part)")
        }
        #expect(page.contains("default-src 'none'"))
    }

    @Test(arguments: Readiness.Verdict.allCases)
    func `every verdict has its own tone`(verdict: Readiness.Verdict) {
        let page = Self.html(WeekSample.readiness(verdict: verdict))
        #expect(page.contains("<header class=\"\(verdict.rawValue)\">"))
        #expect(page.contains("<h1>\(verdict.rawValue.uppercased())</h1>"))
    }

    @Test func `gates stand with the gravest first`() throws {
        var passing = WeekSample.gate
        passing.metric = "error"
        passing.state = .pass
        var rejecting = WeekSample.gate
        rejecting.metric = "new_refusal"
        rejecting.eValue = 500
        let page = Self.html(WeekSample.readiness(gates: [passing, WeekSample.gate, rejecting]))
        let places = try ["new_refusal: reject", "score.correct.mean: fail", "error: pass"].map {
            try #require(page.range(of: $0)?.lowerBound)
        }
        #expect(places == places.sorted())
    }

    @Test func `a funnel that does not add up says that the report is not to be trusted`() {
        var funnel = Funnel()
        funnel.seen = 10
        funnel.notSampled = 10
        #expect(Self.html(WeekSample.readiness(funnel: funnel)).contains("Every request is accounted for."))
        funnel.seen = 11
        #expect(Self.html(WeekSample.readiness(funnel: funnel)).contains("does not add up"))
    }

    @Test func `Markdown has the verdict, the reasons and a line a class`() {
        let markdown = Report(WeekSample.readiness(), renderedAt: WeekSample.renderedAt).markdown
        #expect(markdown.hasPrefix("# HOLD: week\n\nv1.1.0 → v1.2.0\n"))
        #expect(markdown.contains("| math | 25 % | 900 | 900 | score.correct.mean: fail |"))
    }

    @Test func `JSON is one document without NaN`() throws {
        let json = try JSON(parsing: Report(WeekSample.readiness(), renderedAt: WeekSample.renderedAt).json)
        #expect(json["verdict"] == "hold")
        #expect(json["intents"]?[0]?["gates"]?[0]?["e_value"]?.doubleValue == 8.7)
    }
}
