import ArgumentParser
import Profile

/// How results are printed.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable, Sendable {
    case text
    case json
}

/// The option that most commands have.
struct FormatOption: ParsableArguments {
    @Option(help: "How to print the result: text or json.")
    var format: OutputFormat = .text
}

extension Console {
    /// A JSON result, indented.
    func print(_ json: JSONValue) { print(json.render(indented: true)) }
}
