import Kernel
import Profile
import Wire

extension TraceHeader {
    /// Writes the header as one JSON object, without a line break.
    package func write(to line: inout LineWriter) {
        line.object {
            $0.field("trace", Self.format)
            $0.field("program", program)
            switch source {
            case .node: $0.word("source", "node")
            case .simulation(let scenario):
                $0.word("source", "simulation")
                $0.object("scenario") { $0.scenario(scenario) }
            }
            $0.list("profiles", profiles) { profile, line in
                line.object {
                    $0.field("name", profile.name)
                    $0.field("path", profile.path)
                    $0.field("digest", profile.digest)
                    $0.field("text", profile.text)
                }
            }
            $0.list("networks", networks) { network, line in line.object { $0.network(network) } }
            $0.list("nodes", nodes) { node, line in line.object { $0.node(node) } }
        }
    }

    /// - Throws: for anything that is no header of this format.
    init(_ tree: JSONTree, line: Int) throws(TraceError) {
        guard case .number(let format) = tree["trace"] else {
            throw TraceError(
                .notATrace, line: line, "this is no trace: the first line of one is an object with a member 'trace'"
            )
        }
        guard format == String(Self.format) else {
            throw TraceError(
                .otherFormat, line: line,
                "the trace has format \(format), this program reads format \(Self.format): use the program that wrote it"
            )
        }
        let fields = try FieldReader(tree, line: line, what: "the header")
        program = try fields.text("program")
        switch try fields.text("source") {
        case "node": source = .node
        case "simulation": source = .simulation(try fields.object("scenario").scenario())
        case let word: throw TraceError(.unknownKind, line: line, "no source of a trace is called '\(word)'")
        }
        profiles = try fields.list("profiles") { item throws(TraceError) in
            Profile(
                name: try item.text("name"), path: try item.text("path"), digest: try item.text("digest"),
                text: try item.text("text")
            )
        }
        networks = try fields.list("networks") { item throws(TraceError) in try item.network() }
        nodes = try fields.list("nodes") { item throws(TraceError) in try item.node() }
        for node in nodes where !profiles.indices.contains(node.profile) || !networks.indices.contains(node.network) {
            throw TraceError(
                .badField, line: line, "node '\(node.name)' names a profile or a network that the header does not hold"
            )
        }
        var own = LineWriter()
        write(to: &own)
        try fields.check(isWrittenAs: own.bytes)
    }
}

extension FieldSink {
    /// What a network file says.
    mutating func network(_ network: NetworkView) {
        field("name", network.name)
        field("genesis_ms", network.genesis.milliseconds)
        field("slot_interval_ns", network.slotInterval)
        field("minimum_masternodes", network.minimumMasternodes)
        field("quorum", network.quorum.description)
        list("masternodes", network.masternodes) { member, line in
            line.object {
                $0.field("name", member.name)
                $0.field("identity", member.identity)
                if let endpoint = member.endpoint { $0.field("endpoint", endpoint) }
                if let name = member.hostName { $0.field("host_name", name.description) }
            }
        }
        list("bootstrap", network.bootstrap) { endpoint, line in line.object { $0.field("endpoint", endpoint) } }
        if !network.bootstrapNames.isEmpty {
            list("bootstrap_names", network.bootstrapNames) { name, line in
                line.object { $0.field("host_name", name.description) }
            }
        }
    }
}

extension LineWriter {
    fileprivate mutating func scenario(_ scenario: TraceHeader.Scenario) {
        field("name", scenario.name)
        field("seed", scenario.seed)
        guard let traffic = scenario.traffic else { return }
        object("traffic") {
            $0.field("request_bytes", traffic.requestBytes)
            $0.field("reply_bytes", traffic.replyBytes)
            $0.field("interval_ns", traffic.interval)
        }
    }

    fileprivate mutating func node(_ node: TraceHeader.Node) {
        field("name", node.name)
        field("identity", node.identity)
        field("endpoint", node.endpoint)
        field("connect_timeout_ns", node.connectTimeout)
        field("profile", node.profile)
        field("network", node.network)
    }
}

extension FieldReader {
    fileprivate func scenario() throws(TraceError) -> TraceHeader.Scenario {
        TraceHeader.Scenario(
            name: try text("name"), seed: try number("seed"),
            traffic: try optional("traffic") { name throws(TraceError) in
                let traffic = try object(name)
                return TraceHeader.Traffic(
                    requestBytes: try traffic.number("request_bytes", in: TraceBounds.load),
                    replyBytes: try traffic.number("reply_bytes", in: TraceBounds.load),
                    interval: try traffic.duration("interval_ns", in: TraceBounds.loadInterval)
                )
            }
        )
    }

    fileprivate func network() throws(TraceError) -> NetworkView {
        NetworkView(
            name: try text("name"), genesis: WallTime(milliseconds: try number("genesis_ms", in: TraceBounds.wall)),
            slotInterval: try duration("slot_interval_ns", in: TraceBounds.slot),
            minimumMasternodes: try number("minimum_masternodes", in: TraceBounds.masternodes),
            masternodes: try list("masternodes") { item throws(TraceError) in
                NetworkView.Masternode(
                    name: try item.text("name"), identity: try item.identity("identity"),
                    endpoint: try item.optional("endpoint") { name throws(TraceError) in try item.endpoint(name) },
                    hostName: try item.optional("host_name") { name throws(TraceError) in try item.hostName(name) }
                )
            },
            bootstrap: try list("bootstrap") { item throws(TraceError) in try item.endpoint("endpoint") },
            bootstrapNames: try optional("bootstrap_names") { name throws(TraceError) in
                try list(name) { item throws(TraceError) in try item.hostName("host_name") }
            } ?? [], quorum: try quorum("quorum")
        )
    }

    private func quorum(_ name: String) throws(TraceError) -> Quorum {
        guard let quorum = Quorum(try text(name)) else { throw bad(name, "a fraction such as 2/3") }
        return quorum
    }

    private func hostName(_ name: String) throws(TraceError) -> HostName {
        let text = try text(name)
        guard let hostName = HostName(text) else {
            throw TraceError(.badField, line: line, "'\(text)' is no host's name with a port")
        }
        return hostName
    }

    fileprivate func node() throws(TraceError) -> TraceHeader.Node {
        TraceHeader.Node(
            name: try text("name"), identity: try identity("identity"), endpoint: try endpoint("endpoint"),
            connectTimeout: try duration("connect_timeout_ns", in: TraceBounds.connectTimeout),
            profile: try number("profile"),
            network: try number("network")
        )
    }
}
