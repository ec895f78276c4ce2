import Wire

@testable import Discovery

// The module's messages, as tests write and read them.
extension Message {
    static func getAddresses(limit: UInt32) -> Message { Message(GossipMessage.getAddresses(limit: limit)) }

    static func addresses(_ records: [AddressRecord]) -> Message { Message(GossipMessage.addresses(records)) }

    var gossip: GossipMessage? {
        if case .module(let envelope) = self { envelope.value(as: GossipMessage.self) } else { nil }
    }
}
