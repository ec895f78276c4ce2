import Kernel
import Profile

/// A program on each host that asks the node now and then whether it is well, and restarts it where no answer comes in
/// time. It is right about a process that stands still, and wrong about one that is only busy.
public struct Supervisor: Sendable, Hashable {
    /// Time between two questions.
    public var interval: Duration
    /// How long it waits for an answer.
    public var timeout: Duration
    /// Questions in a row that have to stay unanswered.
    public var misses: Int
    /// A process is not asked for so long after it began to work.
    public var grace: Duration
    /// From the end of the old process to the start of the new one.
    public var down: Duration
    public var answer: Answer

    /// Where in the node the answer comes from.
    public enum Answer: String, Sendable, Hashable, CaseIterable {
        /// The node's one loop gives it, behind all that it has to do.
        case loop
        /// It is published beside the loop: whoever runs answers at once.
        case snapshot
    }

    static let spec = OptionSpec([
        .duration(
            "interval", default: .seconds(10), in: .milliseconds(10) ... .seconds(86_400), "time between two questions"
        ),
        .duration(
            "timeout", default: .seconds(3), in: .milliseconds(1) ... .seconds(3600), "how long it waits for an answer"
        ),
        .integer("misses", default: 2, in: 1...100, "questions in a row without an answer, and it restarts the node"),
        .duration(
            "grace", default: .zero, in: .zero ... .seconds(86_400), "no question so long after a process began to work"
        ),
        .duration(
            "down", default: .seconds(1), in: .zero ... .seconds(3600),
            "from the end of the old process to the start of the new one"
        ),
        .choice(
            "answer", default: Answer.loop.rawValue, of: Answer.allCases.map(\.rawValue),
            "who answers: the node's one 'loop', behind its work, or a 'snapshot' beside it"
        ),
    ])
}

extension Supervisor {
    init(_ options: Options) {
        interval = options.duration("interval")
        timeout = options.duration("timeout")
        misses = options.integer("misses")
        grace = options.duration("grace")
        down = options.duration("down")
        answer = Answer(rawValue: options.string("answer")) ?? .loop
    }
}
