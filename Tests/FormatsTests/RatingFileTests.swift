import Formats
import Foundation
import JSON
import TestSupport
import Testing
import Vocabulary

struct RatingFileTests {
    private func file(_ text: String) throws -> RatingFile { try RatingFile(parsing: text.utf8) }

    private func blind(
        _ choice: RatingChoice,
        harm: RatingHarm? = nil,
        rater: String = "r1",
        comment: String? = nil
    ) -> RatingLine {
        RatingLine(judgement: .blind(item: "i1", choice: choice, harm: harm), rater: rater, comment: comment)
    }

    @Test func `blind and open ratings, one a line`() throws {
        let found = try file(
            """
            {"item":"i1","rater":"r1","choice":"both_bad","harm":"a","comment":"no","time":"2026-11-16T09:00:00Z"}

            {"pair":"p1","rater":7,"preferred":"tie","harm":null}
            """
        )
        #expect(found.format == .jsonLines)
        #expect(
            found.ratings == [
                RatingLine(
                    judgement: .blind(item: "i1", choice: .bothBad, harm: .sideA),
                    rater: "r1",
                    comment: "no",
                    time: Date(timeIntervalSince1970: 1_794_819_600)
                ),
                RatingLine(judgement: .open(pair: "p1", preferred: .tie, harm: nil), rater: "7"),
            ]
        )
        for rating in found.ratings { #expect(try RatingLine(rating.json) == rating) }
        #expect(try file("").ratings.isEmpty)
    }

    @Test func `a table with the same columns, where rows without a choice are skipped`() throws {
        let found = try file(
            "Item, rater ,choice,harm,comment\r\ni1,r1,a,,\"so, so\"\r\ni1,r1,,,\r\ni1,r2,both_good,b,\r\n"
        )
        #expect(found.format == .csv)
        #expect(found.ratings == [blind(.sideA, comment: "so, so"), blind(.bothGood, harm: .sideB, rater: "r2")])
        #expect(found.skipped == 1)
    }

    @Test func `a bad rating is one sentence with its place`() {
        let cases = [
            (
                "{\"item\":\"i\",\"rater\":\"r\",\"choice\":\"c\"}",
                "line 1: The key `choice` must be one of \"a\", \"b\", \"both_good\", \"both_bad\"."
            ),
            (
                "\n{\"item\":\"i\",\"rater\":\"r\"}",
                "line 2: The key `choice` is missing; a blind rating "
                    + "needs one of \"a\", \"b\", \"both_good\", \"both_bad\"."
            ),
            ("{\"rater\":\"r\"}", "line 1: The key `item` is missing; a rating needs `item` (blind) or `pair` (open)."),
            ("{\"item\":\"i\",\"choice\":\"a\"}", "line 1: The key `rater` is missing; a rating needs its rater."),
            ("{\"item\":\"i\"", "line 1: The JSON is invalid at byte 11: it ends before it is complete."),
            (
                "[{\"pair\":\"p\",\"rater\":\"r\",\"preferred\":\"a\"}]",
                "element 1: The key `preferred` must be one of \"stable\", \"shadow\", \"tie\"."
            ),
            ("item,rater,choice\ni,r\n", "line 2: This row has 2 fields and the header 3."),
            (
                "item,rater,choice\n\ni,r,c\n",
                "line 3: The key `choice` must be one of \"a\", \"b\", \"both_good\", \"both_bad\"."
            ),
            (
                "a,b\n",
                "line 1: The header must name the columns `rater` "
                    + "and either `item` and `choice` or `pair` and `preferred`."
            ),
        ]
        for (text, sentence) in cases {
            do {
                _ = try file(text)
                Issue.record("was read: \(sentence)")
            } catch {
                #expect("\(error)" == sentence)
            }
        }
    }

    @Test func `Label Studio tasks of our own items`() throws {
        let found = try file(
            """
            [{"id":1,"data":{"item":"i1"},"annotations":[
               {"completed_by":{"id":3,"email":"r1"},"was_cancelled":false,
                "created_at":"2026-11-23T05:02:17Z","result":[
                 {"from_name":"choice","type":"choices","value":{"choices":["both_bad"]}},
                 {"from_name":"harm","type":"choices","value":{"choices":["none"]}},
                 {"from_name":"topic","type":"choices","value":{"choices":["a"]}},
                 {"from_name":"comment","type":"textarea","value":{"text":["a","b"]}}]},
               {"completed_by":4,"was_cancelled":true,"result":[]}]},
             {"id":2,"data":{"item":"i2"},"annotations":[]}]
            """
        )
        #expect(found.format == .labelStudio)
        var expected = blind(.bothBad, comment: "a\nb")
        expected.time = Timestamp.date("2026-11-23T05:02:17Z")
        #expect(found.ratings == [expected])
        #expect(found.skipped == 2)
    }

    @Test(.enabled(if: SharedData.isPresent, "the captures of ../shared/data are not here"))
    func `a real Label Studio export, whose task says which side is whose`() throws {
        let found = try RatingFile(parsing: try SharedData.bytes("captures/labelstudio_export.json"))
        #expect(found.format == .labelStudio)
        #expect(found.ratings.map(\.judgement) == [.open(pair: "p0", preferred: .shadow, harm: nil)])
        #expect(found.ratings.map(\.rater) == ["1"])
        #expect(found.ratings[0].time != nil)
    }

    @Test func `Argilla's records in all three shapes`() throws {
        let nested = """
            [{"id":"i1","fields":{"prompt":"p"},"metadata":{},"suggestions":{},"vectors":{},"_server_id":"x",
              "responses":{"choice":[{"value":"a","user_id":"r1"},{"value":"b","user_id":"r2"}],
                           "harm":[{"value":"both","user_id":"r2"},{"value":"none","user_id":"r1"}]}},
             {"id":"i2","fields":{},"metadata":{},"suggestions":{},"responses":{},"vectors":{},"_server_id":"y"}]
            """
        let flattened = """
            [{"id":"i1","prompt":"p","choice.responses":["a","b","a"],"choice.responses.users":["r1","r2","r3"],
              "choice.responses.status":["submitted","submitted","discarded"],
              "harm.responses":["both"],"harm.responses.users":["r2"],"harm.responses.status":["submitted"]}]
            """
        let older = """
            [{"external_id":"i1","id":"uuid","fields":{},"responses":[
               {"user_id":"r1","status":"submitted","values":{"choice":{"value":"a"}}},
               {"user_id":"r2","status":"submitted","values":{"choice":{"value":"b"},"harm":{"value":"both"}}},
               {"user_id":"r3","status":"draft","values":{"choice":{"value":"b"}}}]}]
            """
        for text in [nested, flattened, older] {
            let found = try file(text)
            #expect(found.format == .argilla)
            #expect(found.ratings == [blind(.sideA), blind(.sideB, harm: .both, rater: "r2")])
            #expect(found.skipped == 1)
        }
        let lines = try JSON(parsing: nested).arrayValue?.map { $0.text() }.joined(separator: "\n") ?? ""
        #expect(try file(lines).ratings.count == 2)
    }

    @Test(.enabled(if: SharedData.isPresent, "the ratings of ../shared/data are not here"))
    func `real ratings are read, written and read again`() throws {
        let found = try RatingFile(parsing: try SharedData.bytes("pandalm-ratings.jsonl"))
        #expect(found.ratings.count == 2_997)
        #expect(Set(found.ratings.map(\.rater)).count == 3)
        let text = found.ratings.map { $0.json.text() }.joined(separator: "\n")
        #expect(try file(text).ratings == found.ratings)
    }
}
