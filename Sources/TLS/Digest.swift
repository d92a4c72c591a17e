import COpenSSL

/// SHA-256.
package enum Digest {
    /// The digest of `bytes`, 32 bytes, in lower-case hexadecimal.
    package static func sha256(_ bytes: [UInt8]) -> String {
        sha256Bytes(bytes).hexadecimal
    }

    /// The digest of `bytes`, 32 bytes.
    package static func sha256Bytes(_ bytes: [UInt8]) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: 32)
        EVP_Digest(bytes, bytes.count, &digest, nil, EVP_sha256(), nil)
        return digest
    }
}

extension Sequence<UInt8> {
    /// Two lower-case digits for each byte.
    var hexadecimal: String {
        reduce(into: "") { text, byte in
            text += (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }
    }
}
