/// Paths that begin with `~`, as a shell expands them. Nothing else does so in `--output=~/report.html` or in a profile,
/// and a folder that is really named `~` is nobody's wish.
package enum HomePath {
    /// Why a path cannot be expanded.
    package struct Problem: Error, Sendable, Hashable, CustomStringConvertible {
        /// What is wrong.
        package let message: String
        /// What to write instead.
        package let help: String

        /// Both in one sentence.
        package var description: String { "\(message): \(help)" }
    }

    /// The path with the home directory in place of a `~` at its start; any other path as it is.
    ///
    /// - Parameter environment: its `HOME` is the home directory.
    /// - Throws: for `~somebody/…`, and where `HOME` is not set.
    package static func expanded(_ path: String, environment: [String: String]) throws(Problem) -> String {
        guard path.hasPrefix("~") else { return path }
        guard path == "~" || path.hasPrefix("~/") else {
            throw Problem(
                message: "'\(path)' names somebody's home directory, of which only the own one ('~/') is known",
                help: "write the whole path, or './\(path)' for a file of that name"
            )
        }
        guard let home = environment["HOME"], home.hasPrefix("/") else {
            throw Problem(
                message: "'\(path)' cannot be expanded, because the environment has no HOME",
                help: "write the whole path"
            )
        }
        let rest = path.dropFirst(2)
        if rest.isEmpty { return home }
        return home.hasSuffix("/") ? home + rest : "\(home)/\(rest)"
    }
}
