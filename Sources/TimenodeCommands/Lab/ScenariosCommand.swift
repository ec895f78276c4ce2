import ArgumentParser
import Foundation
import Lab
import Profile

/// `scenarios`: what profiles can be compared on.
struct ScenariosCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scenarios", abstract: "List and show the scenarios of the laboratory.",
        subcommands: [List.self, Show.self]
    )

    /// `scenarios list`.
    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the scenarios in reach.")

        @OptionGroup var output: FormatOption

        func run() throws {
            let console = CommandScope.current.console
            var rows: [(String, String)] = []
            for name in ScenarioSource.names(near: nil) {
                guard let scenario = Scenario.load(path: "scenarios/\(name).yaml").value else {
                    rows.append((name, "(cannot be read: see 'timenode scenarios show \(name)')"))
                    continue
                }
                rows.append((name, scenario.summary))
            }
            switch output.format {
            case .text:
                let width = rows.map(\.0.count).max() ?? 0
                for (name, summary) in rows {
                    console.print(name.padding(toLength: width + 2, withPad: " ", startingAt: 0) + summary)
                }
            case .json:
                console.print(
                    .array(
                        rows.map {
                            .object([JSONMember("name", .string($0.0)), JSONMember("summary", .string($0.1))])
                        }
                    )
                )
            }
        }
    }

    /// `scenarios show`.
    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Print a scenario file after checking it.")

        @Argument(help: "A scenario's name, or a path.")
        var scenario: String

        func run() throws {
            let path = try ScenarioSource.locate(scenario, near: nil)
            _ = try ScenarioSource.load(scenario, near: nil)
            do {
                CommandScope.current.console.print(try String(contentsOfFile: path, encoding: .utf8))
            } catch {
                throw CommandFailure(.failed, "cannot read \(path): \(error.localizedDescription)", cause: error)
            }
        }
    }
}
