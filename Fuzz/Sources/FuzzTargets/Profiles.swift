import Application
import Consensus
import Discovery
import Kernel
import Links
import Liveness
import Store
import Transport
import Wire

@testable import Profile

extension FuzzTarget {
    /// A profile, against the modules that ship: it gives a value or at least one reason; what gave a value is printed,
    /// loads again as the same profile, and its modules can be made or say why not.
    static let profiles = FuzzTarget(
        name: "profiles",
        seeds: {
            [
                Seed(name: "least", bytes: Array(leastProfile.utf8)),
                Seed(name: "reference", bytes: Array("node: {data_dir: \"${env:NAME}\"}\n\(leastProfile)".utf8)),
            ]
        },
        run: { bytes in
            let (profile, session) = load(bytes)
            guard let profile, !session.hasErrors else {
                promise(!session.diagnostics().isEmpty, "no profile, and no reason why")
                for diagnostic in session.diagnostics() { _ = diagnostic.render() }
                return
            }
            _ = try? registry.policies(for: profile)
            _ = try? registry.transport(for: profile)
            _ = profile.render()
            let printed = profile.render(showProvenance: false, secretsRedacted: false)
            let (again, problems) = load(Array(printed.utf8))
            promise(
                again?.canonicalText() == profile.canonicalText(),
                "what is printed loads as another profile:\n\(printed)\(problems.diagnostics().map { $0.render() })"
            )
        }
    )

    private static func load(_ bytes: [UInt8]) -> (EffectiveProfile?, LoadSession) {
        let session = LoadSession(environment: ["NAME": "value"])
        let system = ProfileFileSystem(read: { _ in .failure(FileProblem(code: .missing, message: "no files here")) })
        let tree = ProfileTree(session: session, fileSystem: system).load(bytes: bytes, name: "input.yaml")
        return (
            tree.flatMap {
                ProfileDecoder(session: session, catalogue: catalogue).decode($0, path: "input.yaml")
            }, session
        )
    }

    private static let leastProfile = """
        modules:
          transport: {use: tcp}
          links: {use: single-link}
          discovery: {use: [peer-fill]}
          liveness: {use: none}
          consensus: {use: slot-leader}
          store: {use: memory}

        """

    /// The modules of the program, but for `http`, whose server is no part of what reads a profile.
    static let registry = Registry([
        TCPTransport.descriptor, TLSTransport.descriptor, SingleLink.descriptor, SplitRegistry.descriptor,
        MasternodePriority.descriptor, PeerFill.descriptor, StaticPeers.descriptor, Gossip.descriptor,
        PingPong.descriptor, TCPKeepalive.descriptor, Layered.descriptor, PhiAccrual.descriptor, Swim.descriptor,
        NoLiveness.descriptor, SlotLeader.descriptor, Traffic.descriptor, MemoryStore.descriptor, http,
    ])

    private static let catalogue = registry.catalogue

    private static let http = ModuleDescriptor(
        spec: ModuleSpec(
            role: Role.rpc.rawValue, id: "http", version: "1.0.0", stability: .beta, summary: "HTTP", posture: "none",
            options: OptionSpec([.endpoint("listen", default: "127.0.0.1:8332", "where the server listens")])
        ),
        factory: .rpc { options in
            RPCPort(module: "http", listen: Endpoint(options.endpoint("listen"))) { _, _ in
                throw NodeAPIError(.notSupported, "a stand-in")
            }
        }
    )
}
