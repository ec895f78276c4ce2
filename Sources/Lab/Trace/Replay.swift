import Application
import Collections
import Kernel
import Profile
import Trace
import Wire

/// Feeds recorded inputs to nodes made from the same profiles, and checks that they do what was recorded.
package struct Replay {
    /// After how many inputs each node is written out as a checkpoint and replaced by one that is made from it; nil for
    /// never. Finds modules that remember something outside their state.
    package var resumeInterval: Int?

    private let header: TraceHeader
    private var nodes: [ReplayedNode] = []
    private var places: OrderedDictionary<String, Int> = [:]
    private var digest = TraceDigest()
    private var result = ReplayResult()
    /// The node of the last input, its moment and its line.
    private var current: (node: Int, time: Int64, line: TraceReader.Line)?
    private var scratch = LineWriter()

    /// - Throws: ``TraceError`` where this program cannot make the nodes.
    package init(_ header: TraceHeader, registry: Registry) throws(TraceError) {
        self.header = header
        var makers: [() throws -> PolicySet] = []
        let registry = registry.withAdversary
        for profile in header.profiles {
            makers.append(try Self.maker(profile, header.traffic, registry))
        }
        for entry in header.nodes {
            guard places.updateValue(nodes.count, forKey: entry.name) == nil else {
                throw TraceError(.badField, line: 1, "two nodes are called '\(entry.name)'")
            }
            let signer: any Signer =
                if case .simulation(let scenario) = header.source {
                    SimulatedSigner(scheme: SimulatedSignatures(seed: scenario.seed), identity: entry.identity)
                } else {
                    ReplaySigner(identity: entry.identity)
                }
            nodes.append(
                ReplayedNode(
                    entry, network: header.networks[entry.network], signer: signer, makePolicies: makers[entry.profile]
                )
            )
        }
    }

    private static func maker(
        _ profile: TraceHeader.Profile, _ traffic: Scenario.Traffic?, _ registry: Registry
    ) throws(TraceError) -> () throws -> PolicySet {
        let outcome = ProfileLoader(catalogue: registry.catalogue).load(text: profile.text, name: profile.path)
        guard let effective = outcome.value else {
            throw TraceError(
                .cannotBuild, line: 1,
                "this program does not take the profile '\(profile.name)' that the trace was made with:\n"
                    + outcome.renderedDiagnostics()
            )
        }
        let make = {
            var policies = try registry.policies(for: effective)
            if let traffic { try traffic.addModule(to: &policies) }
            return policies
        }
        do { _ = try make() } catch {
            throw TraceError(.cannotBuild, line: 1, "the modules of the profile '\(profile.name)': \(error)")
        }
        return make
    }

    /// Replays everything that the reader gives, up to the first divergence.
    ///
    /// - Throws: ``TraceError`` for a trace that is damaged, also behind a divergence: a record that was changed is no
    ///   other behaviour of a node.
    package mutating func run(_ reader: inout TraceReader) throws(TraceError) -> ReplayResult {
        while let line = try reader.next() {
            if let divergence = try check(line) {
                result.divergence = divergence
                try finish(&reader, behind: divergence)
                break
            }
            result.records += 1
        }
        if result.divergence == nil, let current, let effect = nodes[current.node].pending {
            result.divergence = divergence(nil, effect, line: current.line.number + 1)
        }
        result.digest = digest.text
        result.recordedDigest = reader.end?.digest
        return result
    }

    private func finish(
        _ reader: inout TraceReader, behind divergence: ReplayResult.Divergence
    ) throws(TraceError) {
        do throws(TraceError) { try reader.readToEnd() } catch {
            throw TraceError(
                error.code, line: error.line,
                "\(error.message) (up to there, line \(divergence.line) is the first that its node does not confirm)"
            )
        }
    }

    private mutating func check(_ line: TraceReader.Line) throws(TraceError) -> ReplayResult.Divergence? {
        if let current, let effect = nodes[current.node].pending {
            guard try matches(effect, line) else { return divergence(line, effect, line: line.number) }
            digest.add(effect)
            nodes[current.node].confirm()
            return nil
        }
        let entry = try TraceReader.entry(line)
        guard let place = places[entry.node] else {
            throw TraceError(.badField, line: line.number, "the header has no node '\(entry.node)'")
        }
        switch entry.content {
        case .effect:
            guard current != nil else {
                throw TraceError(.outOfPlace, line: line.number, "an effect stands before any input")
            }
            return divergence(line, nil, line: line.number)
        case .process(let start, let seed):
            let node = nodes[place].entry
            digest.add(
                process: start, seed: seed, of: place, identity: node.identity, endpoint: node.endpoint,
                connectTimeout: node.connectTimeout, profile: header.profiles[node.profile].digest,
                network: header.networks[node.network]
            )
            try building(line) { try nodes[place].start(seed: seed) }
            return nil
        case .admitted(let link, let remote): return try admit(link, from: remote, entry, place)
        case .input(let input, let wall, let fired, let signed):
            current = (place, entry.time, line)
            return try take(input, wall, signed, entry, place) ?? compare(fired, entry, place)
        case .checkpoint(let checkpoint): return try compare(checkpoint, entry, place, line)
        }
    }

    // MARK: One kind of line each

    private func noProcess(_ entry: TraceEntry) -> TraceError {
        TraceError(.outOfPlace, line: entry.line, "no process of '\(entry.node)' was started before")
    }

    /// Says what a module's constructor or state refuses with the line that asked for it.
    private func building(_ line: TraceReader.Line, _ body: () throws -> Void) throws(TraceError) {
        do { try body() } catch { throw TraceError(.cannotBuild, line: line.number, "\(error)") }
    }

    private mutating func admit(
        _ link: LinkID, from remote: Endpoint, _ entry: TraceEntry, _ place: Int
    ) throws(TraceError) -> ReplayResult.Divergence? {
        guard let node = nodes[place].node else { throw noProcess(entry) }
        let given = node.admit(from: remote, at: Instant(nanoseconds: entry.time))
        digest.add(admitted: link, from: remote, at: entry.time, node: place)
        guard given != link else { return nil }
        return ReplayResult.Divergence(
            line: entry.line, time: entry.time, node: entry.node, expected: "link \(link)", actual: "link \(given)",
            detail: "the node gives the connection of \(remote) another generation"
        )
    }

    private mutating func take(
        _ input: Input, _ wall: WallTime, _ signed: [SignedBytes], _ entry: TraceEntry, _ place: Int
    ) throws(TraceError) -> ReplayResult.Divergence? {
        guard nodes[place].take(input, at: entry.time, wall: wall, signed: signed) else { throw noProcess(entry) }
        digest.add(nodes[place].node?.canonical(input) ?? input, at: entry.time, wall: wall, node: place)
        result.inputs += 1
        if let problem = nodes[place].recordedSigner?.problem {
            return ReplayResult.Divergence(
                line: entry.line, time: entry.time, node: entry.node, input: current?.line.text, detail: problem
            )
        }
        if let resumeInterval, nodes[place].inputs % resumeInterval == 0 { try resume(entry, place) }
        return nil
    }

    /// Whose timers a tick has fired. What a module calls them is its own affair.
    private func compare(_ fired: [FiredTimer], _ entry: TraceEntry, _ place: Int) -> ReplayResult.Divergence? {
        let recorded = fired.map(\.module)
        let now = nodes[place].fired.map(\.module)
        guard recorded != now else { return nil }
        let words = { (modules: [String]) in modules.isEmpty ? "no timer" : modules.joined(separator: ", ") }
        return ReplayResult.Divergence(
            line: entry.line, time: entry.time, node: entry.node, input: current?.line.text,
            expected: words(recorded), actual: words(now), detail: "the timers that fired are of other modules"
        )
    }

    /// Puts a node that is made from the text of its own checkpoint in the place of one that runs.
    private mutating func resume(_ entry: TraceEntry, _ place: Int) throws(TraceError) {
        guard let node = nodes[place].node else { return }
        let text = try checkpointLine(of: node, entry)
        guard case .checkpoint(let checkpoint) = try TraceReader.entry(text).content else { return }
        try building(text) { try nodes[place].resume(checkpoint) }
    }

    private mutating func compare(
        _ checkpoint: NodeCheckpoint, _ entry: TraceEntry, _ place: Int, _ line: TraceReader.Line
    ) throws(TraceError) -> ReplayResult.Divergence? {
        guard let node = nodes[place].node else {
            try building(line) { try nodes[place].resume(checkpoint) }
            return nil
        }
        let own = try checkpointLine(of: node, entry)
        if own.bytes == line.bytes { return nil }
        guard let difference = try TraceReader.tree(line).difference(from: try TraceReader.tree(own)) else {
            return nil
        }
        return ReplayResult.Divergence(
            line: line.number, time: entry.time, node: entry.node, input: current?.line.text,
            expected: difference.left, actual: difference.right,
            detail: "the node's state differs at \(difference.path)"
        )
    }

    private mutating func checkpointLine(
        of node: Node, _ entry: TraceEntry
    ) throws(TraceError) -> TraceReader.Line {
        scratch.clear()
        do { scratch.checkpoint(try node.checkpoint(), time: entry.time, node: entry.node) } catch {
            throw TraceError(.cannotBuild, line: entry.line, "a module's state cannot be written: \(error)")
        }
        return TraceReader.Line(number: entry.line, bytes: scratch.bytes)
    }
}

// MARK: - Effects

extension Replay {
    /// Writes an effect of the current node as a trace has it.
    private mutating func write(_ effect: Effect) {
        guard let current else { return }
        scratch.clear()
        let name = nodes[current.node].entry.name
        TraceRecord(time: current.time, host: name, content: .effect(effect)).write(to: &scratch)
    }

    /// Whether a line is this effect of the current node. Spaces and the order of members do not count.
    private mutating func matches(_ effect: Effect, _ line: TraceReader.Line) throws(TraceError) -> Bool {
        write(effect)
        if scratch.bytes == line.bytes { return true }
        // Also finds that the line is no record at all.
        _ = try TraceReader.entry(line)
        let own = TraceReader.Line(number: line.number, bytes: scratch.bytes)
        return try TraceReader.tree(line).difference(from: try TraceReader.tree(own)) == nil
    }

    private mutating func divergence(
        _ line: TraceReader.Line?, _ effect: Effect?, line number: Int
    ) -> ReplayResult.Divergence {
        var divergence = ReplayResult.Divergence(
            line: number, time: current?.time ?? 0, node: current.map { nodes[$0.node].entry.name } ?? "",
            input: current?.line.text, expected: line?.text, actual: nil
        )
        guard let effect else { return divergence }
        write(effect)
        divergence.actual = String(decoding: scratch.bytes, as: UTF8.self)
        let own = TraceReader.Line(number: number, bytes: scratch.bytes)
        if let line, let recorded = try? TraceReader.tree(line), let replayed = try? TraceReader.tree(own),
            let difference = recorded.difference(from: replayed)
        {
            divergence.detail =
                "\(difference.path): recorded \(difference.left ?? "nothing"), now \(difference.right ?? "nothing")"
        }
        return divergence
    }
}

extension TraceHeader {
    /// The declared load of a simulated run.
    fileprivate var traffic: Lab.Scenario.Traffic? {
        guard case .simulation(let scenario) = source else { return nil }
        return scenario.traffic.map {
            Lab.Scenario.Traffic(requestBytes: $0.requestBytes, replyBytes: $0.replyBytes, interval: $0.interval)
        }
    }
}
