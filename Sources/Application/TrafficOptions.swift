import Kernel
import Profile

/// The options of `traffic`.
public struct TrafficOptions: Sendable, Hashable {
    /// Bytes of padding in a request.
    public var request: Int
    /// Bytes of padding in an answer.
    public var reply: Int
    /// Time between two rounds.
    public var interval: Duration

    /// Options as they are without a profile.
    public init(request: Int = 1000, reply: Int = 1000, interval: Duration = .seconds(10)) {
        self.request = request
        self.reply = reply
        self.interval = interval
    }

    init(_ options: Options) {
        self.init(
            request: options.bytes("request"), reply: options.bytes("reply"), interval: options.duration("interval")
        )
    }

    // The largest padding leaves room for the rest of the frame below the channel's limit of 1 MiB.
    static let spec = OptionSpec([
        .bytes("request", default: 1000, in: 0...1_000_000, "padding of a request"),
        .bytes("reply", default: 1000, in: 0...1_000_000, "padding of an answer"),
        .duration(
            "interval", default: .seconds(10), in: .milliseconds(10) ... .seconds(3600), "time between two rounds"
        ),
    ])
}
