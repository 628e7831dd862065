import JSON
import Vocabulary
import Wire

/// Assembles a body in the slices given, with a millisecond between them.
func assemble(
    _ slices: [some Collection<UInt8>],
    shape: APIShape = .chatCompletions,
    status: Int = 200,
    contentType: String? = "text/event-stream",
    contentEncoding: String? = nil,
    contentLength: Int? = nil,
    limits: AnswerAssembler.Limits = .init(),
    end: TransportEnd = .complete
) -> AssembledAnswer {
    var assembler = AnswerAssembler(shape: shape, limits: limits)
    assembler.head(
        status: status,
        contentType: contentType,
        contentEncoding: contentEncoding,
        contentLength: contentLength
    )
    for (index, slice) in slices.enumerated() {
        assembler.consume(slice, at: .milliseconds(index + 1))
    }
    return assembler.finish(end, at: .milliseconds(slices.count + 1))
}

/// Assembles a body that comes as one slice.
func assemble(
    text: String,
    shape: APIShape = .chatCompletions,
    status: Int = 200,
    contentType: String? = "text/event-stream",
    contentLength: Int? = nil,
    end: TransportEnd = .complete
) -> AssembledAnswer {
    assemble(
        text.isEmpty ? [] : [Array(text.utf8)],
        shape: shape,
        status: status,
        contentType: contentType,
        contentLength: contentLength,
        end: end
    )
}

/// Events without a name.
func data(_ events: JSON...) -> String {
    events.map { "data: \($0.text())\n\n" }.joined()
}

/// A chunk of a chat with one choice.
func delta(_ delta: JSON, index: Int = 0, finish: JSON = nil) -> JSON {
    ["model": "m", "choices": [["index": JSON(index), "delta": delta, "finish_reason": finish]]]
}

/// Events that are named by their type.
func named(_ events: JSON...) -> String {
    events.map { "event: \($0["type"]?.stringValue ?? "")\ndata: \($0.text())\n\n" }.joined()
}

extension AssembledAnswer {
    /// The answer without what depends on the cut: its timings.
    var withoutTimings: AssembledAnswer {
        var copy = self
        copy.timings = Timings()
        return copy
    }
}
