import Kernel

@testable import Profile

extension FuzzTarget {
    /// A network file: a network or at least one reason; a network is printed and loads again as itself.
    static let networks = FuzzTarget(
        name: "networks",
        seeds: {
            let masternodes = (1...3).map { (number: UInt64) in
                Masternode(
                    name: "node \(number)", identity: Samples.identity(number).hex,
                    host: number == 3 ? nil : Samples.endpoint(UInt32(number)).ip.description,
                    port: number == 3 ? nil : 24_100
                )
            }
            let description = NetworkDescription(
                name: "test", genesis: 1_700_000_000_000, slotInterval: .seconds(600), minimumMasternodes: 3,
                masternodes: masternodes, bootstrap: ["192.0.2.9:24100", "[2001:db8::1]:24100"]
            )
            return [Seed(name: "network", bytes: Array(description.render().utf8))]
        },
        run: { bytes in
            let session = LoadSession(environment: [:])
            let reader = DocumentReader(session: session, fileSystem: .real)
            let options = reader.read(bytes: bytes, name: "input.yaml").flatMap {
                OptionDecoder(session: session).options(
                    NetworkDescription.spec, from: $0, owner: "the network file", at: .wholeFile("input.yaml")
                )
            }
            guard !session.hasErrors, let options else {
                promise(!session.diagnostics().isEmpty, "no network, and no reason why")
                for diagnostic in session.diagnostics() { _ = diagnostic.render() }
                return
            }
            guard let description = NetworkDescription(options) else { fatalError("options that were checked fail") }
            do {
                _ = try NetworkView(description)
            } catch {
                fatalError("what the loader takes, the node refuses: \(error)")
            }
            let again = NetworkDescription.load(text: description.render(), name: "input.yaml")
            promise(again.value == description, "what is printed loads as another network:\n\(description.render())")
        }
    )
}
