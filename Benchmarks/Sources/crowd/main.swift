import Foundation
import Workloads

// `crowd idle [LOW HIGH SECONDS REPEATS]` and `crowd flood [SECONDS ROUNDS SHARE IDENTITIES]` measure; the other roles are the
// processes that they start: what is measured never shares its process, nor its open files, with who calls it.
let arguments = Array(CommandLine.arguments.dropFirst())
let numbers = arguments.dropFirst().compactMap { Double($0) }

func line() -> String? { readLine(strippingNewline: true) }

func answer(_ text: String) {
    FileHandle.standardOutput.write(Data((text + "\n").utf8))
}

do {
    switch arguments.first {
    case "idle":
        let all = numbers.count == 4 ? numbers : [2000, 9000, 20, 3]
        try idleFigures(from: Int(all[0]), to: Int(all[1]), seconds: all[2], repeats: Int(all[3]))
    case "flood":
        let all = numbers.count == 4 ? numbers : [20, 5, 0.7, 2000]
        try await floodFigures(window: all[0], rounds: Int(all[1]), share: all[2], identities: Int(all[3]))
    case "serve":
        guard arguments.count == 2, let kind = CrowdKind(rawValue: arguments[1]) else { throw Failure("serve KIND") }
        _ = Crowd.openFilesLimit
        let server = try await CrowdServer(kind)
        answer("\(server.port)")
        while line() != nil {}
        try await server.stop()
    case "dial":
        guard arguments.count == 3, let kind = CrowdKind(rawValue: arguments[1]), let port = Int(arguments[2]) else {
            throw Failure("dial KIND PORT")
        }
        let crowd = try Crowd(kind, port: port)
        while let count = line().flatMap({ Int($0) }) {
            try await crowd.grow(to: count)
            answer("\(try await crowd.standing())")
        }
    case "strangers":
        guard numbers.count == 2 else { throw Failure("strangers PORT IDENTITIES") }
        let flood = try StrangerFlood(port: Int(numbers[0]), identities: Int(numbers[1]))
        while let order = line()?.split(separator: " ").compactMap({ Double($0) }), order.count == 2 {
            let tally = try await flood.run(seconds: order[0], rate: order[1] > 0 ? order[1] : nil)
            for (why, count) in tally.failed.sorted(by: { $0.value > $1.value }).prefix(3) {
                FileHandle.standardError.write(Data("strangers: \(count) failed: \(why)\n".utf8))
            }
            answer("\(tally.rate) \(tally.failed.values.reduce(0, +))")
        }
    default:
        throw Failure("crowd idle [LOW HIGH SECONDS REPEATS] | crowd flood [SECONDS ROUNDS SHARE IDENTITIES]")
    }
} catch {
    FileHandle.standardError.write(Data("crowd: \(error)\n".utf8))
    exit(1)
}
