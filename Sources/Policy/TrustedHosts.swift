import Kubernetes

/// The hosts that may receive the Entra token of the cluster.
struct TrustedHosts: Sendable {
    private var exact: [[UInt8]] = []
    /// Suffixes with their dot.
    private var suffixes: [[UInt8]] = []

    init(_ hosts: [String]) {
        for host in hosts {
            let bytes = Array(host.utf8)
            if bytes.starts(with: "*.".utf8) {
                suffixes.append(Array(bytes.dropFirst()))
            } else {
                exact.append(bytes)
            }
        }
    }

    /// Whether `host`, in lower case, is listed; `*.` stands for one label or more, each of plain ASCII.
    func contains(_ host: [UInt8]) -> Bool {
        exact.contains(host)
            || suffixes.contains { suffix in
                host.count > suffix.count && host.suffix(suffix.count).elementsEqual(suffix)
                    && Self.areLabels(host.dropLast(suffix.count))
            }
    }

    private static func areLabels(_ text: ArraySlice<UInt8>) -> Bool {
        text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).allSatisfy { label in
            !label.isEmpty
                && label.allSatisfy { byte in
                    ASCII.isAlphanumeric(byte) || byte == UInt8(ascii: "-")
                }
        }
    }
}
