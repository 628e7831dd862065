/// What the closure makes of each element, in order, on all processors.
func concurrently<Element: Sendable, Result: Sendable>(
    _ elements: [Element],
    _ work: @escaping @Sendable (Element) -> Result
) async -> [Result] {
    await withTaskGroup(of: (Int, Result).self) { group in
        for (index, element) in elements.enumerated() {
            group.addTask { (index, work(element)) }
        }
        var results: [Int: Result] = [:]
        for await (index, result) in group { results[index] = result }
        return elements.indices.compactMap { results[$0] }
    }
}

/// Repetitions cut into batches that can run at the same time, each with a generator of its own.
func batches(_ repetitions: Int, of size: Int) -> [(number: Int, repetitions: Int)] {
    stride(from: 0, to: repetitions, by: size).enumerated().map { number, start in
        (number, min(size, repetitions - start))
    }
}
