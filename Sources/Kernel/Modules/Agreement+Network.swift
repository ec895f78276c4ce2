import Crypto
import Profile
import Wire

/// One value that all nodes of a network must hold alike, as text that is the same on each of them.
public struct AgreedValue: Sendable, Hashable {
    /// `consensus.max_block_bytes`; 1 to 64 bytes of UTF-8, or it cannot be named to a peer that differs.
    public var name: String
    public var text: String

    public init(name: String, text: String) {
        self.name = name
        self.text = text
    }
}

extension AgreedValue {
    /// What a module adds: its name, and its options that are declared as agreed.
    init(role: Role, _ selection: ModuleSelection) {
        self.init(name: role.rawValue, text: selection.id)
    }

    static func values(role: Role, _ selection: ModuleSelection) -> [AgreedValue] {
        [AgreedValue(role: role, selection)]
            + selection.options.agreedValues.map { AgreedValue(name: "\(role.rawValue).\($0.key)", text: $0.text) }
    }
}

extension Agreement {
    /// What a node of this network with these modules holds.
    ///
    /// Names and addresses of masternodes are left out: nodes may see each other under different addresses. Who they are is
    /// left out where each node lists a part of them.
    package init(network: NetworkView, modules: [AgreedValue]) {
        let members = network.masternodes.map(\.identity.hex).joined(separator: ",")
        var agreed =
            [
                AgreedValue(name: "genesis", text: String(network.genesis.milliseconds)),
                AgreedValue(name: "slot_interval", text: String(network.slotInterval.nanoseconds)),
                AgreedValue(name: "quorum", text: "\(network.quorum)"),
                AgreedValue(name: "minimum_masternodes", text: String(network.minimumMasternodes)),
            ]
        if !network.isPartial { agreed.append(AgreedValue(name: "masternodes", text: members)) }
        agreed += modules
        var whole = SHA256()
        var values: [Value] = []
        for value in agreed {
            let digest = Self.hash(Array(value.text.utf8))
            let name = Array(value.name.utf8)
            withUnsafeBytes(of: UInt64(name.count).bigEndian) { whole.update(bufferPointer: $0) }
            whole.update(data: name)
            whole.update(data: digest.bytes)
            let isNameable = (1...Self.maximumNameBytes).contains(name.count)
            if isNameable, values.count < Self.maximumValues {
                values.append(Value(name: value.name, digest: digest.prefix64))
            }
        }
        self.init(digest: Self.bytes(of: whole.finalize()), values: values)
    }

    private static func hash(_ bytes: [UInt8]) -> Bytes32 { Self.bytes(of: SHA256.hash(data: bytes)) }

    private static func bytes(of digest: SHA256.Digest) -> Bytes32 {
        guard let bytes = Bytes32(Array(digest)) else { preconditionFailure("SHA-256 has 32 bytes") }
        return bytes
    }
}
