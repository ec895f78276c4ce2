import Profile
import Testing

@Suite("What a network file says of modules")
struct NetworkOverlayTests {
    private static let catalogue = Catalogue(
        roles: [
            RoleSpec(name: "consensus", isList: false, isRequired: true, summary: "who makes blocks"),
            RoleSpec(name: "application", isList: true, isRequired: false, summary: "what a block means"),
        ],
        modules: [
            module(
                "consensus", "slot-leader",
                [
                    .bytes("max_block_bytes", default: 1 << 20, in: 1024...4_000_000, "the largest block").agreed(),
                    .integer("window", default: 256, in: 16...4096, "blocks in memory"),
                ]),
            module("consensus", "votes", []),
            module("application", "ledger", [.integer("supply", default: 7, in: 1...100, "coins").agreed()]),
        ]
    )

    private static func module(_ role: String, _ id: String, _ options: [OptionField]) -> ModuleSpec {
        ModuleSpec(
            role: role, id: id, version: "1", stability: .stable, summary: "it", posture: "trusts nobody",
            options: OptionSpec(options)
        )
    }

    private static let network = """
        name: testnet
        genesis: 2025-12-17T00:00:00Z
        slot_interval: 10m
        quorum: 2/3
        minimum_masternodes: 1
        masternodes: [{name: a, identity: \(String(repeating: "a", count: 64))}]

        """

    private func load(
        modules: String, network: String, overrides: [String] = []
    ) -> LoadOutcome<EffectiveProfile> {
        let files = [
            "node.yaml": "node: {network_file: etc/network.yaml}\nmodules:\n  \(modules)\n",
            "etc/network.yaml": Self.network + network,
        ]
        let system = ProfileFileSystem(read: { path in
            files[path].map { .success(Array($0.utf8)) }
                ?? .failure(FileProblem(code: .missing, message: "there is no such file"))
        })
        return ProfileLoader(catalogue: Self.catalogue, fileSystem: system).load(
            path: "node.yaml", overrides: overrides)
    }

    private static let block = "consensus: {use: slot-leader, slot-leader: {max_block_bytes: 2KiB}}"

    @Test("an option that the profile leaves at its default takes the network's value, and says where it is from")
    func override() throws {
        let outcome = load(modules: "consensus: {use: slot-leader, slot-leader: {window: 32}}", network: Self.block)
        let options = try #require(
            outcome.value?.selection(role: "consensus")?.options, "\(outcome.renderedDiagnostics())")
        #expect(options.bytes("max_block_bytes") == 2048)
        #expect(options.integer("window") == 32)
        #expect(options.provenance(of: "max_block_bytes").inWords == "etc/network.yaml:7")
        #expect(options.agreedValues.map(\.text) == ["2KiB"])
    }

    @Test("a profile that states the same value, however it writes it, is taken")
    func same() {
        let outcome = load(
            modules: "consensus: {use: slot-leader, slot-leader: {max_block_bytes: 2048B}}", network: Self.block)
        #expect(outcome.diagnostics.isEmpty)
    }

    @Test("a profile, or an override, that states another value is refused where it states it")
    func otherValue() {
        let stated = load(
            modules: "consensus: {use: slot-leader, slot-leader: {max_block_bytes: 1MiB}}", network: Self.block)
        #expect(stated.value == nil)
        #expect(stated.diagnostics.map(\.location?.file) == ["node.yaml"])
        #expect(
            stated.diagnostics.first?.message.contains("'max_block_bytes' of consensus 'slot-leader' is 2KiB") == true)
        let overridden = load(
            modules: "consensus: {use: slot-leader}", network: Self.block,
            overrides: ["modules.consensus.slot-leader.max_block_bytes=1MiB"])
        #expect(overridden.value == nil)
        #expect(overridden.diagnostics.count == 1)
    }

    @Test("a profile with another module is refused, and told which one the network has")
    func otherModule() {
        let outcome = load(modules: "consensus: {use: votes}", network: Self.block)
        #expect(outcome.value == nil)
        #expect(outcome.diagnostics.map(\.location?.line) == [3])
        #expect(outcome.renderedDiagnostics().contains("write 'slot-leader'"))
    }

    @Test("a profile that says nothing of the application gets the network's")
    func application() throws {
        let outcome = load(
            modules: "consensus: {use: votes}", network: "application: {use: [ledger], ledger: {supply: 9}}")
        let ledger = try #require(outcome.value?.selection(role: "application"))
        #expect(ledger.id == "ledger" && ledger.options.integer("supply") == 9)
    }

    @Test("an option that is each node's own matter has no place in a network file")
    func notAgreed() {
        let outcome = load(
            modules: "consensus: {use: slot-leader}",
            network: "consensus: {use: slot-leader, slot-leader: {window: 32}}")
        #expect(outcome.value == nil)
        #expect(outcome.diagnostics.map(\.location?.file) == ["etc/network.yaml"])
    }

    @Test("a mistake in what the network file states is reported at its line there")
    func mistake() {
        let outcome = load(
            modules: "consensus: {use: slot-leader}", network: "consensus: {use: slot-leader, slotleader: {}}")
        #expect(outcome.diagnostics.first?.location?.file == "etc/network.yaml")
        #expect(outcome.diagnostics.first?.location?.line == 7)
    }

    @Test("the network file itself loads with these keys, and without its profile they are not judged")
    func networkFile() throws {
        let outcome = NetworkDescription.load(text: Self.network + Self.block, name: "network.yaml")
        #expect(try #require(outcome.value).name == "testnet")
    }

    @Test("without a network file, or with a broken one, the profile stands alone")
    func noFile() throws {
        #expect(load(modules: "consensus: {use: votes}", network: "  broken: [").value != nil)
        let alone = ProfileLoader(catalogue: Self.catalogue).load(
            text: "node: {network_file: /nowhere/network.yaml}\nmodules: {consensus: {use: votes}}", name: "node.yaml")
        #expect(alone.diagnostics.isEmpty)
    }
}
