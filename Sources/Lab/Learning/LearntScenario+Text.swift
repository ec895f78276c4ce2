import Kernel
import Profile

extension LearntScenario {
    /// The longest line of a comment.
    private static let width = 118

    /// The scenario file. The same measurements give the same text.
    public var text: String {
        var lines = remarks.flatMap { Self.comment($0, indent: 0) }
        lines.append("summary: \(scalarText(summary))")
        lines.append("duration: \(DurationText.format(duration))")
        lines.append("network:")
        lines.append("  hosts:")
        for host in hosts {
            var members = ["name: \(scalarText(host.name))", "address: \(scalarText(host.address))"]
            if let start = host.startAt { members.append("start_at: \(DurationText.format(start))") }
            if let comment = host.comment { lines += Self.comment(comment, indent: 4) }
            lines.append("    - {\(members.joined(separator: ", "))}")
        }
        // What was measured of a process that was away reaches to its return: nothing comes on top.
        lines.append("  start_up: 0ms")
        if let slotInterval { lines.append("  slot_interval: \(DurationText.format(slotInterval))") }
        lines.append("  minimum_masternodes: \(minimumMasternodes)")
        if clockOffset > .zero { lines.append("  clock_offset: \(DurationText.format(clockOffset))") }
        lines += pathLines + faultLines
        return lines.joined(separator: "\n") + "\n"
    }

    private var pathLines: [String] {
        guard !paths.isEmpty else {
            return Self.comment(
                "A guess: no round trip was measured, so these are the laboratory's own latencies.", indent: 2
            ) + ["  latency_minimum: 20ms", "  latency_maximum: 90ms"]
        }
        let latencies = paths.map(\.latency)
        let losses = paths.compactMap(\.lossPerMillion).sorted()
        let loss = losses.isEmpty ? 0 : losses[(losses.count - 1) / 2]
        var lines = Self.comment(
            "For pairs that are not below: a guess, drawn between the least and the most that was measured.", indent: 2
        )
        lines.append("  latency_minimum: \(DurationText.format(latencies.min() ?? .zero))")
        lines.append("  latency_maximum: \(DurationText.format(latencies.max() ?? .zero))")
        let jitters = paths.map(\.jitter).sorted()
        lines.append("  jitter: \(DurationText.format(jitters[(jitters.count - 1) / 2]))")
        lines.append("  loss_per_million: \(loss)")
        lines.append("  paths:")
        for path in paths {
            lines += Self.comment(path.comment, indent: 4)
            var members = [
                "from: \(scalarText(hosts[path.first].name))", "to: \(scalarText(hosts[path.second].name))",
                "latency: \(DurationText.format(path.latency))", "jitter: \(DurationText.format(path.jitter))",
            ]
            if let loss = path.lossPerMillion { members.append("loss_per_million: \(loss)") }
            lines.append("    - {\(members.joined(separator: ", "))}")
        }
        return lines
    }

    private var faultLines: [String] {
        var lines: [String] = []
        if faults.isEmpty {
            lines.append("# No fault was seen.")
        } else {
            lines.append("faults:")
            for fault in faults {
                lines += Self.comment(fault.comment, indent: 2)
                lines.append("  - {at: \(DurationText.format(fault.at)), \(text(of: fault.kind))}")
            }
        }
        if !churn.isEmpty {
            lines += Self.comment(
                "Links also ended without a fault of the network or of a host: that is what the nodes' own policies did, "
                    + "and what the compared profile will do or not:", indent: 0
            )
            for line in churn { lines += Self.comment("  \(line)", indent: 0) }
        }
        return lines
    }

    private func text(of kind: Fault.Kind) -> String {
        let name = { (host: Int) in scalarText(self.hosts[host].name) }
        let lasting = { (duration: Duration?) in duration.map { ", for: \(DurationText.format($0))" } ?? "" }
        switch kind {
        case .kill(let host, let down): return "kill: {node: \(name(host)), down: \(DurationText.format(down))}"
        case .powerLoss(let host, let duration): return "power_loss: {node: \(name(host))\(lasting(duration))}"
        case .stall(let host, let duration): return "stall: {node: \(name(host))\(lasting(duration))}"
        case .suspend(let host, let duration): return "suspend: {node: \(name(host))\(lasting(duration))}"
        case .drop(let from, let to, let duration):
            return "drop: {from: \(name(from)), to: \(name(to)), both_ways: true\(lasting(duration))}"
        case .reset(let from, let to): return "reset: {from: \(name(from)), to: \(name(to))}"
        case .clock(let host, let by, let duration):
            let way = by < .zero ? "behind" : "ahead"
            let amount = DurationText.format(by < .zero ? .zero - by : by)
            return "clock: {node: \(name(host)), \(way): \(amount)\(lasting(duration))}"
        }
    }

    /// A comment of whole words, as many lines as it takes. Nothing in it ends a line early.
    private static func comment(_ text: String, indent: Int) -> [String] {
        let margin = String(repeating: " ", count: indent) + "#"
        let lead = text.prefix { $0 == " " }
        var lines: [String] = []
        var line = margin + " " + lead
        var isEmpty = true
        for word in text.split(whereSeparator: { $0.isWhitespace || $0.isNewline }) {
            let printable = word.unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7f && $0.value != 0x85 }
            let word = String(String.UnicodeScalarView(printable))
            if !isEmpty, line.count + 1 + word.count > width {
                lines.append(line)
                line = margin + " " + lead
                isEmpty = true
            }
            line += (isEmpty ? "" : " ") + word
            isEmpty = false
        }
        lines.append(line)
        return lines
    }
}
