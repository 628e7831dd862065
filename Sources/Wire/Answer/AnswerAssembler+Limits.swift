extension AnswerAssembler {
    /// Bounds on the memory of one answer, in bytes.
    package struct Limits: Sendable, Equatable {
        /// Text, reasoning and tool arguments of all choices together.
        package var textBytes: Int
        /// One JSON body, or one event of a stream.
        package var bufferedBytes: Int

        package init(textBytes: Int = 8 << 20, bufferedBytes: Int = 16 << 20) {
            self.textBytes = textBytes
            self.bufferedBytes = bufferedBytes
        }
    }
}
