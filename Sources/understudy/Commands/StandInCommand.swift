import ArgumentParser
import Foundation
import StandIn
import Vocabulary
import Workflows

struct StandInCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stand-in",
        abstract: "A model server that replays recorded answers with their timings."
    )

    @Option(parsing: .upToNextOption, help: "Files of recorded answers, plain or zstd: recordings or pairs.")
    var answers: [String] = []

    @Option(help: "The port on 127.0.0.1; 0 lets the system choose.")
    var port: Int

    @Option(help: "Whose answers are given: stable or shadow.")
    var leg = Leg.stable

    @Option(help: "How many times faster than recorded; inf sends at once.")
    var speed = 1.0

    @Option(name: .customLong("fault"), help: "KIND[:SHARE]; may be given several times.")
    var faults: [String] = []

    @Option(name: .customLong("default-tokens"), help: "The length of the answer to an unknown request.")
    var defaultTokens = 64

    @Option(help: "Event loops.")
    var threads = 1

    func validate() throws {
        guard speed > 0 else { throw ValidationError("--speed is above 0.") }
        guard (0...65_535).contains(port) else { throw ValidationError("--port is from 0 to 65535.") }
        guard (1...1_000_000).contains(defaultTokens) else {
            throw ValidationError("--default-tokens is from 1 to 1000000.")
        }
        guard (1...256).contains(threads) else { throw ValidationError("--threads is from 1 to 256.") }
        _ = try plan()
    }

    private func plan() throws -> FaultPlan {
        do {
            return FaultPlan(try faults.map { text throws(FaultSyntaxError) in try Fault(parsing: text) })
        } catch {
            throw ValidationError(String(describing: error))
        }
    }

    func run() async throws {
        var reader = AnswerFileReader(defaultLeg: leg)
        for file in answers { try reader.read(path: file) }
        let book = try reader.finish()
        let server = try await StandInServer.start(
            StandInConfiguration(
                port: port,
                leg: leg,
                speed: speed,
                faults: try plan(),
                defaultTokens: defaultTokens,
                threads: threads
            ),
            book: book
        )
        try Output.say("stand-in for \(leg.rawValue) on http://127.0.0.1:\(server.port), \(book.count) answers")
        await Termination.signalled()
        try await server.stop()
    }
}

extension Leg: ExpressibleByArgument {}
