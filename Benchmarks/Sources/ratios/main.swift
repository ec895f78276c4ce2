import Foundation
import NIOCore
import NIOPosix
import Workloads

// `ratios [simulator|transport] [nodes=N] [repeats]`: every contender in turn, `repeats` times over, medians and ratios. What
// the machine does beside it hits all contenders alike.
let arguments = CommandLine.arguments.dropFirst()
let repeats = arguments.compactMap { Int($0) }.first ?? 5
let sizes = SimulatorWorkload.Size.all.filter { size in
    !arguments.contains { $0.hasPrefix("nodes=") } || arguments.contains("nodes=\(size.nodes)")
}
let areas = arguments.filter { Int($0) == nil && !$0.hasPrefix("nodes=") }
do {
    if areas.isEmpty || areas.contains("simulator") { try simulatorFigures(repeats: repeats, sizes: sizes) }
    if areas.isEmpty || areas.contains("transport") { try await transportFigures(repeats: repeats) }
} catch {
    FileHandle.standardError.write(Data("ratios: \(error)\n".utf8))
    exit(1)
}
