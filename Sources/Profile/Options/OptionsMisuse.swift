/// A line of code that reads an option which its module does not declare, or as another type. That is a mistake of the
/// module's author, whatever the profile says, so the program stops: in every build with the place and the remedy, which
/// a precondition keeps to itself where the compiler optimises.
struct OptionsMisuse {
    let spec: OptionSpec

    /// The code that reads.
    struct Place {
        let file: StaticString
        let line: UInt
    }

    static func stop(_ message: String, at place: Place) -> Never {
        fatalError(message, file: place.file, line: place.line)
    }

    /// `liveness 'ack-counter' declares no option 'quite': did you mean 'quiet'? It declares misses, quiet, wait.`
    func undeclared(_ key: String) -> String {
        let keys = spec.fields.map(\.key)
        let near = Spelling.closest(to: key, among: keys).map { " Did you mean '\($0)'?" } ?? ""
        let list = keys.isEmpty ? "It declares none." : "It declares \(keys.joined(separator: ", "))."
        return "\(owner) declares no option '\(key)'.\(near) \(list)"
    }

    /// - Parameter reader: the function that was called, such as `integer`.
    func wrongType(_ key: String, _ type: OptionType, readAs reader: String) -> String {
        "the option '\(key)' of \(owner) is declared as a \(type.name), and cannot be read with '\(reader)': "
            + "write \(type.reader)(\"\(key)\")"
    }

    func unset(_ key: String, _ type: OptionType) -> String {
        "the option '\(key)' of \(owner) may be unset, and is: write \(type.optionalReader)(\"\(key)\"), which is nil then"
    }

    func invalid(_ key: String, _ problem: String) -> String {
        "the value for the option '\(key)' of \(owner) \(problem)"
    }

    private var owner: String { spec.owner ?? "this block of options" }
}

extension OptionType {
    /// The function of ``Options`` that reads a value of this type.
    fileprivate var reader: String {
        switch self {
        case .boolean: "boolean"
        case .integer: "integer"
        case .ratio: "ratio"
        case .duration: "duration"
        case .bytes: "bytes"
        case .choice: "choice"
        case .string, .ipAddress, .identity: "string"
        case .path: "path"
        case .endpoint: "endpoint"
        case .timestamp: "timestamp"
        case .record, .union: "record"
        case .list(let element, _):
            switch element {
            case .integer: "integers"
            case .duration: "durations"
            case .record, .union: "records"
            case .choice, .string, .path, .endpoint, .ipAddress, .identity: "strings"
            case .boolean, .ratio, .bytes, .timestamp, .list: "list"
            }
        }
    }

    fileprivate var optionalReader: String {
        // Lists of one type have no reader of their own for what may be unset.
        if case .list = self { return "optionalList" }
        let name = if case .choice = self { "string" } else { reader }
        return "optional" + name.prefix(1).uppercased() + name.dropFirst()
    }
}
