import Foundation

/// What a running node says of its last reload, in `reload.json` in its data directory: `reload` prints it.
struct ReloadReport: Codable, Sendable, Equatable {
    enum Outcome: String, Codable, Sendable {
        /// The node runs with the profile as it is now.
        case done
        /// Nothing differs from what the node runs with.
        case unchanged
        /// The node goes on with what it had.
        case refused
    }

    /// Tells this report from the one before, whichever process wrote that.
    var serial: String
    var outcome: Outcome
    /// One line for each module and each change, in the order of the profile.
    var steps: [String]
    /// Why it was refused, one line for each reason.
    var problems: [String]
    /// The changes that the reload was asked for with `--set`; nil from a node that knows of none.
    var overrides: [String]?

    static func path(in directory: String) -> String { Files.join(directory, "reload.json") }

    /// The report in a data directory; nil where there is none.
    ///
    /// - Throws: where there is one that cannot be read, or that is no report.
    static func read(in directory: String) throws(CommandFailure) -> ReloadReport? {
        let path = path(in: directory)
        guard Files.exists(path) else { return nil }
        let data = try Files.contents(of: path)
        do {
            return try JSONDecoder().decode(ReloadReport.self, from: data)
        } catch {
            throw CommandFailure(
                .failed, "\(path) is no report of a reload",
                help: "The node writes it anew with its next reload; its log says what became of this one.",
                cause: error
            )
        }
    }

    func write(in directory: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
        try Files.replaceSecret([Array(try encoder.encode(self))], at: Self.path(in: directory))
    }
}
