import ArgumentParser
import Foundation
import Lab
import Profile

/// `scenarios report`: runs every reproduced incident of the catalogue and writes the page about all of them.
struct ScenariosReportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report", abstract: "Run the incident catalogue and write a page about it.",
        discussion: """
            Each incident that a scenario shows is run on the profile with the fault, on the same profile without it, and
            on node.yaml. Exit status 1 where one no longer shows, shows without the fault as well, or node.yaml fares
            otherwise than the catalogue says.
            """
    )

    @Option(help: "The catalogue.", transform: PathText.expanded)
    var catalogue = "scenarios/catalogue.yaml"

    @Option(help: "The profile beside which each incident is shown.", transform: PathText.expanded)
    var node = "node.yaml"

    @Option(help: "How many seeds each profile meets; 1 to 1000.")
    var seeds = 6

    @Option(help: "Only these incidents, by id and with commas between them; without a page's other lines.")
    var only: String?

    @Option(help: "Write the page to FILE; to stdout if left out.", transform: PathText.expanded)
    var output: String?

    @Option(help: "How many runs at a time; all cores if left out.")
    var jobs: Int?

    func validate() throws {
        guard (1...1000).contains(seeds) else { throw ValidationError("--seeds takes 1 to 1000") }
    }

    func run() async throws {
        let console = CommandScope.current.console
        var files = OutputFiles()
        files.add("--output", output)
        try files.check(against: [catalogue, node])
        let loaded = Incident.load(
            path: catalogue, with: DocumentLoader(environment: CommandScope.current.environment)
        )
        console.error(loaded.renderedDiagnostics())
        guard var incidents = loaded.value else { throw CommandFailure.silent(.usage) }
        if let only {
            let ids = only.split(separator: ",").map { String($0) }
            for id in ids where !incidents.contains(where: { $0.id == id }) {
                throw CommandFailure(.usage, "no incident '\(id)' in \(catalogue)")
            }
            incidents = incidents.filter { ids.contains($0.id) }
        }
        var outcomes: [(id: String, outcome: IncidentOutcome)] = []
        var faults: [String] = []
        for incident in incidents {
            guard case .reproduced(let reproduction) = incident.status else { continue }
            if console.isTerminal { console.writeError("\r\(incident.id)  ") }
            let outcome = try await measure(reproduction)
            outcomes.append((incident.id, outcome))
            faults += Self.faults(of: incident.id, reproduction, outcome)
        }
        if console.isTerminal { console.writeError("\r") }
        let page = IncidentReport(incidents, outcomes: outcomes, seeds: seeds).markdown(
            command: "timenode scenarios report --output docs/scenarios.md"
        )
        if let output { try Files.write(page, to: output) } else { console.print(page) }
        if !faults.isEmpty { throw CommandFailure(.failed, faults.joined(separator: "\n       ")) }
    }

    private func measure(_ reproduction: Incident.Reproduction) async throws -> IncidentOutcome {
        let scenario = try ScenarioSource(near: [node, reproduction.profile], among: catalogue).load(
            reproduction.scenario)
        var profiles = [
            try LabProfiles.load(
                reproduction.profile, overrides: reproduction.surroundings + reproduction.fault, in: scenario
            ),
            try LabProfiles.load(node, overrides: reproduction.nodeChanges, in: scenario),
        ]
        if !reproduction.fault.isEmpty {
            profiles.append(
                try LabProfiles.load(
                    reproduction.profile, overrides: reproduction.surroundings, in: scenario)
            )
        }
        let work = profiles.flatMap { profile in (1...UInt64(seeds)).map { (profile: profile, seed: $0) } }
        let runner = Runner(width: jobs ?? ProcessInfo.processInfo.activeProcessorCount)
        let runs = try await runner.map(work) { job in
            try Simulation(scenario, profile: job.profile, seed: job.seed).run().metrics
        }.compactMap { $0 }
        return IncidentOutcome(
            reproduction, faulty: Array(runs[..<seeds]), control: Array(runs[(2 * seeds)...]),
            node: Array(runs[seeds..<2 * seeds])
        )
    }

    private static func faults(
        of id: String, _ reproduction: Incident.Reproduction, _ outcome: IncidentOutcome
    ) -> [String] {
        var faults: [String] = []
        if !outcome.isReproduced { faults.append("\(id) did not show on every seed: \(outcome.faultyText)") }
        if !outcome.isOwedToFault { faults.append("\(id) shows without the fault as well: \(outcome.controlText)") }
        if outcome.isHeldByNode != reproduction.isHeldByNode {
            faults.append(
                "\(id): node.yaml \(outcome.isHeldByNode ? "holds" : "does not hold"), \(outcome.nodeText);"
                    + " the catalogue says otherwise"
            )
        }
        return faults
    }
}
