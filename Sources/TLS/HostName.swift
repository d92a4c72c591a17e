import Glibc

/// What a server is called by: a DNS name or an IP address.
struct HostName {
    let text: String
    let isAddress: Bool

    /// Refuses all else: a name that ends early in C, or that a list with commas would take for two.
    init(_ text: String) throws(TLSError) {
        self.text = text
        isAddress = Self.isAddress(text)
        guard isAddress || Self.isDomain(text) else {
            throw TLSError("\"\(text)\" is neither a DNS name nor an IP address")
        }
    }

    /// In the notation of x509v3_config(5).
    var alternativeName: String {
        (isAddress ? "IP:" : "DNS:") + text
    }

    private static func isAddress(_ text: String) -> Bool {
        var address = in6_addr()
        guard !text.utf8.contains(0) else { return false }
        return inet_pton(AF_INET, text, &address) == 1 || inet_pton(AF_INET6, text, &address) == 1
    }

    private static func isDomain(_ text: String) -> Bool {
        let hyphen = UInt8(ascii: "-")
        let labels = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        return text.utf8.count <= 253
            && labels.allSatisfy { label in
                1...63 ~= label.count && label.first != hyphen && label.last != hyphen
                    && label.allSatisfy { byte in
                        switch byte {
                        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                            UInt8(ascii: "0")...UInt8(ascii: "9"), hyphen:
                            true
                        default: false
                        }
                    }
            }
    }
}
