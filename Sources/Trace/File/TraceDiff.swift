/// Compares two traces: first what their runs were made from, then record by record.
package struct TraceDiff: Sendable {
    /// What the headers say differently and what counts.
    package private(set) var headers: [Field] = []
    /// Differences that say nothing about the run: who wrote the trace, where a profile lay.
    package private(set) var remarks: [Field] = []
    /// Records that are equal, before the first that is not.
    package private(set) var equalRecords = 0
    /// The last equal records.
    package private(set) var context: [TraceReader.Line] = []
    /// The first record that differs.
    package private(set) var divergence: Divergence?
    /// What the last lines say differently, of runs whose records are equal.
    package private(set) var ends: [Field] = []

    /// One field of both headers.
    package struct Field: Sendable, Hashable {
        package let name: String
        package let left: String
        package let right: String
    }

    /// The first records that differ; nil at the end of a trace.
    package struct Divergence: Sendable {
        package let left: TraceReader.Line?
        package let right: TraceReader.Line?
        /// Where in the record, when both have one.
        package let place: JSONTree.Difference?
    }

    /// Which trace an error is of.
    package struct Failure: Error, Sendable {
        package let isLeft: Bool
        package let error: TraceError
    }

    package var isEqual: Bool { headers.isEmpty && divergence == nil && ends.isEmpty }

    /// - Parameter lines: how many records before the first difference are kept.
    package init(_ left: inout TraceReader, _ right: inout TraceReader, context lines: Int) throws(Failure) {
        compareHeaders(left.header, right.header)
        try compareRecords(&left, &right, context: lines)
        // Damage further down is damage too.
        do throws(TraceError) { try left.readToEnd() } catch { throw Failure(isLeft: true, error: error) }
        do throws(TraceError) { try right.readToEnd() } catch { throw Failure(isLeft: false, error: error) }
        guard divergence == nil, left.end?.digest != right.end?.digest else { return }
        ends = [Field(name: "digest", left: left.end?.digest ?? "none", right: right.end?.digest ?? "none")]
    }

    private mutating func compareRecords(
        _ left: inout TraceReader, _ right: inout TraceReader, context lines: Int
    ) throws(Failure) {
        while divergence == nil {
            let (first, second) = (try Self.next(&left, isLeft: true), try Self.next(&right, isLeft: false))
            guard let first, let second else {
                if first != nil || second != nil {
                    divergence = Divergence(left: first, right: second, place: nil)
                }
                return
            }
            if let place = try Self.difference(first, second) {
                divergence = Divergence(left: first, right: second, place: place)
                return
            }
            equalRecords += 1
            context.append(first)
            if context.count > lines { context.removeFirst() }
        }
    }

    private static func next(_ reader: inout TraceReader, isLeft: Bool) throws(Failure) -> TraceReader.Line? {
        do throws(TraceError) { return try reader.next() } catch { throw Failure(isLeft: isLeft, error: error) }
    }

    /// Equal bytes are equal; where they are not, spaces and the order of members do not count.
    private static func difference(
        _ left: TraceReader.Line, _ right: TraceReader.Line
    ) throws(Failure) -> JSONTree.Difference? {
        if left.bytes == right.bytes { return nil }
        let first: JSONTree
        do throws(TraceError) { first = try TraceReader.tree(left) } catch {
            throw Failure(isLeft: true, error: error)
        }
        do throws(TraceError) { return first.difference(from: try TraceReader.tree(right)) } catch {
            throw Failure(isLeft: false, error: error)
        }
    }

    private mutating func compareHeaders(_ left: TraceHeader, _ right: TraceHeader) {
        let (first, second) = (left.summary, right.summary)
        for index in 0..<max(first.count, second.count) {
            let one = index < first.count ? first[index] : nil
            let other = index < second.count ? second[index] : nil
            guard one?.value != other?.value || one?.name != other?.name else { continue }
            let field = Field(
                name: one?.name ?? other?.name ?? "", left: one?.value ?? "nothing", right: other?.value ?? "nothing"
            )
            if one?.counts ?? other?.counts ?? true { headers.append(field) } else { remarks.append(field) }
        }
        for (one, other) in zip(left.profiles, right.profiles) where one.text != other.text {
            compareTexts(one, other)
        }
        // Also what no node of the trace uses.
        guard headers.isEmpty, remarks.isEmpty, let place = Self.difference(left, right) else { return }
        headers.append(
            Field(name: place.path, left: place.left ?? "nothing", right: place.right ?? "nothing")
        )
    }

    private static func difference(_ left: TraceHeader, _ right: TraceHeader) -> JSONTree.Difference? {
        let trees = [left, right].map { header -> JSONTree? in
            var line = LineWriter()
            header.write(to: &line)
            return try? JSONParser.tree(line.bytes)
        }
        guard let first = trees[0], let second = trees[1] else { return nil }
        return first.difference(from: second)
    }

    /// The lines that one profile has and the other lacks.
    private mutating func compareTexts(_ left: TraceHeader.Profile, _ right: TraceHeader.Profile) {
        let (first, second) = (Self.lines(left.text), Self.lines(right.text))
        for change in second.difference(from: first) {
            switch change {
            case .remove(_, let line, _):
                headers.append(Field(name: "profile \(left.name)", left: line, right: "nothing"))
            case .insert(_, let line, _):
                headers.append(Field(name: "profile \(left.name)", left: "nothing", right: line))
            }
        }
    }

    private static func lines(_ text: String) -> [String] {
        text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }
}

extension TraceHeader {
    /// The header as named values in a fixed order, and whether a difference counts.
    fileprivate var summary: [(name: String, value: String, counts: Bool)] {
        var fields: [(name: String, value: String, counts: Bool)] = [("program", program, false)]
        switch source {
        case .node: fields.append(("source", "node", true))
        case .simulation(let scenario):
            fields.append(("source", "simulation", true))
            fields.append(("scenario", scenario.name, true))
            fields.append(("seed", String(scenario.seed), true))
            fields.append(("traffic", scenario.traffic.map { "\($0)" } ?? "none", true))
        }
        for (index, profile) in profiles.enumerated() {
            fields.append(("profile \(index) name", profile.name, false))
            fields.append(("profile \(index) path", profile.path, false))
            fields.append(("profile \(index) digest", profile.digest, true))
        }
        for node in nodes {
            let name = "node \(node.name)"
            fields.append(("\(name) identity", node.identity.hex, true))
            fields.append(("\(name) endpoint", node.endpoint.description, true))
            fields.append(("\(name) connect timeout", "\(node.connectTimeout)", true))
            fields.append(("\(name) profile", String(node.profile), true))
            fields.append(("\(name) network", network(node.network), true))
        }
        return fields
    }

    private func network(_ index: Int) -> String {
        let network = networks[index]
        return "\(network.name): genesis \(network.genesis.milliseconds), slots of \(network.slotInterval), at least "
            + "\(network.minimumMasternodes) masternodes of "
            + network.masternodes.map {
                "\($0.name) \($0.identity) \($0.endpoint?.description ?? $0.hostName?.description ?? "unknown")"
            }.joined(
                separator: ", ")
            + (network.bootstrap.isEmpty ? "" : "; bootstrap \(network.bootstrap)")
            + (network.bootstrapNames.isEmpty ? "" : "; bootstrap names \(network.bootstrapNames)")
    }
}
