import Foundation
import Testing

@testable import TimenodeCommands

struct ScenariosCommandTests {
    private let scenario = "summary: two nodes\nduration: 30s\nnetwork: {count: 2}\n"

    @Test("a scenario in a folder below scenarios/ is found by its name, and a catalogue file is none")
    func subfolder() async throws {
        let directory = try TemporaryDirectory()
        let folder = directory.file("scenarios/catalogue")
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let path = try directory.write(scenario, to: "scenarios/catalogue/a99-something.yaml")
        _ = try directory.write("incidents: []\n", to: "scenarios/catalogue.yaml")
        _ = try directory.write(scenario, to: "scenarios/plain.yaml")
        let source = ScenarioSource(near: [directory.file("node.yaml")])
        let listed = source.listed.filter { $0.path.hasPrefix(directory.path) }
        #expect(listed.map(\.name) == ["plain", "a99-something"])
        #expect(listed.map(\.group) == [nil, "catalogue"])
        #expect(try source.locate("a99-something") == path)
        #expect(throws: CommandFailure.self) {
            try source.locate("catalogue")
        }
    }

    @Test("a scenario is found beside the files that a profile extends")
    func extended() async throws {
        let directory = try TemporaryDirectory()
        for folder in ["base/scenarios", "mine"] { try Files.makeDirectory(directory.file(folder)) }
        _ = try directory.write(StandardProfile.text, to: "base/node.yaml")
        _ = try directory.write(scenario, to: "base/scenarios/one-of-theirs.yaml")
        let profile = try directory.write("extends: ../base/node.yaml\n", to: "mine/node.yaml")
        for command in [["simulate", profile], ["compare", profile, "--seeds", "1"]] {
            let run = await CommandRun.of(arguments: command + ["--scenario", "one-of-theirs"])
            #expect(run.status != 64 && !run.output.isEmpty, "\(run.errors)")
        }
    }

    @Test("a study and a catalogue name scenarios that lie beside them, wherever the program runs")
    func amongScenarios() async throws {
        let directory = try TemporaryDirectory()
        try Files.makeDirectory(directory.file("studies/more"))
        _ = try directory.write(scenario, to: "studies/calm.yaml")
        _ = try directory.write(scenario, to: "studies/more/calmer.yaml")
        let study = try directory.write(
            """
            detectors:
              - {name: layered, set: ["modules.liveness.use=layered"], reported: nothing}
            cases:
              - {scenario: calm, title: Calm}
              - {scenario: calmer, title: Calmer}

            """, to: "studies/study.yaml"
        )
        let run = await CommandRun.of(
            "scenarios", "detectors", "--study", study, "--profile", "\(Self.root)/node.yaml", "--hours", "1"
        )
        #expect(run.status == 0, "\(run.errors)")
    }

    @Test("a scenario that is not there: the message says what was probably meant, and where it was looked for")
    func unknown() async throws {
        let directory = try TemporaryDirectory()
        try Files.makeDirectory(directory.file("scenarios"))
        _ = try directory.write(scenario, to: "scenarios/two-minute-cycle.yaml")
        let profile = try directory.write(StandardProfile.text, to: "node.yaml")
        let run = await CommandRun.of("compare", profile, "--scenario", "two-minutes-cycle")
        #expect(run.status == 64)
        #expect(run.errors.contains("there is no scenario 'two-minutes-cycle'\nDid you mean 'two-minute-cycle'?"))
        #expect(run.errors.contains("\(directory.file("scenarios")), and the folders in it"))
        #expect(run.errors.contains("\(directory.path)/../scenarios (there is no such folder)"))
    }

    @Test("where the profile is missing, that is what the message says", arguments: ["compare", "simulate"])
    func noProfile(command: String) async {
        let run = await CommandRun.of(command, "missing.yaml", "--scenario", "missing-too")
        #expect(run.status == 64)
        #expect(run.errors.hasPrefix("error: there is no profile missing.yaml\n"))
        #expect(!run.errors.contains("missing-too"))
    }

    @Test("a report needs ids that the catalogue has")
    func unknownIncident() async throws {
        let directory = try TemporaryDirectory()
        let catalogue = try directory.write(
            "incidents:\n  - {id: A1, title: t, mechanism: m, not_modelled: {why: w, needs: n}}\n", to: "catalogue.yaml"
        )
        let bad = await CommandRun.of("scenarios", "report", "--catalogue", catalogue, "--only", "A2")
        #expect(bad.status == 64)
        #expect(bad.errors == "error: no incident 'A2' in \(catalogue)\n")
        let good = await CommandRun.of("scenarios", "report", "--catalogue", catalogue)
        #expect(good.status == 0)
        #expect(good.output.contains("| A1 | t | not modelled yet: w; needs n |"))
    }

    @Test("an incident that no longer shows is named, with the figure, and the status is 1")
    func notShown() async throws {
        let directory = try TemporaryDirectory()
        let root = Self.root
        _ = try directory.write(scenario, to: "calm.yaml")
        let catalogue = try directory.write(
            """
            incidents:
              - id: A1
                title: t
                mechanism: m
                reproduced:
                  scenario: \(directory.file("calm.yaml"))
                  profile: \(root)/node.yaml
                  metric: forks
                  fails_above: 5
                  expect: {from: 6, to: 7, because: nothing}

            """, to: "catalogue.yaml"
        )
        let page = directory.file("page.md")
        let run = await CommandRun.of(
            "scenarios", "report", "--catalogue", catalogue, "--node", "\(root)/node.yaml", "--seeds", "1",
            "--output", page
        )
        #expect(run.status == 1)
        #expect(run.errors == "error: A1 did not show on every seed: 0\n")
        #expect(try directory.read("page.md").contains("Measured 0: **not as expected**."))
    }

    @Test("the study of detectors is measured on a scenario beside it, and no case is made up")
    func detectors() async throws {
        let directory = try TemporaryDirectory()
        _ = try directory.write(scenario, to: "calm.yaml")
        let study = try directory.write(
            """
            detectors:
              - {name: layered, set: ["modules.liveness.use=layered"], reported: nothing}
            cases:
              - {scenario: \(directory.file("calm.yaml")), title: Calm}

            """, to: "study.yaml"
        )
        let arguments = [
            "scenarios", "detectors", "--study", study, "--profile", "\(Self.root)/node.yaml", "--hours", "1",
        ]
        let run = await CommandRun.of(arguments: arguments)
        #expect(run.status == 0)
        #expect(run.output.contains("| `layered` | 0 |"))
        let bad = await CommandRun.of(arguments: arguments + ["--only", "storm"])
        #expect(bad.status == 64)
        #expect(bad.errors == "error: no case 'storm' in \(study)\n")
    }

    private static var root: String {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().path
    }
}
