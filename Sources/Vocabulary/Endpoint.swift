/// The name of a provider's API, as pairs, metrics and answers' files carry it: the path at which it is asked.
///
/// `Wire` knows what is particular to each (`APIShape`). A name may also be one that this version does not know.
package struct Endpoint: RawRepresentable, Sendable, Hashable {
    package let rawValue: String

    package init(rawValue: String) {
        self.rawValue = rawValue
    }
}
