internal import Policy

/// A closed set of things, each written by its name.
protocol NamedCases: CaseIterable, Hashable, RawRepresentable<String> {}

extension Identity.Conflict: NamedCases {}
extension ExistingViolations: NamedCases {}
extension Mode: NamedCases {}
extension RuleName: NamedCases {}

extension NamedCases {
    /// All names.
    static var list: String {
        allCases.map(\.rawValue).joined(separator: ", ")
    }

    /// The sentence for a name that none of them has, with the one that may be meant.
    static func unknown(_ noun: String, _ text: String) -> String {
        let unknown = "unknown \(noun) \(Printable.quote(text))"
        guard let meant = Suggestion.closest(to: text, among: allCases.map(\.rawValue)) else {
            return "\(unknown); there are \(list)"
        }
        return "\(unknown), did you mean `\(meant)`? There are \(list)"
    }
}
