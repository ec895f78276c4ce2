import Kernel

/// What a command needs from the world: passed along the task, because the argument parser makes the commands.
struct CommandScope: Sendable {
    var registry: Registry
    var console: Console
    /// What `${env:NAME}` in a profile refers to, and `NO_COLOR`.
    var environment: [String: String]
    /// What stands on standard input, read to its end once; more than a document may have is left.
    var standardInput: @Sendable () -> [UInt8] = { [] }

    @TaskLocal static var current = CommandScope(registry: Registry([]), console: .silent, environment: [:])
}
