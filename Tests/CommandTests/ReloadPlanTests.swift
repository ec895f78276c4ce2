import Kernel
import Profile
import Testing
import Wire

@testable import TimenodeCommands

@Suite("What a reload would do") struct ReloadPlanTests {
    private static let network = NetworkView(
        name: "n", genesis: WallTime(milliseconds: 0), slotInterval: .seconds(2), minimumMasternodes: 3,
        masternodes: [member(1), member(2)]
    )

    private static func member(_ number: UInt64, port: UInt16 = 24_100) -> NetworkView.Masternode {
        NetworkView.Masternode(
            name: "m\(number)", identity: Identity(key: Bytes32(number, 0, 0, 0)),
            endpoint: Endpoint(ip: IPAddress(version4: 0x7f00_0001), port: port)
        )
    }

    private func steps(_ overrides: String..., network: NetworkView = network) throws -> ReloadPlan {
        let directory = try TemporaryDirectory()
        let path = try directory.write(StandardProfile.text, to: "node.yaml")
        let loader = ProfileLoader(catalogue: Registry.standard.catalogue)
        let old = try #require(loader.load(path: path).value)
        let new = try #require(loader.load(path: path, overrides: overrides).value)
        return ReloadPlan(from: old, Self.network, to: new, network)
    }

    @Test("A profile that is as it was changes nothing")
    func unchanged() throws {
        let plan = try steps()
        #expect(plan.isEmpty)
        #expect(plan.obstacles.isEmpty)
    }

    @Test("A changed option is told with both values, and another liveness module with its name")
    func options() throws {
        let slots = try steps("modules.discovery.masternode-priority.interval=1m")
        #expect(slots.steps.map(\.text).contains("discovery 'masternode-priority': reconfigured (interval: 2m -> 1m)"))
        let liveness = try steps("modules.liveness.use=ping-pong")
        #expect(liveness.steps.map(\.text).contains("liveness 'layered': replaced by 'ping-pong'"))
        #expect(liveness.obstacles.isEmpty)
    }

    @Test("A store or a listening address that differs needs a restart, and says so")
    func restart() throws {
        let plan = try steps("modules.transport.tcp.listen=127.0.0.1:5000")
        #expect(plan.obstacles.count == 1)
        #expect(plan.obstacles[0].contains("127.0.0.1:5000): needs a restart"))
    }

    @Test("Masternodes that come, move, go or change their names are told; what all agree on cannot change")
    func masternodes() throws {
        let next = NetworkView(
            name: "n", genesis: WallTime(milliseconds: 0), slotInterval: .seconds(2), minimumMasternodes: 3,
            masternodes: [Self.member(2, port: 9), Self.member(3)]
        )
        #expect(
            try steps(network: next).steps.map(\.text).suffix(3) == [
                "masternode m2: reconfigured (127.0.0.1:24100 -> 127.0.0.1:9)", "masternode m3: added",
                "masternode m1: removed",
            ]
        )
        let named = NetworkView.Masternode(
            name: "second", identity: Self.member(2).identity, endpoint: nil, hostName: HostName("m2.example:24100")
        )
        let renamed = NetworkView(
            name: "n", genesis: WallTime(milliseconds: 0), slotInterval: .seconds(2), minimumMasternodes: 3,
            masternodes: [Self.member(1), named], bootstrapNames: [HostName("seed.example:24100")].compactMap { $0 }
        )
        #expect(
            try steps(network: renamed).steps.map(\.text).suffix(2) == [
                "masternode second: reconfigured (was m2, 127.0.0.1:24100 -> m2.example:24100)",
                "bootstrap: reconfigured ([] -> [seed.example:24100])",
            ]
        )
        var other = Self.network
        other.slotInterval = .seconds(3)
        #expect(try steps(network: other).obstacles.count == 1)
    }
}
