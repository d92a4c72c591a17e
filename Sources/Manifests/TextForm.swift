internal import Policy

/// A form that a text in a policy file must have, and what the text says then.
struct TextForm<Value> {
    /// What people read after "must be".
    let description: String
    let parse: (String) -> Value?
}

extension TextForm<Day> {
    /// A day, in quotes or not.
    static var day: Self {
        TextForm(description: "a day of the calendar, like 2027-03-31") { Day($0) }
    }
}

extension TextForm<String> {
    /// Exactly `text`.
    static func exactly(_ text: String) -> Self {
        matching(text) { $0.elementsEqual(text.utf8) }
    }

    /// Text that fits on a line of a log and of a terminal, without the spaces around it.
    static var line: Self {
        TextForm(description: "one line of text that is not blank") { text in
            let scalars = text.unicodeScalars
            let isInk = { (scalar: Unicode.Scalar) in !scalar.properties.isWhitespace }
            guard let first = scalars.firstIndex(where: isInk), let last = scalars.lastIndex(where: isInk)
            else { return nil }
            let line = scalars[first...last]
            return line.contains(where: Printable.isInvisible) ? nil : String(line)
        }
    }

    /// A GUID that is somebody's, in the case that it is written in.
    static var guid: Self {
        matching("a GUID (8-4-4-4-12 hexadecimal digits), and not all zeros") { bytes in
            let parts = bytes.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
            let digits = parts.joined()
            return parts.map(\.count) == [8, 4, 4, 4, 12]
                && digits.allSatisfy { isDigit($0) || isLetter($0 | 0x20) && $0 | 0x20 <= UInt8(ascii: "f") }
                && !digits.allSatisfy { $0 == UInt8(ascii: "0") }
        }
    }

    /// The name of a namespace: a DNS-1123 label.
    static var label: Self {
        matching("a namespace's name (at most 63 of a-z, 0-9 and -; - not at an end)") { bytes in
            bytes.count <= 63 && isLabel(bytes)
        }
    }

    /// The name of a ServiceAccount, a Deployment or a Secret: a DNS-1123 subdomain.
    static var subdomain: Self {
        matching("an object's name (at most 253 of a-z, 0-9, - and .; - and . not at an end)") { bytes in
            bytes.count <= 253 && labels(bytes).allSatisfy(isLabel)
        }
    }

    /// A pattern over names, where `*` stands for any run of characters.
    static var glob: Self {
        matching("a name, or a pattern of a-z, 0-9, -, . and *") { bytes in
            (1...253).contains(bytes.count)
                && bytes.allSatisfy { isLetter($0) || isDigit($0) || [0x2A, 0x2D, 0x2E].contains($0) }
        }
    }

    /// A host, or `*.` and the end of one.
    static var hostPattern: Self {
        let example = "like dev.azure.com or *.visualstudio.com"
        return matching("a host \(example), in lower case, without scheme, port or path") { bytes in
            let host = bytes.starts(with: "*.".utf8) ? Array(bytes.dropFirst(2)) : bytes
            return host.count <= 253 && labels(host).allSatisfy { $0.count <= 63 && isLabel($0) }
        }
    }

    private static func matching(_ description: String, _ matches: @escaping ([UInt8]) -> Bool) -> Self {
        TextForm(description: description) { matches(Array($0.utf8)) ? $0 : nil }
    }
}

private func labels(_ bytes: [UInt8]) -> [[UInt8]] {
    bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).map { Array($0) }
}

private func isLabel(_ bytes: [UInt8]) -> Bool {
    let hyphen = UInt8(ascii: "-")
    return !bytes.isEmpty && bytes.first != hyphen && bytes.last != hyphen
        && bytes.allSatisfy { isLetter($0) || isDigit($0) || $0 == hyphen }
}

private func isLetter(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
}

private func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
}
