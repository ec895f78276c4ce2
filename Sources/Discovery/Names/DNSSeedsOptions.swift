import Kernel
import Profile
import Wire

/// The options of `dns-seeds`.
public struct DNSSeedsOptions: Sendable, Hashable {
    /// Hosts to begin with where nothing else leads anywhere.
    public var seeds: [HostName]
    /// With this many peers linked seeds are not asked for.
    public var enough: Int
    /// Time between two questions for one name.
    public var interval: Duration
    /// Time until the next question after one in vain; doubles each time, up to `interval`.
    public var retry: Duration
    /// Addresses that are kept of one name.
    public var addresses: Int

    /// Options as they are without a profile.
    public init(
        seeds: [HostName] = [], enough: Int = 8, interval: Duration = .seconds(1800), retry: Duration = .seconds(5),
        addresses: Int = 8
    ) {
        self.seeds = seeds
        self.enough = enough
        self.interval = interval
        self.retry = retry
        self.addresses = addresses
    }

    init(_ options: Options) {
        self.init(
            seeds: options.strings("seeds").compactMap { HostName($0) }, enough: options.integer("enough"),
            interval: options.duration("interval"), retry: options.duration("retry"),
            addresses: options.integer("addresses")
        )
    }

    static let spec = OptionSpec(
        [
            .list(
                "seeds", of: .string(maxBytes: 260), default: [], count: 0...16,
                "host names with a port, such as seed.example.org:24100, behind which nodes listen"
            ),
            .integer("enough", default: 8, in: 1...1000, "with this many peers linked seeds are not asked for"),
            .duration(
                "interval", default: .seconds(1800), in: .seconds(10) ... .seconds(86_400),
                "time between two questions for one name: addresses change"
            ),
            .duration(
                "retry", default: .seconds(5), in: .seconds(1) ... .seconds(3600),
                "time until the next question after one in vain; doubles each time, up to 'interval'"
            ),
            .integer("addresses", default: 8, in: 1...Resolution.mostAddresses, "addresses that are kept of one name"),
        ],
        check: { options in
            options.strings("seeds").enumerated().compactMap { index, text in
                HostName(text) == nil
                    ? "seeds[\(index)]: write a host's name and a port, such as seed.example.org:24100; an address belongs "
                        + "into 'bootstrap' of the network file"
                    : nil
            }
        }
    )
}

extension DNSSeeds {
    /// The module as registries know it.
    public static let descriptor = ModuleDescriptor(
        spec: ModuleSpec(
            role: Role.discovery.rawValue, id: "dns-seeds", version: "1", stability: .alpha,
            summary: "looks up the host names of the network file and of seeds, for both kinds of addresses",
            posture:
                "believes a resolver only as to where somebody may be dialled; whoever answers for a seed chooses the first "
                + "strangers a node meets",
            options: DNSSeedsOptions.spec
        ),
        factory: .discovery { DNSSeeds(options: DNSSeedsOptions($0)) }
    )
}
