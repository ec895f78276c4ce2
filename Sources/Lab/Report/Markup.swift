/// Elements of HTML and inline SVG whose text and attributes are always escaped and whose tags always match.
struct Markup: Sendable, Hashable {
    /// Finished markup.
    let text: String

    private init(trusted text: String) {
        self.text = text
    }

    /// Text content.
    init(_ text: String) {
        self.text = TextEscape.html(text)
    }

    /// An element around its children.
    init(_ name: String, _ attributes: KeyValuePairs<String, String>, _ children: [Markup]) {
        let inner = children.map(\.text).joined()
        text = "<\(Self.open(name, attributes))>\(inner)</\(name)>"
    }

    /// An element around its children, without attributes.
    init(_ name: String, _ children: [Markup]) {
        self.init(name, [:], children)
    }

    /// An element around one text.
    init(_ name: String, _ attributes: KeyValuePairs<String, String>, _ content: String) {
        self.init(name, attributes, [Markup(content)])
    }

    /// An element around one text, without attributes.
    init(_ name: String, _ content: String) {
        self.init(name, [:], [Markup(content)])
    }

    /// A shape of SVG, which closes itself.
    static func shape(_ name: String, _ attributes: KeyValuePairs<String, String>) -> Markup {
        Markup(trusted: "<\(open(name, attributes))/>")
    }

    /// An element of HTML that has no end tag.
    static func void(_ name: String, _ attributes: KeyValuePairs<String, String>) -> Markup {
        Markup(trusted: "<\(open(name, attributes))>")
    }

    /// Our own style sheet, which must not be escaped.
    static func style(_ sheet: StaticString) -> Markup {
        Markup(trusted: "<style>\n\(sheet)\n</style>")
    }

    private static func open(_ name: String, _ attributes: KeyValuePairs<String, String>) -> String {
        attributes.reduce(name) { $0 + " \($1.key)=\"\(TextEscape.html($1.value))\"" }
    }
}
