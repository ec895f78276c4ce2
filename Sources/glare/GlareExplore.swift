import ArgumentParser
import Foundation
import ModuleTesting

/// `glare explore`: all orders of so many events.
struct GlareExplore: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explore", abstract: "Go through all orders of so many events, each state once."
    )

    @Option(help: "How many events.")
    var depth = 12

    @Option(help: "How many starts at a time; all cores if left out.")
    var jobs: Int?

    @Option(help: "Only starts whose name holds this.")
    var only: String?

    @Flag(help: "No fault but a restart of each node. Every delay is among the orders all the same.")
    var restartsAlone = false

    func validate() throws {
        if !(1...40).contains(depth) { throw ValidationError("--depth takes 1 to 40") }
    }

    func run() async throws {
        let starts = GlareStart.all.filter { only.map($0.name.contains) ?? true }
        let depth = depth
        let allowance =
            restartsAlone ? GlareAllowance(failures: 0, losses: 0, silences: 0, restarts: 1) : GlareAllowance()
        var sum = GlareExplorer.Tally()
        var isSound = true
        print("start; states; orders tried; both dialled; both accepted; one end twice; ends disagree; slowest s")
        let width = jobs ?? ProcessInfo.processInfo.activeProcessorCount
        try await spread(starts, width: width) { start in
            var explorer = start.explorer(allowance)
            explorer.explore(depth: depth)
            return (start.name, explorer.tally, explorer.finding)
        } done: { name, tally, finding in
            print("\(name); \(Self.row(tally))")
            sum.add(tally)
            if let finding {
                isSound = false
                print(finding)
            }
        }
        print("all; \(Self.row(sum))")
        if !isSound { throw ExitCode(1) }
    }

    private static func row(_ tally: GlareExplorer.Tally) -> String {
        "\(tally.states); \(tally.events); \(tally.bothDialled); \(tally.bothAccepted); \(tally.sameDialler); "
            + "\(tally.disagreeing); \(String(format: "%.3f", Double(tally.slowest / .milliseconds(1)) / 1000))"
    }
}

/// Works on all items, `width` at a time, and hands each result over as it comes.
func spread<Item: Sendable, Result: Sendable>(
    _ items: [Item], width: Int, _ work: @escaping @Sendable (Item) -> Result, done: (Result) -> Void
) async throws {
    await withTaskGroup(of: Result.self) { group in
        var rest = items.makeIterator()
        for _ in 0..<max(1, width) {
            if let item = rest.next() { group.addTask { work(item) } }
        }
        for await result in group {
            done(result)
            if let item = rest.next() { group.addTask { work(item) } }
        }
    }
}
