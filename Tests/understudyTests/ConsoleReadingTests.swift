import Foundation
import FoundationNetworking
import JSON
import PairStore
import TestSupport
import Testing
import Vocabulary

/// What the console of a serving process shows, and that to look changes nothing.
@Suite(.hangLimit, .serialized)
struct ConsoleReadingTests {
    @Test func `the evaluation is of what is served, whatever the store holds beside it`() async throws {
        try await withScene(sampling: "{ rate: 1.0, target_per_day: 0 }", faults: []) { scene in
            let store = try Store.open(path: scene.store, access: .readWrite)
            let later = ExperimentDeclaration(experiment: Experiment(name: "later"), declaration: "")
            let other = try store.experiments.declare(later, by: "test", at: Date())
            #expect(try store.experiments.newest()?.id == other)
            for _ in 0..<2 {
                let (data, _) = try await URLSession.shared.data(
                    from: try scene.url(scene.console, "/api/v1/readiness")
                )
                let evaluation = try JSON(parsing: [UInt8](data))
                #expect(evaluation["experiment"]?["name"]?.stringValue == "funnel")
                #expect(evaluation["verdict"]?.stringValue == "hold")
            }
            try store.close()
            scene.serve.signal(SIGTERM)
            #expect(await scene.serve.ended() == 0)
        }
    }

    @Test func `a token that can be guessed stops the start with one sentence`() async throws {
        try await withFolder { folder in
            let config = try folder.file(
                "understudy.yaml",
                """
                console: 0.0.0.0:0
                store: "\(folder.appendingPathComponent("s.sqlite").path)"
                stable: { model: m, version: v1.0.0, url: "http://127.0.0.1:9" }
                shadow: { model: m, version: v1.0.1, url: "http://127.0.0.1:9" }
                """
            )
            let outcome = try await Command.run(["serve", "--config", config], environment: ["UNDERSTUDY_TOKEN": "a"])
            #expect(outcome.status == 78)
            #expect(outcome.complaint.contains("UNDERSTUDY_TOKEN, but its value has fewer than 12 characters"))
        }
    }
}
