import Foundation

/// The first three descriptors of the process.
enum StandardDescriptors {
    /// Fills those that the process was started without (`timenode config print >&-`): the next file that it opens would
    /// take the number, and get what is meant for people in it. Writes to what is filled in fail, as they would have.
    static func open() {
        for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] where fcntl(descriptor, F_GETFD) == -1 {
            // The lowest free number is this one: those below it are open by now.
            let access = descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY
            _ = Foundation.open("/dev/null", access)
        }
    }
}
