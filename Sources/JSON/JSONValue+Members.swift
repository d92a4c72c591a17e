/// What objects and arrays contain.
extension JSONValue {
    /// The value that an object has under `key`; nil when it has none, or this is no object.
    ///
    /// A key that stands there twice is refused, however it is spelt: another reader of the same text may take
    /// the other one.
    package func member(_ key: String) throws(JSONError) -> JSONValue? {
        guard has(.object) else { return nil }
        let bytes = document.bytes
        let tape = document.tape
        let text = bytes.span
        let wanted = key.utf8.span
        // From the opening quote of a key without escapes to its closing one.
        let distance = UInt32(truncatingIfNeeded: wanted.count) &+ 1
        let end = Int(tape[index].link)
        var found: Int?
        var at = index + 1
        while at < end {
            let name = tape[at]
            let isWanted =
                name.link < JSONToken.escaped
                ? name.link &- name.start == distance && Self.equal(text, Int(name.start) &+ 1, wanted)
                : JSONValue(document: document, index: at).contentEquals(wanted)
            at += 1
            if isWanted {
                guard found == nil else {
                    throw JSONError("the key \"\(key)\" twice", at: Int(name.start) - document.origin)
                }
                found = at
            }
            let first = text[Int(tape[at].start)]
            at = first == UInt8(ascii: "{") || first == UInt8(ascii: "[") ? Int(tape[at].link) : at + 1
        }
        return found.map { JSONValue(document: document, index: $0) }
    }

    /// The members of an object, in the order of the text; none of anything else.
    package var members: Members {
        Members(document: document, at: index + 1, end: has(.object) ? next : index + 1)
    }

    /// The elements of an array; none of anything else.
    package var elements: Elements {
        Elements(document: document, at: index + 1, end: has(.array) ? next : index + 1)
    }

    package struct Members: Sequence, IteratorProtocol, Sendable {
        let document: JSONDocument
        var at: Int
        let end: Int

        package mutating func next() -> (key: JSONValue, value: JSONValue)? {
            guard at < end else { return nil }
            let key = JSONValue(document: document, index: at)
            let value = JSONValue(document: document, index: at + 1)
            at = value.next
            return (key, value)
        }
    }

    package struct Elements: Sequence, IteratorProtocol, Sendable {
        let document: JSONDocument
        var at: Int
        let end: Int

        package mutating func next() -> JSONValue? {
            guard at < end else { return nil }
            let element = JSONValue(document: document, index: at)
            at = element.next
            return element
        }
    }
}
