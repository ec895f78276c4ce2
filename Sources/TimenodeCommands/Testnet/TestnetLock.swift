import Foundation
import SystemErrors

/// Keeps a second `testnet up` away from the directory of a running one, whose logs and data it would share.
///
/// The lock ends with the process, however that ends.
enum TestnetLock {
    static let name = "testnet.lock"

    /// Takes the lock until the process ends or the descriptor that is returned is closed.
    ///
    /// - Throws: a failure with exit status 1 where another process has it.
    static func acquire(in directory: String) throws(CommandFailure) -> Int32 {
        let path = Files.join(directory, name)
        let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else {
            throw CommandFailure(.failed, "cannot use \(directory): \(SystemErrorText.words(errno))")
        }
        guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
            let owner = String(decoding: (try? Files.contents(of: path)) ?? Data(), as: UTF8.self)
            close(file)
            let process = Int32(owner.trimmingCharacters(in: .whitespacesAndNewlines)).map { " (process \($0))" } ?? ""
            throw CommandFailure(
                .failed, "the testnet in \(directory) is running\(process)",
                help: "Stop it with Ctrl-C where it runs, or make another one: timenode testnet init ./testnet2"
            )
        }
        let owner = Array("\(getpid())\n".utf8)
        let isWritten = ftruncate(file, 0) == 0 && owner.withUnsafeBytes({ Files.writeAll($0, to: file) }) == nil
        guard isWritten else {
            let reason = SystemErrorText.words(errno)
            close(file)
            throw CommandFailure(.failed, "cannot write \(path): \(reason)")
        }
        return file
    }
}
