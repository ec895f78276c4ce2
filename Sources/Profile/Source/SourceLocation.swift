/// A place in a text that somebody wrote: where a key or a value stands.
public struct SourceLocation: Sendable, Hashable {
    /// The file as it is shown to people (`--set` for an override on the command line).
    public var file: String
    /// 1-based line; 0 means the file as a whole.
    public var line: Int
    /// 1-based column in characters, not bytes.
    public var column: Int
    /// How many characters are meant, for the underline.
    public var length: Int

    public init(file: String, line: Int, column: Int, length: Int) {
        self.file = file
        self.line = line
        self.column = column
        self.length = length
    }

    /// The file as a whole, for problems that have no line (it is missing, it is empty).
    public static func wholeFile(_ file: String) -> SourceLocation {
        SourceLocation(file: file, line: 0, column: 0, length: 0)
    }

    /// The name that stands for the texts given with `--set`; line N is the Nth of them.
    static let overrideFile = "--set"

    var isOverride: Bool { file == SourceLocation.overrideFile }
}

extension SourceLocation: CustomStringConvertible {
    /// `node.yaml:14:7`, or `node.yaml` for the file as a whole.
    public var description: String {
        line == 0 ? file : "\(file):\(line):\(column)"
    }
}
