import Kernel
import Wire

/// A status for services that are asked nothing of interest.
enum RPCFixture {
    static var status: NodeStatus {
        let network = NetworkView(
            name: "test", genesis: WallTime(milliseconds: 0), slotInterval: .seconds(1), minimumMasternodes: 1,
            masternodes: []
        )
        return NodeStatus(
            identity: Identity(key: .zero), address: Endpoint(ip: IPAddress(version4: 127 << 24 | 1), port: 1),
            version: "test", network: network,
            chain: ChainStatus(height: 0, hash: .genesis, activeMasternodes: 0), links: [],
            ledger: StatusLedger(network: network), now: .zero
        )
    }
}
