import JSON

/// An object's members by name: looked through where that is quick, else by a table.
struct MembersByName {
    private let object: JSON.Object
    private var places: [ExactText: Int]?

    init(_ object: JSON.Object, isSmall: Bool) {
        self.object = object
        guard !isSmall else { return }
        // At once of its size: a table that grows hashes its names again.
        var places = [ExactText: Int](minimumCapacity: object.count)
        // As everywhere, the last of several members of a name counts.
        for (place, member) in object.members.enumerated() { places[ExactText(member.key)] = place }
        self.places = places
    }

    subscript(name: String) -> JSON? {
        guard let places else { return object[name] }
        return places[ExactText(name)].map { object.members[$0].value }
    }
}
