import Foundation
import Workloads

/// What an idle link costs its host: memory, by the slope between two numbers of links, and processor time.
func idleFigures(from low: Int, to high: Int, seconds: Double, repeats: Int) throws {
    struct Row {
        var slope: [Double] = []
        var processor: [Double] = []
        var wakeups: [Double] = []
    }
    var rows = CrowdKind.allCases.map { _ in Row() }
    for _ in 0..<repeats {
        for (index, kind) in CrowdKind.allCases.enumerated() {
            let server = try Child(["serve", kind.rawValue])
            let port = try server.hear()
            let crowd = try Child(["dial", kind.rawValue, port])
            var resident: [Double] = []
            for count in [low, high] {
                crowd.say("\(count)")
                let standing = try crowd.hear()
                guard standing == "\(count)" else { throw Failure("\(kind.rawValue): \(standing) of \(count) links") }
                Thread.sleep(forTimeInterval: 5)
                resident.append(try ProcessFigures(server.identifier).resident)
            }
            let before = try ProcessFigures(server.identifier)
            Thread.sleep(forTimeInterval: seconds)
            let after = try ProcessFigures(server.identifier)
            crowd.say("\(high)")
            guard try crowd.hear() == "\(high)" else { throw Failure("\(kind.rawValue) lost links while it idled") }
            rows[index].slope.append((resident[1] - resident[0]) / Double(high - low) / 1024)
            rows[index].processor.append((after.processor - before.processor) / seconds * 100)
            rows[index].wakeups.append((after.wakeups - before.wakeups) / seconds)
            crowd.end()
            server.end()
        }
    }
    print(
        "idle: resident memory of the accepting process from \(low) to \(high) links, then \(Int(seconds)) s of rest; "
            + "median of \(repeats)"
    )
    for (kind, row) in zip(CrowdKind.allCases, rows) {
        print(
            String(
                format: "  idle/%@/links=%d  %.2f KiB a link; at rest %.2f %% of a core, %.1f wake-ups a second",
                kind.rawValue, high, median(row.slope), median(row.processor), median(row.wakeups)
            )
        )
    }
    for (own, bare) in [(2, 0), (3, 1)] {
        let more = zip(rows[own].slope, rows[bare].slope).map { $0 - $1 }
        print(
            String(
                format: "    %@ beyond %@: %.2f KiB a link", CrowdKind.allCases[own].rawValue,
                CrowdKind.allCases[bare].rawValue, median(more)
            )
        )
    }
}
