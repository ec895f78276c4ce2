import Wire

@testable import Application

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
