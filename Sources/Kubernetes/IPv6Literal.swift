/// IPv6 addresses as URLs have them between brackets: RFC 4291's text, with a zone behind `%25` (RFC 6874) or without.
enum IPv6Literal {
    static func isValid(_ text: ArraySlice<UInt8>) -> Bool {
        let address = text.prefix { $0 != UInt8(ascii: "%") }
        let zone = text[address.endIndex...]
        guard
            zone.isEmpty
                || zone.starts(with: "%25".utf8) && zone.count > 3 && zone.dropFirst(3).allSatisfy(isOfZone)
        else {
            return false
        }
        // The first `::` stands for one group of zeros or more; a second one leaves an empty group, which is none.
        guard let gap = address.indices.dropLast().first(where: { address[$0...].starts(with: "::".utf8) })
        else { return groups(of: address, mayEndInIPv4: true) == 8 }
        let (head, tail) = (address[..<gap], address[(gap + 2)...])
        guard let before = head.isEmpty ? 0 : groups(of: head, mayEndInIPv4: false),
            let after = tail.isEmpty ? 0 : groups(of: tail, mayEndInIPv4: true)
        else { return false }
        return before + after < 8
    }

    /// How many groups of 16 bits these are; nil when one of them is faulty.
    private static func groups(of text: ArraySlice<UInt8>, mayEndInIPv4: Bool) -> Int? {
        var groups = text.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        var count = groups.count
        if mayEndInIPv4, let last = groups.last, last.contains(UInt8(ascii: ".")) {
            guard isIPv4(last) else { return nil }
            groups.removeLast()
            count += 1
        }
        let areHexadecimal = groups.allSatisfy { group in
            (1...4).contains(group.count) && group.allSatisfy { ASCII.hexadecimal($0) != nil }
        }
        return areHexadecimal ? count : nil
    }

    private static func isOfZone(_ byte: UInt8) -> Bool {
        ASCII.isAlphanumeric(byte) || "-._~".utf8.contains(byte)
    }

    private static func isIPv4(_ text: ArraySlice<UInt8>) -> Bool {
        let numbers = text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        return numbers.count == 4
            && numbers.allSatisfy { digits in
                (1...3).contains(digits.count) && digits.allSatisfy(ASCII.isDigit)
                    && (digits.count == 1 || digits.first != UInt8(ascii: "0"))
                    && digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) } < 256
            }
    }
}
