import Kernel
import Testing
import Wire

@testable import TimenodeCommands

@Suite("A node at a listed address") struct ListedAddressTests {
    private static let network = NetworkView(
        name: "test", genesis: WallTime(milliseconds: 0), slotInterval: .seconds(1), minimumMasternodes: 1,
        masternodes: [
            .init(name: "london", identity: Identity(key: Bytes32(1, 0, 0, 0)), endpoint: endpoint("192.0.2.10:24100")),
            .init(name: "nowhere", identity: Identity(key: Bytes32(2, 0, 0, 0)), endpoint: nil),
        ]
    )

    private static func endpoint(_ text: String) -> Endpoint? { Endpoint(text) }

    private func listed(_ listen: String, advertised: [String] = [], host: [String] = []) throws -> String? {
        let address = ListedAddress(
            listen: try #require(Endpoint(listen)), advertised: advertised.compactMap { Endpoint($0) },
            hostAddresses: host.compactMap { IPAddress($0) }
        )
        return address.masternode(in: Self.network)?.name
    }

    @Test("is known by where it listens, by the addresses of its host, and by what it tells others")
    func known() throws {
        #expect(try listed("192.0.2.10:24100") == "london")
        #expect(try listed("0.0.0.0:24100", host: ["127.0.0.1", "192.0.2.10"]) == "london")
        #expect(try listed("[::]:24100", host: ["192.0.2.10"]) == "london")
        #expect(try listed("10.0.0.5:24100", advertised: ["192.0.2.10:24100"]) == "london")
    }

    @Test("is not known by another port, another address, or an address that its host has and does not listen on")
    func unknown() throws {
        #expect(try listed("192.0.2.10:24101") == nil)
        #expect(try listed("192.0.2.11:24100", host: ["192.0.2.10"]) == nil)
        #expect(try listed("0.0.0.0:24100", host: ["192.0.2.11"]) == nil)
        #expect(try listed("0.0.0.0:24100") == nil)
    }

    @Test("this host has addresses, the loopback one among them")
    func host() {
        #expect(ListedAddress.addressesOfHost().contains(IPAddress(version4: 0x7f00_0001)))
    }

    @Test("run makes no new key there, says whose is missing, and leaves nothing behind")
    func refuses() async throws {
        let directory = try TemporaryDirectory()
        let net = directory.file("net")
        #expect(await CommandRun.of("testnet", "init", net, "--nodes", "2").status == 0)
        try Files.remove("\(net)/node1")
        let run = await CommandRun.of("run", "\(net)/node1.yaml")
        #expect(run.status == 1)
        #expect(run.errors.contains("the network file has masternode 'node1' at 127."))
        #expect(run.errors.contains("Is the data directory mounted?"))
        #expect(!Files.exists("\(net)/node1"))
    }
}
