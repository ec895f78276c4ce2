import ArgumentParser
import Foundation
import Lab
import Profile
import SystemErrors

/// `scenarios`: what profiles can be compared on.
struct ScenariosCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scenarios", abstract: "List, show and record the scenarios of the laboratory.",
        subcommands: [
            List.self, Show.self, ScenariosRecordCommand.self, ScenariosReportCommand.self,
            ScenariosDetectorsCommand.self,
        ]
    )

    /// `scenarios list`.
    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the scenarios in reach.")

        @OptionGroup var output: FormatOption

        func run() throws {
            let console = CommandScope.current.console
            let rows = ScenarioSource().listed.map { listed in
                Row(
                    group: listed.group, name: listed.name,
                    summary: Scenario.load(path: listed.path).value?.summary
                        ?? "(cannot be read: see 'timenode scenarios show \(listed.name)')"
                )
            }
            switch output.format {
            case .text: console.print(Self.text(rows))
            case .json: console.print(.array(rows.map(\.json)))
            }
        }

        private struct Row {
            var group: String?
            var name: String
            var summary: String

            var json: JSONValue {
                var members = [JSONMember("name", .string(name)), JSONMember("summary", .string(summary))]
                if let group { members.append(JSONMember("group", .string(group))) }
                return .object(members)
            }
        }

        /// A paragraph per folder, its name above it.
        private static func text(_ rows: [Row]) -> String {
            let width = rows.map(\.name.count).max() ?? 0
            var lines: [String] = []
            var group: String?
            for row in rows {
                if let next = row.group, next != group { lines += ["", "\(next):"] }
                group = row.group
                lines.append(row.name.padding(toLength: width + 2, withPad: " ", startingAt: 0) + row.summary)
            }
            return lines.joined(separator: "\n")
        }
    }

    /// `scenarios show`.
    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Print a scenario file after checking it.")

        @Argument(help: "A scenario's name, or a path.", transform: PathText.expanded)
        var scenario: String

        func run() throws {
            let path = try ScenarioSource().locate(scenario)
            _ = try ScenarioSource().load(path)
            do {
                CommandScope.current.console.print(try String(contentsOfFile: path, encoding: .utf8))
            } catch {
                throw CommandFailure(.failed, "cannot read \(path): \(SystemErrorText.of(error))", cause: error)
            }
        }
    }
}
