package import Vocabulary

extension APIShape {
    /// All known APIs; the only place that names them all.
    package static let all: [APIShape] = [.chatCompletions, .completions, .responses, .messages]
}

/// The known APIs, found by path and by name.
package struct APIShapes: Sendable {
    package static let provided = APIShapes(APIShape.all)

    package let all: [APIShape]
    /// The mirrored APIs with a path of their own: trivial values, so that an event loop compares without counting references.
    private let fixed: [(path: StaticString, place: Int)]
    /// The places of the mirrored APIs whose path holds a model's name.
    private let naming: [Int]

    package init(_ shapes: [APIShape]) {
        all = shapes
        var fixed: [(path: StaticString, place: Int)] = []
        var naming: [Int] = []
        for (place, shape) in shapes.enumerated() where shape.answer != nil {
            switch shape.path {
            case .fixed(let path): fixed.append((path, place))
            case .naming: naming.append(place)
            }
        }
        self.fixed = fixed
        self.naming = naming
    }

    /// The shape of that name; nil for an unknown one.
    package func shape(of endpoint: Endpoint) -> APIShape? { all.first { $0.endpoint == endpoint } }

    /// The mirrored shape of a target, which may have a query; nil without one.
    package func shape(target: String) -> APIShape? {
        let path = target.prefix { $0 != "?" }
        return place(whereFixed: { path.utf8.elementsEqual($0.bytes) }, target: { target }).map { all[$0] }
    }

    /// The place in `all` of the mirrored shape of a path; nil without one.
    ///
    /// - Parameters:
    ///   - isPath: whether the request's path is this one.
    ///   - target: the request's target; asked for only where an API's path holds a model's name.
    /// - Returns: the place.
    package func place(whereFixed isPath: (StaticString) -> Bool, target: () -> String) -> Int? {
        for (path, place) in fixed where isPath(path) { return place }
        guard !naming.isEmpty else { return nil }
        let target = target()
        return naming.first { all[$0].path.words(ofTarget: target) != nil }
    }
}

extension StaticString {
    /// Its UTF-8 bytes; a static string lasts as long as the process.
    fileprivate var bytes: UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(start: utf8Start, count: utf8CodeUnitCount)
    }
}
