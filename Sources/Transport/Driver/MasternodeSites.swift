import Kernel
import Wire

/// From which addresses masternodes come: those of the network file, the one that each had a link from last, and the one
/// that it was dialled at last, which may come from a name or from gossip.
///
/// An address is no proof; it only decides who is served first while there is a flood.
struct MasternodeSites {
    private var network: NetworkView
    /// Look-up only, as is `all`.
    private var learnt: [Identity: IPAddress] = [:]
    private var dialled: [Identity: IPAddress] = [:]
    private var all: Set<IPAddress>

    init(_ network: NetworkView) {
        self.network = network
        all = []
        gather()
    }

    /// Goes over to another network file; what was learnt of those who are in it stays.
    mutating func adopt(_ network: NetworkView) {
        self.network = network
        learnt = learnt.filter { network.masternode($0.key) != nil }
        dialled = dialled.filter { network.masternode($0.key) != nil }
        gather()
    }

    func contains(_ address: IPAddress) -> Bool { all.contains(address.site) }

    /// A link with `identity` is up: what the links policy believes, and proves under the handshake style `signed`.
    mutating func learn(_ identity: Identity, at address: IPAddress) {
        guard network.masternode(identity) != nil, learnt[identity] != address.site else { return }
        learnt[identity] = address.site
        gather()
    }

    /// `identity` is dialled at this address.
    mutating func dials(_ identity: Identity, at address: IPAddress) {
        guard network.masternode(identity) != nil, dialled[identity] != address.site else { return }
        dialled[identity] = address.site
        gather()
    }

    private mutating func gather() {
        all = Set(network.masternodes.compactMap { $0.endpoint?.ip.site })
        all.formUnion(learnt.values)
        all.formUnion(dialled.values)
    }
}
