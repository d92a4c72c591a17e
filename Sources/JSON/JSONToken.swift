/// One value or key on the tape: where its text begins, and what a reader needs to get past it.
///
/// What kind of value it is, its first byte says.
struct JSONToken {
    let start: UInt32
    /// Of an object or array: the index of the token after its last one, or the parent's while it is open.
    ///
    /// Of a string: the offset of its closing quote, and a bit that says whether it has escapes. Of anything
    /// else: the offset of its end.
    var link: UInt32

    /// The bit of a string's `link` that says that its text is not its content.
    static let escaped: UInt32 = 1 << 31
    /// What an open outermost object or array has for a parent.
    static let none = UInt32.max

    init(start: Int, link: UInt32) {
        self.start = UInt32(truncatingIfNeeded: start)
        self.link = link
    }
}
