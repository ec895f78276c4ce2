import Foundation

/// What `reload --set` has to say to a running node, in `reload-request.json` in its data directory: a signal says nothing.
struct ReloadRequest: Codable, Sendable, Equatable {
    /// Changes to the profile, laid over those that the node was started with.
    var overrides: [String]

    static func path(in directory: String) -> String { Files.join(directory, "reload-request.json") }

    func write(in directory: String) throws {
        try Files.replaceSecret([Array(try JSONEncoder().encode(self))], at: Self.path(in: directory))
    }

    /// Takes the request out of a data directory: it is for one reload. Nil where there is none.
    ///
    /// - Throws: where there is one that cannot be read, or that is no request.
    static func take(from directory: String) throws(CommandFailure) -> ReloadRequest? {
        let path = path(in: directory)
        guard Files.exists(path) else { return nil }
        let data = try Files.contents(of: path)
        try Files.remove(path)
        do {
            return try JSONDecoder().decode(ReloadRequest.self, from: data)
        } catch {
            throw CommandFailure(
                .failed, "\(path) is no request to reload", help: "'timenode reload --set …' writes it anew.",
                cause: error
            )
        }
    }
}
