/// An error as the command line tells it: one sentence and an exit code of sysexits(3).
package struct CommandFailure: Error {
    package var sentence: String
    package var code: Int32

    /// EX_DATAERR: what was given to read is wrong; the sentence names file and line.
    package static func badData(_ sentence: String) -> CommandFailure { CommandFailure(sentence: sentence, code: 65) }

    /// EX_USAGE, where argument-parser could not tell.
    package static func usage(_ sentence: String) -> CommandFailure { CommandFailure(sentence: sentence, code: 64) }

    /// EX_NOINPUT: nothing that the command was asked about is there.
    package static func nothingFound(_ sentence: String) -> CommandFailure {
        CommandFailure(sentence: sentence, code: 66)
    }

    /// EX_IOERR: a file or a socket could not be had.
    package static func inputOutput(_ sentence: String) -> CommandFailure {
        CommandFailure(sentence: sentence, code: 74)
    }

    /// EX_CONFIG.
    package static func configuration(_ sentence: String) -> CommandFailure {
        CommandFailure(sentence: sentence, code: 78)
    }

    private init(sentence: String, code: Int32) {
        self.sentence = sentence
        self.code = code
    }
}
