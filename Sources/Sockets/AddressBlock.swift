import Glibc

/// A block of IP addresses, written `10.0.0.0/8` or `fd00::/8`; a single address is a block of one.
package struct AddressBlock: Sendable, Equatable {
    private let prefix: [UInt8]
    private let bits: Int

    /// The block that `text` spells; nil when it spells none.
    package init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let bytes = Self.bytes(String(parts[0])) else { return nil }
        guard let bits = parts.count == 1 ? bytes.count * 8 : Int(parts[1]), 0...bytes.count * 8 ~= bits
        else {
            return nil
        }
        prefix = bytes
        self.bits = bits
    }

    /// Whether `host` is an address of the block; a name never is.
    package func contains(_ host: String) -> Bool {
        guard let bytes = Self.bytes(host), bytes.count == prefix.count else { return false }
        return (0..<bits).allSatisfy { bit in
            (bytes[bit / 8] ^ prefix[bit / 8]) & (0x80 >> UInt8(bit % 8)) == 0
        }
    }

    private static func bytes(_ text: String) -> [UInt8]? {
        var four = in_addr()
        if inet_pton(AF_INET, text, &four) == 1 { return withUnsafeBytes(of: &four) { Array($0) } }
        var sixteen = in6_addr()
        if inet_pton(AF_INET6, text, &sixteen) == 1 { return withUnsafeBytes(of: &sixteen) { Array($0) } }
        return nil
    }
}
