import Foundation

/// A node's own directory: its identity key and its chain. One process at a time.
struct DataDirectory: Sendable {
    let path: String

    var keyFile: String { Files.join(path, "identity.key") }

    /// Makes the directory where it is missing and locks it for this process.
    ///
    /// The lock ends with the process, however it ends.
    func open() throws(CommandFailure) {
        try Files.makeDirectory(path, mode: 0o700)
        let lockFile = Files.join(path, "lock")
        let file = Foundation.open(lockFile, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else {
            throw CommandFailure(.failed, "cannot use \(path): \(String(cString: strerror(errno)))")
        }
        // Never closed: the descriptor holds the lock.
        guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
            close(file)
            throw CommandFailure(
                .failed, "another node uses \(path)",
                help: "Stop it, or give this node a directory of its own: --set node.data_dir=./data2"
            )
        }
    }
}
