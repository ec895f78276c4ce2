import Kernel
import Testing
import Wire

@testable import Transport

@Suite struct MasternodeSitesTests {
    private static func identity(_ number: UInt64) -> Identity { Identity(key: Bytes32(number, 0, 0, 0)) }
    private static func address(_ host: UInt32) -> IPAddress { IPAddress(version4: 10 << 24 | host) }

    private static func network(_ members: [(UInt64, UInt32?)]) -> NetworkView {
        NetworkView(
            name: "test", genesis: WallTime(milliseconds: 0), slotInterval: .seconds(2), minimumMasternodes: 1,
            masternodes: members.map { number, host in
                NetworkView.Masternode(
                    name: "m\(number)", identity: identity(number),
                    endpoint: host.map { Endpoint(ip: address($0), port: 24_100) }
                )
            }
        )
    }

    private static func known(_ sites: MasternodeSites) -> [UInt32] { (1...9).filter { sites.contains(address($0)) } }

    @Test("a masternode is known by the file's address, by that of its link and by the one that it is dialled at")
    func sources() {
        var sites = MasternodeSites(Self.network([(1, 1), (2, nil)]))
        #expect(Self.known(sites) == [1])
        sites.dials(Self.identity(2), at: Self.address(2))
        sites.learn(Self.identity(2), at: Self.address(3))
        sites.dials(Self.identity(8), at: Self.address(8))
        #expect(Self.known(sites) == [1, 2, 3])
        sites.dials(Self.identity(2), at: Self.address(4))
        #expect(Self.known(sites) == [1, 3, 4])
    }

    @Test("another network file counts at once; what was learnt of those who are in both stays")
    func adopted() {
        var sites = MasternodeSites(Self.network([(1, 1), (2, 2)]))
        sites.learn(Self.identity(1), at: Self.address(5))
        sites.learn(Self.identity(2), at: Self.address(6))
        sites.adopt(Self.network([(2, 7), (3, 8)]))
        #expect(Self.known(sites) == [6, 7, 8])
    }
}
