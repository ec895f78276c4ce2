import AckCounter
import Foundation
import Kernel
import Lab
import Profile
import TimenodeCommands

// What `timenode compare` does, in a program of your own. Run it in the repository's folder.
let registry = Registry.standard + [AckCounter.descriptor]
let loader = ProfileLoader(catalogue: registry.catalogue, environment: ProcessInfo.processInfo.environment)

// One profile with one line varied; a list of files would do as well.
let axis = try Variation("modules.liveness.use=ack-counter,ping-pong")
let profiles = try Variation.alternatives([axis]).map { alternative in
    let profile = try registry.load(path: "node.yaml", overrides: alternative.overrides, with: loader).required()
    return try SimulatedProfile(profile, name: alternative.suffix, registry: registry)
}
let scenario = try Scenario.load(path: "scenarios/silent-peer-busy.yaml").required()
let experiment = try Experiment(scenario, profiles: profiles, seeds: Experiment.Seeds(first: 1, count: 12))

// Cancel the task to stop: what is finished by then comes back.
let runner = Runner(width: ProcessInfo.processInfo.activeProcessorCount)
let result = try await runner.run(experiment) { print("\($0.done) of \($0.total) runs") }

let comparison = try result.comparison()
for difference in comparison.differences where difference.verdict == .better || difference.verdict == .worse {
    print("\(difference.metric.title): \(difference.profile) is \(difference.verdict.rawValue)")
}
print(TerminalReport.render(comparison, width: 120, color: false))
