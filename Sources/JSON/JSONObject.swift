extension JSON {
    /// The members of an object in the order in which they were written, duplicates included.
    package struct Object: Sendable, Equatable, ExpressibleByDictionaryLiteral {
        /// A name and its value.
        package struct Member: Sendable, Equatable {
            package var key: String
            package var value: JSON

            package init(key: String, value: JSON) {
                self.key = key
                self.value = value
            }
        }

        package var members: [Member]

        package init(members: [Member] = []) {
            self.members = members
        }

        package init(dictionaryLiteral elements: (String, JSON)...) {
            members = elements.map { Member(key: $0.0, value: $0.1) }
        }

        package var isEmpty: Bool { members.isEmpty }
        package var count: Int { members.count }
        package var keys: [String] { members.map(\.key) }

        /// The value of the last member of that name, as most parsers resolve duplicates; names are equal if their code points
        /// are.
        ///
        /// Setting replaces that member in place or appends one; setting nil removes every member of that name.
        package subscript(key: String) -> JSON? {
            get {
                members.last { $0.key.hasSameBytes(as: key) }?.value
            }
            set {
                guard let newValue else {
                    members.removeAll { $0.key.hasSameBytes(as: key) }
                    return
                }
                if let index = members.lastIndex(where: { $0.key.hasSameBytes(as: key) }) {
                    members[index].value = newValue
                } else {
                    members.append(Member(key: key, value: newValue))
                }
            }
        }
    }
}
