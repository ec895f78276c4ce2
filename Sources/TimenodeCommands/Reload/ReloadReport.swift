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

    static func path(in directory: String) -> String { Files.join(directory, "reload.json") }

    /// The report in a data directory; nil where there is none that can be read.
    static func read(in directory: String) -> ReloadReport? {
        guard let data = FileManager.default.contents(atPath: path(in: directory)) else { return nil }
        return try? JSONDecoder().decode(ReloadReport.self, from: data)
    }

    func write(in directory: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
        try Files.replaceSecret([Array(try encoder.encode(self))], at: Self.path(in: directory))
    }
}
