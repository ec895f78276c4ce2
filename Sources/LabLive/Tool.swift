import Foundation

/// One run of a small program that ends by itself, such as `ip`.
package enum Tool {
    /// Where system programs live; root's tools are not on everybody's search path.
    private static let folders = ["/usr/sbin", "/sbin", "/usr/bin", "/bin"]

    /// The path of a system program, nil where it is not installed.
    package static func path(of name: String) -> String? {
        folders.map { "\($0)/\(name)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    /// Runs a program, hands it `input`, and returns what it printed on stdout.
    ///
    /// - Throws: ``LiveError`` `tool-failed` with what it printed on stderr, where its exit status is not 0.
    @discardableResult
    package static func run(_ program: String, _ arguments: [String], input: String = "") throws(LiveError) -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        let (standardInput, output, errors) = try Spawning.start(process) {
            let pipes = (Pipe(), Pipe(), Pipe())
            process.standardInput = pipes.0
            process.standardOutput = pipes.1
            process.standardError = pipes.2
            return pipes
        }
        // A program that does not read its input has its reasons: its exit status tells.
        try? standardInput.fileHandleForWriting.write(contentsOf: Data(input.utf8))
        try? standardInput.fileHandleForWriting.close()
        // Such programs print less than a pipe holds, so one after the other cannot block.
        let printed = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        let complaint = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            let command = ([program] + arguments).joined(separator: " ")
            let reason = complaint.isEmpty ? "exit status \(process.terminationStatus)" : complaint
            throw LiveError(
                .toolFailed, "'\(command)' failed: \(reason.trimmingCharacters(in: .whitespacesAndNewlines))"
            )
        }
        return printed
    }
}
