import Sockets

/// How far a long work has come, on a terminal only and only once it is long.
struct ProgressBar {
    private static let width = 30
    private static let patience = 400_000_000
    private static let interval = 100_000_000

    private let what: String
    private let total: Int?
    private let isShown: Bool
    private var done = 0
    private var next: Int
    private var isVisible = false

    /// `total` is how many steps there are, if that is known.
    init(_ what: String, of total: Int? = nil) {
        self.what = what
        self.total = total
        isShown = File.isTerminal(File.standardError)
        next = Clock.monotonic + Self.patience
    }

    mutating func advance() {
        done += 1
        guard isShown, Clock.monotonic >= next else { return }
        next = Clock.monotonic + Self.interval
        isVisible = true
        guard let total, total > 0 else {
            Console.status("\(what) \(done)")
            return
        }
        let filled = min(done, total) * Self.width / total
        let bar =
            String(repeating: "█", count: filled) + String(repeating: "░", count: Self.width - filled)
        Console.status("\(what) \(bar) \(done) of \(total)")
    }

    /// Takes it away.
    mutating func finish() {
        if isVisible { Console.status("") }
        isVisible = false
    }
}
