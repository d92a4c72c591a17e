/// What the URL says in the terms of Azure DevOps.
extension RepositoryURL {
    /// The organisation, decoded; nil when the host is not one of Azure DevOps.
    ///
    /// It is the first part of the path on dev.azure.com, and of the host on visualstudio.com. What could be no organisation's
    /// name is none, and neither is what a later `..` takes back: a token may stand there.
    package var azureDevOpsOrganization: [UInt8]? {
        if isHost("dev.azure.com") { return Self.organization(in: segments) }
        // An organisation is one label: a.b.visualstudio.com is nobody's.
        guard host.hasSuffix(".visualstudio.com".utf8),
            case let name = host.dropLast(".visualstudio.com".utf8.count), !name.contains(UInt8(ascii: "."))
        else { return nil }
        return Self.isOrganization(name) ? Array(name) : nil
    }

    /// The https URL on dev.azure.com, without a user name, of the same repository; nil when it has none.
    ///
    /// It is the only form that an Entra token works with.
    package var azureDevOpsHTTPS: String? {
        let parts: [ArraySlice<UInt8>]
        if isHost("ssh.dev.azure.com") || isHost("vs-ssh.visualstudio.com") {
            // v3/ORGANISATION/PROJECT/REPOSITORY, after a `/` or, as scp has it, a `:`; an older form has the organisation as user name, and `_ssh`.
            let isSCP = isMalformed
            let names = isSCP ? segments.drop { $0.elementsEqual("v3".utf8) } : segments.dropFirst()
            guard isSCP || segments.first?.elementsEqual("v3".utf8) == true, names.count == 3,
                !names.contains(where: { $0.elementsEqual("_ssh".utf8) })
            else { return nil }
            parts = names.prefix(2) + ["_git".utf8Slice] + names.suffix(1)
        } else if isHost("dev.azure.com") {
            parts = segments
        } else if let organization = azureDevOpsOrganization {
            parts = [organization[...]] + segments.drop { $0.elementsEqual("DefaultCollection".utf8) }
        } else {
            return nil
        }
        guard !hasStrayAt, Self.organization(in: parts) != nil, (3...4).contains(parts.count),
            parts[parts.count - 2].elementsEqual("_git".utf8),
            parts.allSatisfy({ part in part.indices.allSatisfy { Self.isShown(part, $0) } }),
            parts.reduce(0, { $0 + $1.count }) <= 200
        else { return nil }
        let path = parts.map { String(decoding: $0, as: UTF8.self) }.joined(separator: "/")
        return "https://dev.azure.com/\(path)"
    }

    /// The first of them, if it can be an organisation and no other takes it back.
    private static func organization(in segments: [ArraySlice<UInt8>]) -> [UInt8]? {
        let names = segments.map(PercentEncoding.decode)
        guard let name = names.first, isOrganization(name[...]), !names.contains(where: isDots) else {
            return nil
        }
        return name
    }

    /// At most 50 letters, digits and hyphens; a personal access token is longer.
    private static func isOrganization(_ name: ArraySlice<UInt8>) -> Bool {
        name.count <= 50 && name.allSatisfy { ASCII.isAlphanumeric($0) || $0 == UInt8(ascii: "-") }
    }

    private static func isDots(_ segment: [UInt8]) -> Bool {
        segment.elementsEqual(".".utf8) || segment.elementsEqual("..".utf8)
    }

    /// Whether the path repeats the user name, and not because that is the organisation.
    var isUserNameInPath: Bool {
        guard !userName.isEmpty, segments.contains(where: { PercentEncoding.decode($0) == userName }) else {
            return false
        }
        return azureDevOpsOrganization?.elementsEqual(userName) != true
    }

    private func isHost(_ name: String) -> Bool {
        host.elementsEqual(name.utf8)
    }

    private var segments: [ArraySlice<UInt8>] {
        path.split(separator: UInt8(ascii: "/"))
    }
}

extension [UInt8] {
    fileprivate func hasSuffix(_ suffix: String.UTF8View) -> Bool {
        count > suffix.count && self.suffix(suffix.count).elementsEqual(suffix)
    }
}

extension String {
    fileprivate var utf8Slice: ArraySlice<UInt8> {
        ArraySlice(utf8)
    }
}
