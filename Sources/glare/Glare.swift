import ArgumentParser
import Foundation
import ModuleTesting

/// Goes through everything that can happen to two nodes that dial each other; `docs/glare.md` says what is claimed.
@main
struct Glare: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "glare", abstract: "Look for an order of events after which a pair does not end with one link.",
        subcommands: [GlareExplore.self, GlareRuns.self]
    )
}
