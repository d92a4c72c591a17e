extension RepositoryURL {
    /// One parameter of the query: its name decoded and in lower case, its value as written.
    package struct QueryItem: Sendable {
        package let name: [UInt8]
        package let value: ArraySlice<UInt8>
    }

    /// The query's parameters that have a value.
    package var queryItems: [QueryItem] {
        guard !query.isEmpty else { return [] }
        // Browsers and Python drop tabs and line ends wherever they stand; Go refuses them.
        let query = query.filter { $0 >= 0x20 }
        return query.split { $0 == UInt8(ascii: "&") || $0 == UInt8(ascii: ";") }.compactMap { item in
            guard let equals = item.firstIndex(of: UInt8(ascii: "=")), equals + 1 < item.endIndex else {
                return nil
            }
            let spaced = item[..<equals].map { $0 == UInt8(ascii: "+") ? UInt8(ascii: " ") : $0 }
            let name = PercentEncoding.decode(spaced[...]).map(ASCII.lowercased)
            return QueryItem(name: name, value: item[(equals + 1)...])
        }
    }
}
