import Manifests
import Policy

/// The rules as CEL says them: the file that the chart has too.
struct RuleExpressions {
    struct Variable {
        let name: String
        let expression: String
    }

    struct Rule {
        let name: RuleName
        /// Whether it is of other kinds than GitRepository.
        let isOfOtherKinds: Bool
        /// True of an object that breaks it.
        let broken: String
        /// True of an update that leaves what was broken as it was.
        let existing: String
        let message: String
    }

    let variables: [Variable]
    let rules: [Rule]

    static let all = RuleExpressions(PackageResources.admission_policies_yaml)

    private init(_ bytes: [UInt8]) {
        guard let root = try? YAMLDocument.parse(bytes).first?.root else {
            fatalError("admission-policies.yaml is no YAML")
        }
        variables = (root.child(named: "variables")?.items ?? []).map { item in
            Variable(name: item.text("name") ?? "", expression: item.text("expression") ?? "")
        }
        rules = (root.child(named: "rules")?.items ?? []).compactMap { item in
            RuleName(rawValue: item.text("rule") ?? "").map { name in
                Rule(
                    name: name,
                    isOfOtherKinds: item.text("isOfOtherKinds") == "true",
                    broken: item.text("broken") ?? "",
                    existing: item.text("existing") ?? "",
                    message: item.text("message") ?? ""
                )
            }
        }
    }
}
