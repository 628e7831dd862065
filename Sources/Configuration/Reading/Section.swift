internal import Yams

/// One mapping of the file, or the absence of one, read key by key.
final class Section {
    let reading: Reading
    /// Empty for the top level.
    let path: String
    private let node: Node.Mapping?
    private let place: ConfigurationError.Place
    /// Inside a list keys have no variable of their own.
    private let isInList: Bool
    private(set) var known: [String] = []
    private var children: [String: Section] = [:]

    init(_ reading: Reading, path: String, node: Node.Mapping?, place: ConfigurationError.Place, isInList: Bool) {
        self.reading = reading
        self.path = path
        self.node = node
        self.place = place
        self.isInList = isInList
        reading.register(self)
    }

    func path(of name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }

    /// The keys that the file gives, in its order.
    var givenKeys: [(name: String, mark: Mark?)] {
        node?.map { ($0.key.string ?? "?", $0.key.mark) } ?? []
    }

    func has(_ name: String) -> Bool { node?.contains { $0.key.string == name } ?? false }

    // MARK: Scalars

    /// The value of a key, or nil where it is not said or is wrong; a wrong one is reported.
    func value<Value>(_ key: Key<Value>) -> Value? { value(key.name, key.kind, alias: key.shortFormOf) }

    /// The value of a key that has a name of its own in each file, such as a class, or that is read as another kind.
    func value<Value>(_ name: String, _ kind: ScalarKind<Value>, alias: String? = nil) -> Value? {
        guard let said = said(name, alias: alias) else { return nil }
        let key = path(of: name)
        reading.note(key, said.place)
        guard let value = check(said.scalar, kind, key: key, said.place) else { return nil }
        reading.note(key, value: kind.show(value), said.place)
        return value
    }

    /// The value of a key, or the default, which is noted as such.
    func value<Value>(_ key: DefaultedKey<Value>) -> Value { value(key.key, default: key.builtIn) }

    /// The value of a key, or a default that depends on what else was said.
    func value<Value>(_ key: Key<Value>, default value: Value) -> Value {
        if let said = self.value(key) { return said }
        let path = path(of: key.name)
        if reading.places[path] == nil { reading.note(path, value: key.kind.show(value), nil) }
        return value
    }

    /// The value of a key that has to be said, in a way that it may be said.
    func required<Value>(_ key: Key<Value>, as kind: ScalarKind<Value>? = nil, isRequired: Bool = true) -> Value? {
        let found = value(key.name, kind ?? key.kind)
        let path = path(of: key.name)
        if found == nil, isRequired, let fix = key.fix, reading.places[path] == nil {
            reading.report(.missing, place, path, "\(path) is missing; \(fix).")
        }
        return found
    }

    private func said(_ name: String, alias: String?) -> (scalar: Scalar, place: ConfigurationError.Place)? {
        let key = path(of: name)
        let variable = isInList ? nil : Self.variable(key)
        learn(name, variable: variable)
        if let alias { reading.register(key: alias, path: key, variable: Self.variable(alias)) }
        let flag = reading.flags.first { $0.key == key }
        if let flag { return (.text(flag.value, isQuoted: false), .flag(flag.name)) }
        let names = [variable, alias.map(Self.variable)].compactMap { $0 }
        for variable in names {
            // A variable that is set to nothing counts as not set: that is what `${RATE:-}` leaves behind.
            if let value = reading.environment[variable], !value.isEmpty {
                return (.text(value, isQuoted: false), .environment(variable: variable))
            }
        }
        return entry(name).map { (Scalar($0.value), reading.place($0.mark)) }
    }

    static func variable(_ key: String) -> String {
        "UNDERSTUDY_" + key.uppercased().map { $0.isLetter || $0.isNumber ? String($0) : "_" }.joined()
    }

    private func check<Value>(
        _ scalar: Scalar,
        _ kind: ScalarKind<Value>,
        key: String,
        _ place: ConfigurationError.Place
    ) -> Value? {
        let shown: String
        var expected = kind.expected
        switch scalar {
        case .nothing: shown = "has no value"
        case .list: shown = "is a list"
        case .section: shown = "is a section"
        case .text(let text, isQuoted: true) where !kind.isText: shown = "is the text '\(clipped(text))' in quotes"
        case .text(let text, _):
            do throws(Flaw) {
                if let value = try kind.parse(text) { return value }
            } catch {
                expected = error.expected
            }
            shown = text.isEmpty ? "is empty" : "is \(clipped(text))"
        }
        let stop = expected.hasSuffix("?") ? "" : "."
        switch (kind.mayQuote, scalar) {
        case (true, _): reading.report(.wrongValue, place, key, "\(key) \(shown), but \(expected)\(stop)")
        case (false, .text(let text, _)) where !text.isEmpty:
            reading.report(.wrongValue, place, key, "\(key) \(expected)\(stop)")
        case (false, _): reading.report(.wrongValue, place, key, "\(key) \(shown), and so \(expected)\(stop)")
        }
        return nil
    }

    private func clipped(_ text: String) -> String {
        let line = text.split(separator: "\n").first.map(String.init) ?? ""
        return line.count > 60 ? "\(line.prefix(60))…" : line
    }

    // MARK: Sections and lists

    /// The section below a key, present or not.
    ///
    /// A scalar there is given to `shortForm`, where the key has one. Asked for twice, it is the same section: it knows which of its keys have been read.
    func section(_ name: String, shortForm: String? = nil) -> Section {
        if let known = children[name] { return known }
        let child = makeSection(name, shortForm: shortForm)
        children[name] = child
        return child
    }

    private func makeSection(_ name: String, shortForm: String?) -> Section {
        let key = path(of: name)
        learn(name, variable: nil)
        guard let entry = entry(name) else {
            return Section(reading, path: key, node: nil, place: place, isInList: isInList)
        }
        let place = reading.place(entry.mark)
        reading.note(key, place)
        switch (entry.value, Scalar(entry.value)) {
        case (.mapping(let mapping), _):
            return Section(reading, path: key, node: mapping, place: place, isInList: isInList)
        case (let node, .text) where shortForm != nil:
            let longKey = Node.Scalar(shortForm ?? "", .implicit, .any, entry.mark)
            let mapping = Node.Mapping([(.scalar(longKey), node)])
            return Section(reading, path: key, node: mapping, place: place, isInList: isInList)
        case (_, .nothing): break
        case (_, .list):
            reading.report(.wrongValue, place, key, "\(key) is a list, but it is a section; write its keys below it.")
        default:
            reading.report(
                .wrongValue,
                place,
                key,
                "\(key) is a single value, but it is a section; write its keys below it."
            )
        }
        return Section(reading, path: key, node: nil, place: place, isInList: isInList)
    }

    /// The items of a list, or nil where the key is absent or is no list, which is reported.
    func list(_ listKey: ListKey) -> [Item]? {
        let name = listKey.name
        let key = path(of: name)
        learn(name, variable: nil)
        guard let entry = entry(name) else { return nil }
        let place = reading.place(entry.mark)
        reading.note(key, place)
        guard case .sequence(let sequence) = entry.value else {
            let shown: String
            var fix = "write for example \(listKey.example)"
            switch Scalar(entry.value) {
            case .nothing:
                shown = "has no value"
                fix = "leave the key out, or \(fix)"
            case .section: shown = "is a section"
            default: shown = "is a single value"
            }
            reading.report(.wrongValue, place, key, "\(key) \(shown), but it is a list of \(listKey.noun); \(fix).")
            return nil
        }
        return sequence.enumerated().map { index, node in
            let itemPlace = reading.place(node.mark ?? entry.mark)
            let itemKey = "\(key)[\(index)]"
            reading.note(itemKey, itemPlace)
            return Item(key: itemKey, node: node, place: itemPlace, section: self, example: listKey.itemExample)
        }
    }

    /// One item of a list.
    struct Item {
        let key: String
        fileprivate let node: Node
        let place: ConfigurationError.Place
        fileprivate let section: Section
        /// An item that is right, where items are mappings.
        fileprivate let example: String

        func scalar<Value>(_ kind: ScalarKind<Value>) -> Value? {
            guard let value = section.check(Scalar(node), kind, key: key, place) else { return nil }
            section.reading.note(key, value: kind.show(value), place)
            return value
        }

        func mapping() -> Section? {
            guard case .mapping(let mapping) = node else {
                section.reading.report(
                    .wrongValue,
                    place,
                    key,
                    "\(key) is not a set of keys and values; write for example \(example)."
                )
                return nil
            }
            return Section(section.reading, path: key, node: mapping, place: place, isInList: true)
        }
    }

    // MARK: Keys

    private func entry(_ name: String) -> (value: Node, mark: Mark?)? {
        node?.first { $0.key.string == name }.map { ($0.value, $0.key.mark ?? $0.value.mark) }
    }

    private func learn(_ name: String, variable: String?) {
        guard !known.contains(name) else { return }
        known.append(name)
        if !isInList { reading.register(key: name, path: path(of: name), variable: variable) }
    }

    func reportUnknownKeys() {
        for given in givenKeys where !known.contains(given.name) {
            let key = path(of: given.name)
            let nearest = NearestName.nearest(to: given.name, among: known)
            var hint = ""
            if let nearest, NearestName.isSlip(nearest.distance, in: given.name) {
                hint = "did you mean \(path(of: nearest.name))?"
            } else if let elsewhere = reading.elsewhere(given.name), elsewhere != key {
                hint = "did you mean \(elsewhere)?"
            } else if let nearest {
                let place = path.isEmpty ? "the file" : path
                hint = "the nearest is \(path(of: nearest.name)); \(place) takes \(known.joined(separator: ", "))."
            }
            reading.report(.unknownKey, reading.place(given.mark), key, "\(key) is not a known key; \(hint)")
        }
    }
}

/// What stands where a scalar is expected.
enum Scalar {
    case text(String, isQuoted: Bool)
    case nothing
    case list
    case section

    init(_ node: Node) {
        switch node {
        case .scalar(let scalar):
            let isPlain = scalar.style == .plain || scalar.style == .any
            let isNull = isPlain && ["", "~", "null", "Null", "NULL"].contains(scalar.string)
            self = isNull ? .nothing : .text(scalar.string, isQuoted: !isPlain)
        case .sequence: self = .list
        case .mapping: self = .section
        case .alias: self = .nothing
        }
    }
}
