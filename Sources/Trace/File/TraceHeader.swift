import Kernel
import Profile
import Wire

/// The first line of a trace: everything that its nodes are made from.
package struct TraceHeader: Sendable, Hashable {
    /// The form that this program writes and reads.
    package static let format = 2

    /// Name and version of the program that wrote it.
    package var program: String
    package var source: Source
    package var profiles: [Profile]
    package var networks: [NetworkView]
    /// In the order in which the digest counts them.
    package var nodes: [Node]

    /// Where the records come from.
    package enum Source: Sendable, Hashable {
        /// A run in virtual time; every signature is the simulator's.
        indirect case simulation(Scenario)
        /// A real node; its signatures are in the records.
        case node
    }

    /// What a simulated run was of.
    package struct Scenario: Sendable, Hashable {
        package var name: String
        package var seed: UInt64
        /// Declared load, in a module behind those of the profile; nil for none.
        package var traffic: Traffic?

        package init(name: String, seed: UInt64, traffic: Traffic?) {
            self.name = name
            self.seed = seed
            self.traffic = traffic
        }
    }

    /// Declared load.
    package struct Traffic: Sendable, Hashable {
        package var requestBytes: Int
        package var replyBytes: Int
        package var interval: Duration

        package init(requestBytes: Int, replyBytes: Int, interval: Duration) {
            self.requestBytes = requestBytes
            self.replyBytes = replyBytes
            self.interval = interval
        }
    }

    /// A profile with all its effective values.
    package struct Profile: Sendable, Hashable {
        package var name: String
        package var path: String
        /// SHA-256 of the effective values.
        package var digest: String
        /// A profile file that says everything; secrets are redacted.
        package var text: String

        package init(name: String, path: String, digest: String, text: String) {
            self.name = name
            self.path = path
            self.digest = digest
            self.text = text
        }

        /// A loaded profile under a name.
        package init(_ profile: EffectiveProfile, name: String) {
            self.init(
                name: name, path: profile.path, digest: sha256Hex(Array(profile.canonicalText().utf8)),
                text: profile.render(showProvenance: false, secretsRedacted: true)
            )
        }
    }

    /// One node.
    package struct Node: Sendable, Hashable {
        package var name: String
        package var identity: Identity
        /// Where peers are told to dial.
        package var endpoint: Endpoint
        package var connectTimeout: Duration
        /// Places in `profiles` and `networks`.
        package var profile: Int
        package var network: Int

        package init(
            name: String, identity: Identity, endpoint: Endpoint, connectTimeout: Duration, profile: Int, network: Int
        ) {
            self.name = name
            self.identity = identity
            self.endpoint = endpoint
            self.connectTimeout = connectTimeout
            self.profile = profile
            self.network = network
        }
    }

    package init(program: String, source: Source, profiles: [Profile], networks: [NetworkView], nodes: [Node]) {
        self.program = program
        self.source = source
        self.profiles = profiles
        self.networks = networks
        self.nodes = nodes
    }
}

/// The last line of a trace: without it the trace was cut off.
package struct TraceEnd: Sendable, Hashable {
    /// Lines between the first and this one.
    package var records: Int
    /// Digest of the run; nil where the records are only the end of one.
    package var digest: String?

    package init(records: Int, digest: String?) {
        self.records = records
        self.digest = digest
    }

    /// The whole line with its line break.
    ///
    /// - Parameter content: over every byte of the file that stands above.
    package func line(closing content: ByteDigest) -> [UInt8] {
        var line = LineWriter()
        line.object {
            $0.field("end", true)
            $0.field("records", records)
            if let digest { $0.field("digest", digest) }
        }
        let start = Array(line.bytes.dropLast())
        var check = content
        check.add(start)
        return start + ",\"check\":\"\(check.hex)\"}\n".utf8
    }
}
