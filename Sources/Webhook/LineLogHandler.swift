import JSON
package import Logging
import Sockets

/// Writes each log entry as one line, of JSON or of text.
package struct LineLogHandler: LogHandler {
    package enum Format: String, CaseIterable, Sendable {
        case json
        case text
    }

    package var logLevel: Logger.Level
    package var metadata: Logger.Metadata = [:]
    private let format: Format
    private let writer: LineWriter

    package init(_ writer: LineWriter, format: Format, level: Logger.Level) {
        self.writer = writer
        self.format = format
        logLevel = level
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        let fields = metadata.merging(event.metadata ?? [:]) { $1 }.sorted { $0.key < $1.key }
        let time = Clock.utc(Clock.wall / 1_000_000_000).rfc3339
        var line: [UInt8] = []
        switch format {
        case .json:
            line.writeJSON { json in
                json.object { json in
                    json.member("time", time)
                    json.member("level", event.level.rawValue)
                    json.member("message", event.message.description)
                    for (key, value) in fields {
                        json.key(key)
                        Self.write(value, to: &json)
                    }
                }
            }
        case .text:
            let text = "\(time) \(event.level.rawValue.uppercased()) \(event.message)"
            line.append(contentsOf: Self.printable(text))
            for (key, value) in fields {
                line.append(contentsOf: Self.printable(" \(key)=\(value)"))
            }
        }
        line.append(UInt8(ascii: "\n"))
        writer.write(line)
    }

    private static func write(_ value: Logger.MetadataValue, to json: inout JSONWriter) {
        switch value {
        case .string(let text): json.string(text)
        case .stringConvertible(let number as Int): json.number(number)
        case .stringConvertible(let flag as Bool): json.boolean(flag)
        case .stringConvertible(let value): json.string(value.description)
        case .array(let values):
            json.array { json in
                for value in values { write(value, to: &json) }
            }
        case .dictionary(let members):
            json.object { json in
                for (key, value) in members.sorted(by: { $0.key < $1.key }) {
                    json.key(key)
                    write(value, to: &json)
                }
            }
        }
    }

    /// One line stays one line, and a terminal is sent no control sequence.
    private static func printable(_ text: String) -> [UInt8] {
        text.utf8.map { $0 < 0x20 || $0 == 0x7F ? 0x20 : $0 }
    }
}
