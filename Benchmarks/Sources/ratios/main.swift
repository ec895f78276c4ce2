import Foundation
import NIOCore
import NIOPosix
import Workloads

// `ratios [simulator|transport] [repeats]`: every contender in turn, `repeats` times over, medians and ratios. What
// the machine does beside it hits all contenders alike.
let arguments = CommandLine.arguments.dropFirst()
let repeats = arguments.compactMap { Int($0) }.first ?? 5
let areas = arguments.filter { Int($0) == nil }
do {
    if areas.isEmpty || areas.contains("simulator") { try simulatorFigures(repeats: repeats) }
    if areas.isEmpty || areas.contains("transport") { try await transportFigures(repeats: repeats) }
} catch {
    FileHandle.standardError.write(Data("ratios: \(error)\n".utf8))
    exit(1)
}
