/// Who takes part in a network, and what all its members must agree on.
public struct NetworkDescription: Sendable, Hashable {
    public var name: String
    /// The time of slot 0: milliseconds since 1970, UTC.
    public var genesis: Int64
    /// The time between two blocks.
    public var slotInterval: Duration
    /// The share of masternodes that makes a block final.
    public var quorum: Quorum
    /// Fewer connected masternodes than this make no blocks.
    public var minimumMasternodes: Int
    public var masternodes: [Masternode]
    /// Where a node that knows nobody begins: endpoints.
    public var bootstrap: [String]

    public init(
        name: String, genesis: Int64, slotInterval: Duration, quorum: Quorum = .twoThirds, minimumMasternodes: Int,
        masternodes: [Masternode], bootstrap: [String] = []
    ) {
        self.name = name
        self.genesis = genesis
        self.slotInterval = slotInterval
        self.quorum = quorum
        self.minimumMasternodes = minimumMasternodes
        self.masternodes = masternodes
        self.bootstrap = bootstrap
    }

    /// The longest name of a network, in bytes of UTF-8: what a handshake carries.
    package static let maximumNameBytes = 64

    /// The keys of a network file. What all must agree on has no default: a member with another version of this
    /// program must not guess another one.
    public static let spec = OptionSpec(
        [
            .string("name", maxBytes: maximumNameBytes, "the name of the network; nodes of other networks are refused")
                .withExample("testnet"),
            .timestamp("genesis", "the time of the first slot"),
            .duration("slot_interval", in: .milliseconds(100) ... .seconds(86_400), "time between two blocks")
                .withExample("10m"),
            .string("quorum", maxBytes: 9, "the share of masternodes that makes a block final").withExample("2/3"),
            .integer("minimum_masternodes", in: 1...1_000, "fewer connected masternodes make no blocks")
                .withExample("3"),
            .list("masternodes", of: .record(masternodeSpec), count: 1...1_000, "the masternodes")
                .withExample("[{name: a, identity: …, host: 192.0.2.1, port: 24100}]"),
            .list(
                "bootstrap", of: .string(maxBytes: 260), default: [],
                "where a node that knows nobody begins: addresses or host names, each with its port; names want discovery "
                    + "'dns-seeds'"
            ),
        ],
        check: problems
    )

    private static let masternodeSpec = OptionSpec([
        .string("name", maxBytes: 64, "a name for people").withExample("alice"),
        .identity("identity", "the public key; 'keys show' prints it"),
        .optionalString(
            "host", maxBytes: 253,
            "the address that others dial, or a host's name where they run discovery 'dns-seeds'; left out, with the port, "
                + "where discovery 'gossip' has to find it"
        ).withExample("192.0.2.1"),
        .optionalInteger("port", in: 1...65_535, "the port that others dial").withExample("24100"),
    ])

    /// The rules that need more than one key. (Each message begins with the place it is about.)
    private static func problems(_ options: Options) -> [String] {
        var messages: [String] = []
        if Quorum(options.string("quorum")) == nil {
            messages.append("quorum: must be a fraction above 0 and up to 1, such as 2/3")
        }
        let nodes = options.records("masternodes").map(Masternode.init)
        messages += repeated(nodes.map(\.name), key: "name", nodes)
        messages += repeated(nodes.map(\.identity), key: "identity", nodes)
        // Names of hosts are the same in capitals, and with the dot of the root.
        messages += repeated(nodes.map { $0.endpoint?.lowercased().replacing(".:", with: ":") }, key: "host", nodes)
        for (index, node) in nodes.enumerated() {
            switch (node.host, node.port) {
            case (.some(let host), _) where AddressText.whyUndialable(host) != nil:
                messages.append("masternodes[\(index)].host: \(AddressText.whyUndialable(host) ?? "")")
            case (nil, .some): messages.append("masternodes[\(index)].port: a port without a host; give both or none")
            case (.some, nil): messages.append("masternodes[\(index)].host: a host without a port; give both or none")
            case (.some(let host), .some):
                if AddressText.address(host) == nil, !AddressText.isHostName(host) {
                    messages.append(
                        "masternodes[\(index)].host: '\(printable(host, limit: 80))' is neither an address nor a host's name"
                    )
                }
            case (nil, nil): break
            }
        }
        let minimum = options.integer("minimum_masternodes")
        if minimum > nodes.count {
            messages.append("minimum_masternodes: \(minimum) is more than the \(nodes.count) masternodes listed")
        }
        let bootstrap = options.strings("bootstrap").map(AddressText.canonical)
        for (index, endpoint) in bootstrap.enumerated() {
            if bootstrap[..<index].contains(endpoint) {
                messages.append("bootstrap[\(index)]: \(endpoint) is listed twice")
            }
            if let remedy = AddressText.dialRemedy(for: endpoint) { messages.append("bootstrap[\(index)]: \(remedy)") }
        }
        return messages
    }

    private static func repeated(_ values: [String?], key: String, _ nodes: [Masternode]) -> [String] {
        var messages: [String] = []
        var seen: [String: Int] = [:]
        for (index, value) in values.enumerated() {
            guard let value else { continue }
            if let first = seen[value] {
                let what = key == "host" ? "address" : key
                messages.append(
                    "masternodes[\(index)].\(key): the \(what) \(printable(value, limit: 80)) is already that of "
                        + "masternodes[\(first)] (\(printable(nodes[first].name)))"
                )
            } else {
                seen[value] = index
            }
        }
        return messages
    }
}

extension NetworkDescription {
    /// The typed description out of options that were checked against ``spec``; nil if the quorum is not a fraction.
    public init?(_ options: Options) {
        guard let quorum = Quorum(options.string("quorum")) else { return nil }
        self.init(
            name: options.string("name"),
            genesis: options.timestamp("genesis"),
            slotInterval: options.duration("slot_interval"),
            quorum: quorum,
            minimumMasternodes: options.integer("minimum_masternodes"),
            masternodes: options.records("masternodes").map(Masternode.init),
            bootstrap: options.strings("bootstrap").map(AddressText.canonical)
        )
    }

    /// Loads a network file. What it states of modules (`consensus`, `application`) is read with the profile that names the
    /// file, since only that knows the modules.
    public static func load(
        path: String, environment: [String: String] = [:], fileSystem: ProfileFileSystem = .real
    ) -> LoadOutcome<NetworkDescription> {
        let loader = DocumentLoader(environment: environment, fileSystem: fileSystem)
        return loader.load(path: path, spec: spec, what: "the network file", leavingOut: NetworkOverlay.roles)
            .map { NetworkDescription($0) }
    }

    /// Loads a network file from a text that is at hand.
    public static func load(
        text: String, name: String, environment: [String: String] = [:]
    ) -> LoadOutcome<NetworkDescription> {
        let loader = DocumentLoader(environment: environment)
        return loader.load(
            text: text, name: name, spec: spec, what: "the network file", leavingOut: NetworkOverlay.roles
        )
        .map { NetworkDescription($0) }
    }

    /// The network file that loads as this description.
    public func render() -> String {
        var lines = [
            "# Who takes part, and what all must agree on. The same file belongs on every node.",
            "name: \(ValueText.string(name))",
            "genesis: \(TimestampText.format(milliseconds: genesis))",
            "slot_interval: \(DurationText.format(slotInterval))",
            "quorum: \(quorum)",
            "minimum_masternodes: \(minimumMasternodes)",
            "masternodes:",
        ]
        for node in masternodes {
            lines += [
                "  - name: \(ValueText.string(node.name))",
                "    identity: \(ValueText.string(node.identity))",
            ]
            if let host = node.host, let port = node.port {
                lines += ["    host: \(ValueText.string(host))", "    port: \(port)"]
            }
        }
        if bootstrap.isEmpty {
            lines.append("bootstrap: []")
        } else {
            lines.append("bootstrap:")
            lines += bootstrap.map { "  - \(ValueText.string($0))" }
        }
        return lines.map { $0 + "\n" }.joined()
    }
}

extension Masternode {
    fileprivate init(_ options: Options) {
        self.init(
            name: options.string("name"),
            identity: options.string("identity"),
            host: options.optionalString("host").map { AddressText.address($0) ?? $0 },
            port: options.optionalInteger("port")
        )
    }
}
