import ArgumentParser
import Configuration
import Evaluation
import Files
import Foundation
import PairStore
import StandIn
import Wire

/// An error as the command line tells it: one sentence and an exit code of sysexits(3).
struct CommandFailure: Error {
    var sentence: String
    var code: Int32

    /// EX_DATAERR: what was given to read is wrong; the sentence names file and line.
    static func badData(_ sentence: String) -> CommandFailure { CommandFailure(sentence: sentence, code: 65) }

    /// EX_USAGE, where argument-parser could not tell.
    static func usage(_ sentence: String) -> CommandFailure { CommandFailure(sentence: sentence, code: 64) }

    /// EX_NOINPUT: nothing that the command was asked about is there.
    static func nothingFound(_ sentence: String) -> CommandFailure { CommandFailure(sentence: sentence, code: 66) }

    /// EX_IOERR: a file or a socket could not be had.
    static func inputOutput(_ sentence: String) -> CommandFailure { CommandFailure(sentence: sentence, code: 74) }

    /// EX_CONFIG.
    static func configuration(_ sentence: String) -> CommandFailure { CommandFailure(sentence: sentence, code: 78) }

    private init(sentence: String, code: Int32) {
        self.sentence = sentence
        self.code = code
    }

    /// The failure that an error of any module is; nil for what argument-parser says itself.
    init?(_ error: any Error) {
        switch error {
        case let failure as CommandFailure: self = failure
        case let error as ConfigurationError: self = .configuration(error.description)
        case let error as StoreError:
            self = error.isAboutData ? .badData(error.description) : .inputOutput(error.description)
        case let error as FileError:
            if case .tooLarge = error.reason {
                self = .badData(error.description)
            } else {
                self = .inputOutput(error.description)
            }
        case let error as StoredEvaluation.Failure: self = .badData(error.description)
        case let error as AnswerFileError: self = .badData(error.description)
        case let error as LineError: self = .badData(error.description)
        case let error as CocoaError:
            let path = error.filePath.map { "\($0): " } ?? ""
            self = .inputOutput("\(path)\(error.localizedDescription)")
        case is ExitCode, is CleanExit, is ValidationError: return nil
        case let error where String(describing: type(of: error)) == "CommandError": return nil
        default: self = .inputOutput(String(describing: error))
        }
    }
}
