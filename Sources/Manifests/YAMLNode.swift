/// One value of a YAML document, and where it is written.
package struct YAMLNode: Sendable, Equatable {
    package let content: Content
    /// The tag that is written on it, in full: `tag:yaml.org,2002:str` for `!!str`.
    package let tag: String?
    /// Where it begins, its anchor and tag included.
    package let start: YAMLMark
    /// Where it ends; a block collection ends where its last value does.
    package let end: YAMLMark

    /// What a node holds.
    package enum Content: Sendable, Equatable {
        case scalar(String, Style)
        case sequence([YAMLNode])
        /// The pairs in the order of the text; no two of their keys are the same.
        case mapping([Pair])
    }

    /// How a scalar is written.
    package enum Style: Sendable {
        /// Bare, so that readers may take it for a number, a boolean or nothing.
        case plain
        /// In quotes or as a block: nothing but text.
        case quoted
    }

    /// A key of a mapping and its value.
    package struct Pair: Sendable, Equatable {
        package let key: Key
        package let value: YAMLNode
    }

    /// A key of a mapping, and where it is written.
    package struct Key: Sendable, Equatable {
        package let text: String
        package let style: Style
        /// As of a value.
        package let tag: String?
        package let start: YAMLMark
        package let end: YAMLMark
    }

    /// The bytes of the text that it takes.
    ///
    /// For a value that an alias stands for, the alias; the values inside it are where the anchor is.
    package var range: Range<Int> {
        start.offset..<end.offset
    }
}
