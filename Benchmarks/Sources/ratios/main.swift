import Foundation
import NIOCore
import NIOPosix
import Workloads

// `ratios [simulator|transport|bulk|handshakes] [nodes=N] [repeats]`: every contender in turn, `repeats` times over,
// medians and ratios. What the machine does beside it hits all contenders alike.
let arguments = CommandLine.arguments.dropFirst()
let repeats = arguments.compactMap { Int($0) }.first ?? 5
let sizes = SimulatorWorkload.Size.all.filter { size in
    !arguments.contains { $0.hasPrefix("nodes=") } || arguments.contains("nodes=\(size.nodes)")
}
let areas = arguments.filter { Int($0) == nil && !$0.hasPrefix("nodes=") }
do {
    if areas.isEmpty || areas.contains("simulator") { try simulatorFigures(repeats: repeats, sizes: sizes) }
    if areas.isEmpty || areas.contains("transport") {
        let small = Exchange(frameBytes: 256, roundTrips: 20_000, warmUp: 2_000, batches: 2_000)
        try await transportFigures(small, repeats: repeats)
    }
    if areas.isEmpty || areas.contains("bulk") {
        let large = Exchange(frameBytes: 65_536, roundTrips: 2_000, warmUp: 200, batches: 10_000)
        try await transportFigures(large, repeats: repeats)
    }
    if areas.isEmpty || areas.contains("handshakes") { try await handshakeFigures(2_000, repeats: repeats) }
} catch {
    FileHandle.standardError.write(Data("ratios: \(error)\n".utf8))
    exit(1)
}
