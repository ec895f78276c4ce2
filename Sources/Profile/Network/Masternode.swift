/// A masternode as the network file lists it.
public struct Masternode: Sendable, Hashable {
    /// For people; unique in its network.
    public var name: String
    /// The Ed25519 public key as 64 hexadecimal digits, lower case.
    public var identity: String
    /// An IPv4 or IPv6 address; nil, and the port with it, where the file does not say where it is.
    public var host: String?
    public var port: Int?

    public init(name: String, identity: String, host: String?, port: Int?) {
        self.name = name
        self.identity = identity
        self.host = host
        self.port = port
    }

    /// `1.2.3.4:24100` or `[2001:db8::1]:24100`; nil where the file does not say.
    public var endpoint: String? {
        guard let host, let port else { return nil }
        return AddressText.format(host: host, port: port)
    }
}
