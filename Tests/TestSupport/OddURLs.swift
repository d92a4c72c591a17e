/// URLs of Git repositories with a few things wrong, or unusual; the same ones in every run.
package enum OddURLs {
    private static let seeds = [
        "https://dev.azure.com/contoso/platform/_git/fleet",
        "https://contoso@dev.azure.com/contoso/p/_git/fleet",
        "https://contoso.visualstudio.com/p/_git/fleet",
        "https://flux:pass@dev.azure.com/contoso/p/_git/fleet",
        "ssh://git@ssh.dev.azure.com/v3/contoso/p/fleet", "https://dev.azure.com:443/contoso/_git/fleet",
        "https://github.com/o/r.git?access_token=s&b=2#f", "https://[::1]:8443/o/r",
        "https://u:p@[fe80::1%25en0]/r",
        "http://git@github.com/o/r", "git@ssh.dev.azure.com:v3/o/p/r", "https://u%40x:p%3A@host.example/r",
    ]

    private static let telling = [
        "@", ":", "/", "//", "\\", "?", "#", "%", "%40", "%2F", "%3A", "%00", "%5C", "%25", "%2525", "%zz",
        "[", "]",
        ";", "&", "=", " ", "\t", "\n", "\r", "\0", "\u{7F}", "é", "\u{FF0F}", "\u{FF20}", "\u{2024}", "ß",
        ".", "..",
        "|", "^", "`", "\"", "<", ">", "{", "}", "'", "!", "$", "*", "+", ",", "~", "u:p@", "tok@",
        "@evil.example",
        "evil.example\\@", ":443", ":99999", ":https", "https:", "HTTPS://", "xn--", "://", "%3F", "%26",
        "%2e%2E/", "/../", "hunter2@", "/hunter2/", "?pat=s",
        ";token=s",
        "access%5Ftoken=s&", "&sig=s", "[::1]", "::ffff:1.2.3.4", "%E3%80%82", "dev.azure.com",
        ".evil.example",
    ]

    package static func some(_ count: Int) -> [String] {
        var random = SplitMix64(state: 1)
        return seeds
            + (0..<count).map { _ in
                var url = Array((seeds.randomElement(using: &random) ?? "").unicodeScalars)
                for _ in 0..<Int.random(in: 1...3, using: &random) where !url.isEmpty {
                    let place = Int.random(in: url.indices, using: &random)
                    let insertion = Array((telling.randomElement(using: &random) ?? "").unicodeScalars)
                    switch Int.random(in: 0..<6, using: &random) {
                    case 0: url.remove(at: place)
                    case 1: url.replaceSubrange(place...place, with: insertion)
                    case 2: url.insert(contentsOf: url[place...].prefix(8), at: place)
                    default: url.insert(contentsOf: insertion, at: place)
                    }
                }
                var text = ""
                text.unicodeScalars.append(contentsOf: url)
                return text
            }
    }
}
