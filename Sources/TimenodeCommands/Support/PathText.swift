import ArgumentParser
import Profile

/// Paths as arguments of commands.
enum PathText {
    /// The path that a file names, with `~` expanded.
    static func named(_ path: String) throws(CommandFailure) -> String {
        do throws(HomePath.Problem) {
            return try HomePath.expanded(path, environment: CommandScope.current.environment)
        } catch {
            throw CommandFailure(.usage, error.message, help: error.help, cause: error)
        }
    }

    /// The path with `~` expanded, which a shell leaves alone in `--output=~/report.html`. Every argument and option that
    /// takes a path has this as its `transform`.
    static func expanded(_ argument: String) throws -> String {
        do throws(HomePath.Problem) {
            return try HomePath.expanded(argument, environment: CommandScope.current.environment)
        } catch {
            throw ValidationError(error.description)
        }
    }
}
