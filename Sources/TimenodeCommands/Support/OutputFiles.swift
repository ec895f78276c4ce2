import Foundation
import SystemErrors

/// Files that a command is about to write, looked at before it begins its work: hours of runs must not end with "no such
/// folder", and a report must not replace the profile that it is about.
struct OutputFiles {
    private var outputs: [(option: String, path: String)] = []

    /// Adds the paths that were given with an option.
    mutating func add(_ option: String, _ paths: [String]) { outputs += paths.map { (option, $0) } }

    /// Adds the path that was given with an option, if it was.
    mutating func add(_ option: String, _ path: String?) { add(option, path.map { [$0] } ?? []) }

    /// - Parameter inputs: the files that the command reads.
    /// - Throws: a failure with exit status 64 for the first file that cannot be written or must not be.
    func check(against inputs: [String]) throws(CommandFailure) {
        for (index, output) in outputs.enumerated() {
            try checkPlace(output)
            for input in inputs where Self.isSame(output.path, input) {
                throw CommandFailure(
                    .usage, "\(output.option) would replace \(input), which this command reads",
                    help: "Name another file."
                )
            }
            if let other = outputs[..<index].first(where: { Self.isSame(output.path, $0.path) }) {
                throw CommandFailure(
                    .usage, "\(other.option) and \(output.option) name the same file, \(output.path)",
                    help: "Name two files."
                )
            }
        }
    }

    private func checkPlace(_ output: (option: String, path: String)) throws(CommandFailure) {
        let (option, path) = output
        func refusal(_ why: String, _ help: String) -> CommandFailure {
            CommandFailure(.usage, "\(option) \(path) cannot be written: \(why)", help: help)
        }
        guard !path.isEmpty else { throw CommandFailure(.usage, "\(option) names no file", help: "Name a file.") }
        let folder = Files.folder(of: path)
        var status = stat()
        guard stat(path, &status) != 0 else {
            switch status.st_mode & S_IFMT {
            case S_IFDIR: throw refusal("it is a folder", "Name a file in it.")
            // The new file takes the place of the old one, so it is the folder that has to be writable.
            case S_IFREG: break
            default:
                if access(path, W_OK) != 0 { throw refusal(SystemErrorText.words(errno), "Name another file.") }
                return
            }
            return try checkFolder(folder, refusal)
        }
        guard stat(folder, &status) == 0 else {
            throw refusal("there is no folder \(folder)", "Make it: mkdir -p \(Shell.quoted(folder))")
        }
        guard status.st_mode & S_IFMT == S_IFDIR else { throw refusal("\(folder) is no folder", "Name another file.") }
        try checkFolder(folder, refusal)
    }

    private func checkFolder(
        _ folder: String, _ refusal: (String, String) -> CommandFailure
    ) throws(CommandFailure) {
        guard access(folder, W_OK | X_OK) == 0 else {
            throw refusal("in \(folder): \(SystemErrorText.words(errno))", "Name another folder.")
        }
    }

    /// Whether two paths lead to one file, whatever they are called. A pipe or a device may be written by two.
    static func isSame(_ one: String, _ other: String) -> Bool {
        var (first, second) = (stat(), stat())
        let (isFirst, isSecond) = (stat(one, &first) == 0, stat(other, &second) == 0)
        guard isFirst, isSecond else { return !isFirst && !isSecond && Files.absolute(one) == Files.absolute(other) }
        return first.st_dev == second.st_dev && first.st_ino == second.st_ino && first.st_mode & S_IFMT == S_IFREG
    }
}
