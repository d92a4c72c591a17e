import JSON
import Kubernetes
import Policy

/// What one replica has refused lately, object by object and rule by rule.
struct RejectionTally: Sendable, Equatable {
    /// Refusals of one object for one rule.
    struct Entry: Sendable, Equatable {
        let apiVersion: String
        let kind: String
        let namespace: String
        let name: String
        let rule: String
        let message: String
        var count: Int
        /// Who tried last.
        var user: String
        /// When that was, in seconds since 1970.
        var last: Int

        func isSame(as other: Entry) -> Bool {
            kind == other.kind && namespace == other.namespace && name == other.name && rule == other.rule
                && apiVersion == other.apiVersion
        }
    }

    /// The newest last.
    private(set) var entries: [Entry] = []

    /// The most entries, and how long one stays.
    static let most = 100
    static let seconds = 86_400

    mutating func add(_ record: AuditRecord) {
        guard record.verdict.decision == .deny, !record.isDryRun else { return }
        for judgement in record.verdict.judgements where judgement.isDenied {
            add(
                Entry(
                    apiVersion: record.group.isEmpty ? record.version : "\(record.group)/\(record.version)",
                    kind: record.kind,
                    namespace: Shown.plain(record.namespace, or: ""),
                    name: Shown.plain(record.name, or: "(not a valid name)"),
                    rule: judgement.finding.rule.rawValue,
                    message: judgement.finding.message.cut(to: 512),
                    count: 1,
                    user: record.user.cut(to: 128),
                    last: record.time / 1_000_000_000
                )
            )
        }
    }

    /// Adds an entry to the same one that there is, or else as the newest.
    mutating func add(_ entry: Entry) {
        var entry = entry
        if let index = entries.firstIndex(where: entry.isSame) {
            entry.count += entries[index].count
            if entries[index].last > entry.last {
                (entry.last, entry.user) = (entries[index].last, entries[index].user)
            }
            entries.remove(at: index)
        }
        entries.append(entry)
        if entries.count > Self.most { entries.removeFirst() }
    }

    /// Forgets what was before `now` by more than a day.
    mutating func prune(at now: Int) {
        entries.removeAll { now - $0.last > Self.seconds }
    }

    /// As JSON text, for another replica to read.
    var text: String {
        var bytes: [UInt8] = []
        bytes.writeJSON { json in
            json.array { json in
                for entry in entries {
                    json.object { json in
                        json.member("apiVersion", entry.apiVersion)
                        json.member("kind", entry.kind)
                        json.member("namespace", entry.namespace)
                        json.member("name", entry.name)
                        json.member("rule", entry.rule)
                        json.member("message", entry.message)
                        json.member("count", entry.count)
                        json.member("user", entry.user)
                        json.member("last", entry.last)
                    }
                }
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    init() {}

    /// What another replica wrote; what cannot be read is left out.
    init(_ text: String) {
        guard let root = (try? JSONDocument(Array(text.utf8)))?.root else { return }
        for value in root.elements {
            func text(_ key: String) -> String { (try? value.member(key))??.string ?? "" }
            func number(_ key: String) -> Int { (try? value.member(key))??.number.flatMap { Int($0) } ?? 0 }
            add(
                Entry(
                    apiVersion: text("apiVersion"),
                    kind: text("kind"),
                    namespace: text("namespace"),
                    name: text("name"),
                    rule: text("rule"),
                    message: text("message"),
                    count: number("count"),
                    user: text("user"),
                    last: number("last")
                )
            )
        }
    }
}
