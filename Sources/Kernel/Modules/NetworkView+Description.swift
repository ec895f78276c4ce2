import Profile
import Wire

/// Why a network file's content cannot be a network, although each value is well-formed.
public struct NetworkViewError: Error, Sendable, Hashable, CustomStringConvertible {
    public enum Code: String, Sendable, Hashable {
        case badIdentity = "bad-identity"
        case badAddress = "bad-address"
    }

    public let code: Code
    /// What is wrong and what to do.
    public let message: String

    public init(code: Code, message: String) {
        self.code = code
        self.message = message
    }

    public var description: String { message }
}

extension NetworkView {
    /// The network that a file describes.
    ///
    /// - Throws: ``NetworkViewError`` for a description that no loader has checked.
    public init(_ description: NetworkDescription) throws(NetworkViewError) {
        var masternodes: [Masternode] = []
        for entry in description.masternodes {
            guard let identity = Identity(hex: entry.identity) else {
                throw NetworkViewError(
                    code: .badIdentity,
                    message:
                        "masternode '\(entry.name)': an identity is 64 hexadecimal digits of a key that only its holder can sign for"
                )
            }
            let (endpoint, hostName) = (
                entry.endpoint.flatMap { Endpoint($0) }, entry.endpoint.flatMap { HostName($0) }
            )
            if let text = entry.endpoint, endpoint == nil, hostName == nil {
                throw NetworkViewError(
                    code: .badAddress, message: "masternode '\(entry.name)': '\(text)' is no address, and no name"
                )
            }
            masternodes.append(
                Masternode(name: entry.name, identity: identity, endpoint: endpoint, hostName: hostName)
            )
        }
        var bootstrap: [Endpoint] = []
        var bootstrapNames: [HostName] = []
        for text in description.bootstrap {
            if let endpoint = Endpoint(text) {
                bootstrap.append(endpoint)
            } else if let name = HostName(text) {
                bootstrapNames.append(name)
            } else {
                throw NetworkViewError(
                    code: .badAddress, message: "bootstrap '\(text)': write 192.0.2.1:24100 or seed.example.org:24100"
                )
            }
        }
        self.init(
            name: description.name, genesis: WallTime(milliseconds: description.genesis),
            slotInterval: description.slotInterval, minimumMasternodes: description.minimumMasternodes,
            masternodes: masternodes, bootstrap: bootstrap, bootstrapNames: bootstrapNames, quorum: description.quorum
        )
    }
}
