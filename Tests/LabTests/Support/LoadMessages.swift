import Application
import Kernel
import Wire

// Declared load, as tests write and read it.
extension Message {
    static func request(id: UInt64, padding: UInt32) -> Message {
        Message(TrafficMessage.request(id: id, padding: padding))
    }

    static func reply(id: UInt64, padding: UInt32) -> Message {
        Message(TrafficMessage.reply(id: id, padding: padding))
    }

    /// The message as declared load, where it is that.
    var load: TrafficMessage? {
        if case .module(let envelope) = self { envelope.value(as: TrafficMessage.self) } else { nil }
    }
}

extension TrafficMessage {
    /// The number of a request; nil for a reply.
    var requestID: UInt64? { if case .request(let id, _) = self { id } else { nil } }
}

extension Effect {
    var sentLoad: TrafficMessage? { if case .send(_, let message) = self { message.load } else { nil } }

    var isRequest: Bool { sentLoad?.requestID != nil }
}

extension Input {
    var receivedLoad: TrafficMessage? { if case .received(_, let message) = self { message.load } else { nil } }
}
