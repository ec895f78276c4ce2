import ArgumentParser
import Profile

/// Which program this is.
enum Version {
    static let number = "0.1.0"
    /// Name and number.
    static let program = "timenode \(number)"
    static let text = "timenode \(number) (\(system) \(architecture))"

    static var system: String {
        #if os(Linux)
            "linux"
        #elseif os(macOS)
            "macos"
        #else
            "other"
        #endif
    }

    static var architecture: String {
        #if arch(x86_64)
            "x86_64"
        #elseif arch(arm64)
            "arm64"
        #else
            "other"
        #endif
    }
}

/// `version`.
struct VersionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "version", abstract: "Print the version of this program."
    )

    @OptionGroup var output: FormatOption

    func run() throws {
        let console = CommandScope.current.console
        switch output.format {
        case .text: console.print(Version.text)
        case .json:
            console.print(
                .object([
                    JSONMember("version", .string(Version.number)), JSONMember("system", .string(Version.system)),
                    JSONMember("architecture", .string(Version.architecture)),
                ])
            )
        }
    }
}
