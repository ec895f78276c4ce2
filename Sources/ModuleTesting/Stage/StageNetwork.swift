import Kernel
import Wire

/// Who is there (addresses of the documentation range, RFC 5737).
enum StageNetwork {
    static func endpoint(_ index: Int) -> Endpoint {
        Endpoint(ip: IPAddress(version4: 0xc000_0201 + UInt32(index)), port: 24_100)
    }

    static func identity(_ index: Int) -> Identity {
        var stream = RandomStream(seed: 1, name: "identity \(index)")
        return Identity(key: Bytes32(stream.next(), stream.next(), stream.next(), stream.next()))
    }

    /// The first of its members are nodes of the stage, the others are only names.
    static let view = NetworkView(
        name: "stage", genesis: WallTime(milliseconds: 1_765_929_600_000), slotInterval: .seconds(10),
        minimumMasternodes: 2,
        masternodes: (0..<8).map { index in
            NetworkView.Masternode(name: "n\(index)", identity: identity(index), endpoint: endpoint(index))
        },
        // Members, this node included, and strangers.
        bootstrap: (0..<3).map(endpoint) + (20..<24).map(endpoint)
    )

    /// A wall clock that is right, `now` nanoseconds after the start.
    static func wall(at now: Int64) -> WallTime {
        WallTime(milliseconds: view.genesis.milliseconds + now / 1_000_000)
    }
}
