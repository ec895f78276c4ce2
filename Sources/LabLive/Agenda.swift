import Kernel
import Lab

/// What a live run does when: a scenario's plan for one seed, in order of time.
package struct Agenda: Sendable, Hashable {
    /// One entry.
    package enum Task: Sendable, Hashable {
        /// The first process of a host is started.
        case start(Int)
        case step(FaultStep)
    }

    package let entries: [Entry]

    /// A task and its moment, from the start of the run.
    package struct Entry: Sendable, Hashable {
        package var at: Duration
        package var task: Task
    }

    /// Faults of the very beginning come before the nodes do: a router translates before anybody dials.
    package init(_ scenario: Scenario, seed: UInt64) {
        let steps = scenario.faultSteps(seed: seed).filter { $0.at < scenario.duration }
            .map { Entry(at: $0.at, task: .step($0)) }
        let starts = scenario.startMoments(seed: seed).enumerated().map { Entry(at: $1, task: .start($0)) }
        entries = (steps + starts).enumerated()
            .sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }.map(\.element)
    }
}
