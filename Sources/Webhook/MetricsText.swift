/// Metrics in Prometheus' text format 0.0.4, as it is written.
struct MetricsText {
    enum Kind: String {
        case counter
        case gauge
        case histogram
    }

    private(set) var bytes: [UInt8] = []

    /// Begins a metric; its samples follow.
    mutating func metric(_ name: String, _ kind: Kind, _ help: String) {
        bytes.append(contentsOf: "# HELP \(name) \(help)\n# TYPE \(name) \(kind.rawValue)\n".utf8)
    }

    /// A metric of one sample.
    mutating func metric(_ name: String, _ kind: Kind, _ help: String, _ value: Int) {
        metric(name, kind, help)
        sample(name, value: value)
    }

    mutating func sample(_ name: String, _ labels: [(String, String)] = [], value: Int) {
        sample(name, labels, text: String(value))
    }

    /// A sample in seconds, of a value in nanoseconds.
    mutating func sample(_ name: String, _ labels: [(String, String)] = [], nanoseconds: Int) {
        sample(name, labels, text: Self.seconds(nanoseconds))
    }

    private mutating func sample(_ name: String, _ labels: [(String, String)], text: String) {
        bytes.append(contentsOf: name.utf8)
        if !labels.isEmpty {
            let list = labels.map { "\($0)=\"\(Self.escape($1))\"" }.joined(separator: ",")
            bytes.append(contentsOf: "{\(list)}".utf8)
        }
        bytes.append(contentsOf: " \(text)\n".utf8)
    }

    mutating func histogram(_ name: String, _ labels: [(String, String)], _ histogram: Histogram) {
        let (cumulative, count, nanoseconds) = histogram.snapshot
        for (bound, value) in zip(Histogram.bounds, cumulative) {
            sample("\(name)_bucket", labels + [("le", Self.seconds(bound))], value: value)
        }
        sample("\(name)_bucket", labels + [("le", "+Inf")], value: count)
        sample("\(name)_sum", labels, nanoseconds: nanoseconds)
        sample("\(name)_count", labels, value: count)
    }

    private static func seconds(_ nanoseconds: Int) -> String {
        "\(Double(nanoseconds) / 1e9)"
    }

    private static func escape(_ text: String) -> String {
        var escaped = ""
        for character in text.unicodeScalars {
            switch character {
            case "\\": escaped += "\\\\"
            case "\"": escaped += "\\\""
            case "\n": escaped += "\\n"
            default: escaped.unicodeScalars.append(character)
            }
        }
        return escaped
    }
}
