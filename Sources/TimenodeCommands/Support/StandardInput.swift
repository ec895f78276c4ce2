import Foundation
import Profile

/// A document that comes by standard input: `-` in place of a path.
enum StandardInput {
    static let path = "-"

    /// Read once, since it cannot be read again.
    static let content: [UInt8] = {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 64 * 1_024)
        // One byte more than a document may have, so that a longer one is told from one that just fits.
        while bytes.count <= ProfileFileSystem.maximumSize {
            let count = read(STDIN_FILENO, &chunk, chunk.count)
            if count > 0 { bytes += chunk[..<count] } else if count == 0 || errno != EINTR { break }
        }
        return bytes
    }()

    /// Whether there is a document at `path`.
    static func exists(_ path: String) -> Bool { path == self.path || Files.exists(path) }

    /// The files of this machine, and standard input by the path `-`.
    static func files(of scope: CommandScope) -> ProfileFileSystem {
        ProfileFileSystem(
            read: { path in
                guard path == StandardInput.path else { return ProfileFileSystem.real.read(path) }
                let bytes = scope.standardInput()
                return bytes.count > ProfileFileSystem.maximumSize
                    ? .failure(FileProblem(code: .tooLarge, message: "it has more than 1MiB")) : .success(bytes)
            },
            canonicalPath: ProfileFileSystem.real.canonicalPath
        )
    }
}
