/// Secrets in plain text, of which only those count that a GitRepository signs in with.
struct PlainSecrets {
    private struct Secret {
        let name: String
        let namespace: String
        let findings: [ScanFinding]
    }

    private struct Use {
        let namespace: String
        let user: String
    }

    private var secrets: [Secret] = []
    private var uses: [String: [Use]] = [:]

    mutating func note(_ findings: [ScanFinding], named name: String, in namespace: String) {
        guard !findings.isEmpty, !name.isEmpty else { return }
        secrets.append(Secret(name: name, namespace: namespace, findings: findings))
    }

    mutating func noteUse(of name: String, in namespace: String, by subject: String, _ file: String) {
        uses[name, default: []].append(Use(namespace: namespace, user: "\(subject) (\(file))"))
    }

    /// What is found on those that are used; a namespace that is not said may be any.
    var findings: [ScanFinding] {
        secrets.flatMap { secret in
            let use = uses[secret.name]?.first {
                $0.namespace == secret.namespace || $0.namespace.isEmpty || secret.namespace.isEmpty
            }
            guard let use else { return [] as [ScanFinding] }
            return secret.findings.map { $0.saying("\($0.message) \(use.user) signs in with it.") }
        }
    }
}

extension ScanFinding {
    fileprivate func saying(_ message: String) -> ScanFinding {
        ScanFinding(
            rule: rule,
            subject: subject,
            namespace: namespace,
            field: field,
            message: message,
            fix: fix,
            disposition: disposition,
            file: file,
            place: place
        )
    }
}
