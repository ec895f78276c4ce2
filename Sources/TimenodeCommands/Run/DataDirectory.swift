import Foundation
import SystemErrors

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
            throw CommandFailure(.failed, "cannot use \(path): \(SystemErrorText.words(errno))")
        }
        // Never closed: the descriptor holds the lock.
        guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
            close(file)
            throw CommandFailure(
                .failed, "another node uses \(path)",
                help: "Stop it, or give this node a directory of its own: --set node.data_dir=./data2"
            )
        }
        // Who holds it, for those who have something to say to the node.
        let owner = Array("\(getpid())\n".utf8)
        guard ftruncate(file, 0) == 0, write(file, owner, owner.count) == owner.count else {
            throw CommandFailure(.failed, "cannot write \(lockFile): \(SystemErrorText.words(errno))")
        }
    }

    /// The process that has the directory open.
    ///
    /// - Throws: a failure with exit status 1 where none has.
    func owner() throws(CommandFailure) -> Int32 {
        let lockFile = Files.join(path, "lock")
        let file = Foundation.open(lockFile, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw idle }
        defer { close(file) }
        // A lock that can be had is one that nobody holds: the number in the file is of a process that has ended.
        guard flock(file, LOCK_SH | LOCK_NB) != 0, errno == EWOULDBLOCK else { throw idle }
        let text = String(decoding: try Files.contents(of: lockFile), as: UTF8.self)
        guard let process = Int32(text.trimmingCharacters(in: .whitespacesAndNewlines)), process > 1 else {
            throw CommandFailure(.failed, "\(lockFile) does not say which process holds it")
        }
        return process
    }

    private var idle: CommandFailure {
        CommandFailure(
            .failed, "no node uses \(path)",
            help: "Start it with 'timenode run', or name the profile that it was started with."
        )
    }
}
