import ArgumentParser
import Configuration
import Files
import Formats
import Foundation
import PairStore
import StandIn
import Workflows

extension CommandFailure {
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
