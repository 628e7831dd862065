/// The phrases and words of all languages that the scorers know, read once from the files that the program carries.
struct PhraseLibrary: Sendable {
    /// A language is its file in `Resources/Phrases` and its line here.
    ///
    /// Where phrases of two languages begin with the same word, those of the upper language are tried first.
    static let shared = PhraseLibrary([
        PhraseFile(name: "en.txt", bytes: PackageResources.en_txt),
        PhraseFile(name: "es.txt", bytes: PackageResources.es_txt),
        PhraseFile(name: "fr.txt", bytes: PackageResources.fr_txt),
        PhraseFile(name: "pt.txt", bytes: PackageResources.pt_txt),
        PhraseFile(name: "it.txt", bytes: PackageResources.it_txt),
        PhraseFile(name: "de.txt", bytes: PackageResources.de_txt),
        PhraseFile(name: "nl.txt", bytes: PackageResources.nl_txt),
    ])

    let files: [PhraseFile]
    /// The words behind each `@NAME`.
    private let lists: [String: [Substring]]

    init(_ files: [PhraseFile]) {
        self.files = files
        lists = files.reduce(into: [:]) { lists, file in
            lists.merge(file.lists.mapValues { $0.flatMap(\.parts) }, uniquingKeysWith: +)
        }
    }

    /// A section's phrases in all languages.
    func book(_ section: PhraseSection) -> PhraseBook {
        PhraseBook(files.flatMap { ($0.sections[section] ?? []).map(\.parts) }, lists: lists)
    }

    /// The hashes of a section's words in all languages.
    func hashes(_ section: PhraseSection) -> Set<UInt64> {
        Set(files.lazy.flatMap { ($0.sections[section] ?? []).flatMap(\.parts) }.map { wordHash(String($0)) })
    }

    /// Every line that is not as it has to be: for a test.
    var faults: [PhraseFile.Fault] {
        files.flatMap { file in
            var faults = file.misplaced
            func check(_ lines: [PhraseFile.Line], _ problem: (PhraseFile.Line) -> String?) {
                faults += lines.compactMap { line in
                    problem(line).map { PhraseFile.Fault(file: file.name, line: line.number, problem: $0) }
                }
            }
            func wordsProblem(_ line: PhraseFile.Line) -> String? {
                line.parts.lazy.compactMap { PhraseBook.problem(ofWord: $0) }.first
            }
            for (section, lines) in file.sections {
                check(lines) { line in
                    section.holdsPhrases
                        ? PhraseBook.problem(ofPhrase: line.parts, lists: lists) : wordsProblem(line)
                }
            }
            for lines in file.lists.values { check(lines, wordsProblem) }
            return faults.sorted { $0.line < $1.line }
        }
    }
}
