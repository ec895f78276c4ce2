import Crypto
import Kernel
import Links
import Profile
import RPC
import Transport
import Wire

/// A profile, a network and a registry made into what a host runs.
struct Composition: Sendable {
    let profile: EffectiveProfile
    let network: NetworkView
    let registry: Registry

    /// Everything a host needs, made with the modules' real constructors.
    ///
    /// - Parameters:
    ///   - directory: the node's data directory.
    ///   - seed: from the system's entropy.
    /// - Throws: ``AssemblyError``.
    func hostConfiguration(
        privateKey: Curve25519.Signing.PrivateKey, directory: String, seed: UInt64,
        eventSink: @escaping @Sendable (Event, Instant, WallTime) -> Void
    ) throws -> HostConfiguration {
        let transport = try registry.transport(for: profile)
        let store = try registry.store(for: profile)
        return HostConfiguration(
            network: network, listen: transport.listen,
            advertised: advertised(for: privateKey.identity, transport),
            privateKey: privateKey, transport: transport,
            modules: { [registry, profile] in try registry.policies(for: profile) },
            store: { try store.open(directory) },
            seed: seed, eventSink: eventSink
        )
    }

    /// Where peers are told to dial: what the network file says of this node, else where it listens.
    func advertised(for identity: Identity, _ transport: TransportPort) -> Endpoint {
        network.masternode(identity)?.endpoint ?? transport.listen
    }

    /// The addresses that others may know this node by, whatever its identity is.
    func ownAddresses() throws -> ListedAddress {
        let listen = try registry.transport(for: profile).listen
        let gossip = profile.selections(role: Role.discovery.rawValue).first { $0.id == "gossip" }
        let advertised = gossip.map { $0.options.strings("advertise").compactMap { Endpoint($0) } } ?? []
        return ListedAddress(
            listen: listen, advertised: advertised,
            hostAddresses: listen.ip.isUnspecified ? ListedAddress.addressesOfHost() : []
        )
    }

    /// Where the outside may ask this node, in the profile's order.
    func servers() throws -> [RPCPort] { try registry.servers(for: profile) }

    /// The node's data directory: as the profile says, else beside it.
    var dataDirectory: DataDirectory {
        DataDirectory(path: profile.dataDirectory ?? Files.join(Files.folder(of: profile.path), "data"))
    }

    /// Everything about this node that an operator should know before it starts: `config check` and `run` both say it.
    ///
    /// - Parameter identity: nil where the node has no key yet.
    func warnings(at directory: DataDirectory, for identity: Identity?) throws -> [String] {
        let exposure = IdentityKeyFile.exposure(of: directory.keyFile).map { [$0] } ?? []
        return try exposure + placeWarnings(identity) + portWarnings()
    }

    /// RPC asks nobody who they are, unless a module says otherwise.
    private func portWarnings() throws -> [String] {
        try servers().compactMap { port in
            guard let listen = port.listen, !listen.ip.isLoopback else { return nil }
            return
                "rpc '\(port.module)' listens on \(listen), which other hosts can reach: use a loopback address, unless "
                + "something in front of it checks who asks"
        }
    }

    private func placeWarnings(_ identity: Identity?) throws -> [String] {
        let finders = profile.selections(role: Role.discovery.rawValue).map(\.id)
        let names = network.masternodes.count { $0.hostName != nil } + network.bootstrapNames.count
        guard let identity else { return nameWarnings(names, finders) }
        guard let member = network.masternode(identity) else {
            if let listed = try ownAddresses().masternode(in: network) {
                return [
                    "the network file has masternode '\(listed.name)' at this node's address with another identity "
                        + "(\(listed.identity.hex)); this node (\(identity.hex)) makes no blocks. Correct the network file, or "
                        + "put that masternode's key into the data directory"
                ]
            }
            return ["this node (\(identity.hex)) is not in the network file: it follows the chain and makes no blocks"]
        }
        let nameWarnings = nameWarnings(names, finders)
        guard nameWarnings.isEmpty else { return nameWarnings }
        guard let endpoint = member.endpoint else {
            return finders.contains("gossip") || member.hostName != nil
                ? []
                : ["the network file has no address for this node: nobody dials it unless discovery 'gossip' tells"]
        }
        let listen = try registry.transport(for: profile).listen
        if listen.port != 0, listen.port != endpoint.port {
            return ["the network file says port \(endpoint.port), but this node listens on \(listen)"]
        }
        return []
    }

    private func nameWarnings(_ names: Int, _ finders: [String]) -> [String] {
        names > 0 && !finders.contains("dns-seeds")
            ? ["the network file has \(names) host names, which only discovery 'dns-seeds' looks up"] : []
    }

    /// How the log explains a dial that is left to the other end.
    var dialRule: DialRule {
        guard let options = profile.selection(role: Role.links.rawValue)?.options, options.has("direction"),
            case .string(let word) = options.value("direction"), let rule = DirectionRule(rawValue: word)
        else { return .pair }
        return switch rule {
        case .lowerAddressText: .addressText(dialler: .lower)
        case .lowerAddress: .addressNumber(dialler: .lower)
        case .higherAddress: .addressNumber(dialler: .higher)
        case .none, .lowerIdentity, .pairHash: .pair
        }
    }
}
