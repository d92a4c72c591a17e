/// Everything that is wrong with a policy file, in the order of its text.
package struct PolicyFileError: Error, Equatable {
    /// The file's name, as it was given.
    package let name: String
    package let problems: [Problem]

    /// One thing that is wrong: where, and what.
    package struct Problem: Sendable, Equatable {
        package let line: Int
        package let column: Int
        /// The keys that lead there, like `exemptions[0].expires`; empty for the file itself.
        package let path: String
        /// What is wrong and what to write; of what is written there, a name at most.
        package let what: String

        init(_ mark: YAMLMark, path: String = "", _ what: String) {
            line = mark.line
            column = mark.column
            self.path = path
            self.what = what
        }
    }

    init(name: String, problems: [Problem]) {
        self.name = name
        self.problems = problems.sorted { ($0.line, $0.column) < ($1.line, $1.column) }
    }
}

extension PolicyFileError: CustomStringConvertible {
    /// One line for each problem: `policy.yaml:7:5: exemptions[0].expires: what`.
    package var description: String {
        problems.map { problem in
            let place = "\(name):\(problem.line):\(problem.column): "
            return place + (problem.path.isEmpty ? "" : "\(problem.path): ") + problem.what
        }
        .joined(separator: "\n")
    }
}
