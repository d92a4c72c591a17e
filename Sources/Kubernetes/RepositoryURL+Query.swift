extension RepositoryURL {
    /// One parameter of the query: its name decoded and in lower case, its value as written.
    package struct QueryItem: Sendable {
        package let name: [UInt8]
        package let value: ArraySlice<UInt8>
    }

    /// The query's parameters that have a value, those included that are in a query to go-git only.
    package var queryItems: [QueryItem] {
        Self.items(of: query) + Self.items(of: hiddenQuery)
    }

    /// go-git's Endpoint decodes the path and writes it as it is then: an escaped `?` begins a query.
    private var hiddenQuery: ArraySlice<UInt8> {
        guard path.contains(UInt8(ascii: "%")) else { return [] }
        let decoded = PercentEncoding.decode(path)
        guard let mark = decoded.firstIndex(of: UInt8(ascii: "?")) else { return [] }
        let hidden = decoded[(mark + 1)...]
        return query.isEmpty ? hidden : hidden + [UInt8(ascii: "?")] + query
    }

    private static func items(of query: ArraySlice<UInt8>) -> [QueryItem] {
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
