import Kubernetes

/// The keys and values by which azure-workload-identity is told what to do.
enum WorkloadIdentity {
    static let clientID = "azure.workload.identity/client-id"
    static let tenantID = "azure.workload.identity/tenant-id"
    static let use = "azure.workload.identity/use"
    static let tokenExpiration = "azure.workload.identity/service-account-token-expiration"

    /// The seconds that a token may be asked to last; outside them a pod is refused.
    static let tokenExpirations = 3_600...86_400

    /// Whether `text` is a GUID as Entra writes it: 8-4-4-4-12 hexadecimal digits.
    static func isGUID(_ text: String) -> Bool {
        let groups = text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        return groups.map(\.count) == [8, 4, 4, 4, 12]
            && groups.allSatisfy { $0.allSatisfy { ASCII.hexadecimal($0) != nil } }
    }

    /// Whether two values mean the same: the hexadecimal digits of a GUID have no case.
    static func isSame(_ left: String, _ right: String) -> Bool {
        guard isGUID(left), isGUID(right) else { return left.utf8.elementsEqual(right.utf8) }
        return left.utf8.map(ASCII.lowercased) == right.utf8.map(ASCII.lowercased)
    }
}
