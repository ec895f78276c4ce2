import Profile
import Testing

/// What is printed is read back as the same thing, for values nobody would think of.
@Suite("Printing and reading back")
struct RoundTripTests {
    @Test("any profile that 'render' prints loads as the same profile", arguments: 0..<300)
    func profiles(seed: Int) throws {
        var values = ValueGenerator(seed: UInt64(seed))
        let catalogue = SmallCatalogue.catalogue
        let text = values.profile(catalogue)
        let loader = ProfileLoader(catalogue: catalogue)
        let first = loader.load(text: text, name: "node.yaml")
        let profile = try #require(first.value, "\(text)\n\(first.renderedDiagnostics())")
        for shows in [true, false] {
            let printed = profile.render(showProvenance: shows, secretsRedacted: false)
            let second = loader.load(text: printed, name: "node.yaml")
            let again = try #require(second.value, "\(printed)\n\(second.renderedDiagnostics())")
            #expect(again.canonicalText() == profile.canonicalText())
            #expect(again.modules == profile.modules)
            #expect(again.inactive == profile.inactive)
            #expect(again.node == profile.node)
        }
    }

    @Test("secrets are neither printed nor in the text for a digest")
    func secrets() throws {
        let text = """
            modules:
              links: {use: single-link}
              discovery: {use: [peer-fill]}
              liveness: {use: ping-pong}
              consensus: {use: slot-leader}
              transport: {use: tls}
              store: {use: memory}
              rpc: {use: http, http: {token: hunter2}}
            """
        let outcome = ProfileLoader(catalogue: SmallCatalogue.catalogue).load(text: text, name: "node.yaml")
        let profile = try #require(outcome.value)
        #expect(!profile.render().contains("hunter2"))
        #expect(profile.render().contains("token: <redacted>"))
        #expect(!profile.canonicalText().contains("hunter2"))
        #expect(profile.render(secretsRedacted: false).contains("token: hunter2"))
        let override = "modules.rpc.http={token: hunter3}"
        let other = ProfileLoader(catalogue: SmallCatalogue.catalogue)
            .load(text: text, name: "node.yaml", overrides: [override])
        #expect(try !#require(other.value).render().contains("hunter3"))
        #expect(try !String(describing: #require(other.value).modules).contains("hunter3"))
    }

    @Test("a new profile loads without a problem, with every choice of modules")
    func scaffolds() {
        let catalogue = SmallCatalogue.catalogue
        for role in catalogue.roles {
            for module in catalogue.modules(role: role.name) where module.stability != .deprecated {
                let text = scaffold(catalogue: catalogue, selections: [role.name: [module.id]])
                let outcome = ProfileLoader(catalogue: catalogue).load(text: text, name: "node.yaml")
                #expect(outcome.renderedDiagnostics() == "", "\(text)")
                #expect(outcome.value?.selection(role: role.name)?.id == module.id)
            }
        }
    }

    @Test("a network file that is printed loads as the same network", arguments: 0..<50)
    func networks(seed: Int) throws {
        var values = ValueGenerator(seed: UInt64(seed))
        let count = values.integer(in: 1...9)
        let nodes = (0..<count).map { index in
            Masternode(
                name: "\(index)" + values.text(maxBytes: 20), identity: values.identity(),
                host: [nil, "192.0.2.\(index + 1)", "2001:db8::\(index)"][index % 3],
                port: index % 3 == 0 ? nil : 24_100
            )
        }
        let network = NetworkDescription(
            name: values.text(maxBytes: 60), genesis: Int64(values.integer(in: 0...4_000_000_000_000)),
            slotInterval: .milliseconds(values.integer(in: 100...86_400_000)), minimumMasternodes: 1,
            masternodes: nodes, bootstrap: nodes.compactMap(\.endpoint)
        )
        let outcome = NetworkDescription.load(text: network.render(), name: "network.yaml")
        #expect(outcome.value == network, "\(network.render())\n\(outcome.renderedDiagnostics())")
    }
}
