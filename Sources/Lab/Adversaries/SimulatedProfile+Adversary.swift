import Kernel
import Profile
import Trace

extension Registry {
    /// These modules and the laboratory's own, which no node can select.
    var withAdversary: Registry {
        module(.links, AdversaryLinks.descriptor.spec.id) == nil ? self + [AdversaryLinks.descriptor] : self
    }
}

extension SimulatedProfile {
    /// What an adversary runs among nodes of this profile: its own links module, over the same transport.
    func hostile(_ adversary: Adversary) -> SimulatedProfile {
        let text = adversary.profileText
        let registry = registry
        var hostile = self
        hostile.name = "adversary \(adversary.kind.rawValue)"
        hostile.path = "adversary.yaml"
        hostile.digest = sha256Hex(Array(text.utf8))
        hostile.traced = TraceHeader.Profile(
            name: hostile.name, path: hostile.path, digest: hostile.digest, text: text
        )
        hostile.makePolicies = { scenario in
            let outcome = ProfileLoader(catalogue: registry.catalogue).load(text: text, name: "adversary.yaml")
            guard let profile = outcome.value else { throw AdversaryError(diagnostics: outcome.renderedDiagnostics()) }
            var policies = try registry.policies(for: profile)
            if let traffic = scenario.traffic { try traffic.addModule(to: &policies) }
            return policies
        }
        return hostile
    }
}

/// A registry lacks a module that an adversary's node is made of beside its links.
struct AdversaryError: Error, CustomStringConvertible {
    let diagnostics: String
    var description: String { "an adversary cannot be made from these modules:\n\(diagnostics)" }
}

extension Adversary {
    /// A profile of the laboratory: a trace carries it, and a replay makes the adversary from it again.
    var profileText: String {
        let target = target.map { ", target: \(scalarText($0))" } ?? ""
        return """
            node: {network_file: ./network.yaml, data_dir: ./data}
            modules:
              transport: {use: tcp}
              links:
                use: adversary
                adversary: {kind: \(kind.rawValue), interval: \(interval.nanoseconds / 1_000_000)ms\(target)}
              discovery: {use: [masternode-priority]}
              liveness: {use: none}
              consensus: {use: slot-leader}
              store: {use: memory}

            """
    }
}
