import Kernel
import Links
import Profile
import Wire

/// What the two nodes of a pair are told.
package struct GlareSetup: Sendable, Hashable, CustomStringConvertible {
    /// How far the handshake goes. Both ends have the same: it is part of what two nodes of a network agree on.
    package enum Style: String, Sendable, CaseIterable {
        case ack
        case verdict
        case signed
    }

    /// How one end was told of the other.
    package enum Addressing: String, Sendable, CaseIterable {
        /// By identity and address.
        case named
        /// By an address alone.
        case bare
        /// By identity and address, and once more by a second address of the same node.
        case namedAndBare = "named-and-bare"
        /// By two addresses.
        case twoBare = "two-bare"
        /// Not at all: it only takes in.
        case none
    }

    package var style: Style
    /// The direction rule of each end.
    package var rules: [DirectionRule]
    package var addressing: [Addressing] = [.named, .named]
    /// Whether each end knows its own address; one that does not cannot compare addresses.
    package var knowsAddress = [true, true]
    package var passiveWait: Duration? = .seconds(3)
    package var outOfTurnDelay: Duration = .milliseconds(500)
    package var isMasternode = true
    /// The first word of each identity's key. Which of them wins a crossed dial follows from these.
    package var keys: [UInt64] = [1, 2]

    package init(style: Style, rules: [DirectionRule]) {
        self.style = style
        self.rules = rules
    }

    package func identity(_ host: Int) -> Identity { Identity(key: Bytes32(keys[host], 7, 7, 7)) }

    /// Addresses of the documentation range 192.0.2.0/24 (RFC 5737).
    func endpoint(_ host: Int, second: Bool = false) -> Endpoint {
        Endpoint(ip: IPAddress(version4: 0xc000_020a + UInt32(host) + (second ? 100 : 0)), port: 24_100)
    }

    /// Where the node itself takes its address to be.
    func ownEndpoint(_ host: Int) -> Endpoint {
        knowsAddress[host] ? endpoint(host) : Endpoint(ip: IPAddress(version4: 0), port: 24_100)
    }

    func wishes(of host: Int) -> [Wish] {
        let named = Wish(identity: identity(1 - host), endpoint: endpoint(1 - host), isMasternode: isMasternode)
        let bare = Wish(identity: nil, endpoint: endpoint(1 - host), isMasternode: isMasternode)
        let second = Wish(identity: nil, endpoint: endpoint(1 - host, second: true), isMasternode: isMasternode)
        return switch addressing[host] {
        case .named: [named]
        case .bare: [bare]
        case .namedAndBare: [named, second]
        case .twoBare: [bare, second]
        case .none: []
        }
    }

    /// Whether an end dials by its own rule, once it knows who the other is.
    func hasTurn(_ host: Int) -> Bool {
        rules[host].dials(
            from: DirectionRule.End(endpoint: ownEndpoint(host), identity: identity(host)),
            to: DirectionRule.End(endpoint: endpoint(1 - host), identity: identity(1 - host))
        )
    }

    /// Whether each end dials of its own accord, sooner or later.
    ///
    /// Where one does not, nothing but a detector at the other end can find a link dead that it still holds.
    var bothDial: Bool { passiveWait != nil && !addressing.contains(.none) }

    /// Options of `single-link` as this setup wants them.
    func options(of host: Int) throws -> Options {
        try Options.defaults(of: SingleLink.descriptor.spec.options)
            .setting("handshake", to: .string(style.rawValue))
            .setting("direction", to: .string(rules[host].rawValue))
            .setting("passive_wait", to: passiveWait.map { .duration($0) } ?? .none)
            .setting("out_of_turn_delay", to: .duration(outOfTurnDelay))
            // A probe changes nothing for the pair, and its hour would keep the pair from ever being quiet.
            .setting("probe_after", to: .none)
    }

    package var description: String {
        let ends = (0...1).map { host in
            "\(rules[host].rawValue), \(addressing[host].rawValue)\(knowsAddress[host] ? "" : ", own address unknown")"
        }
        let wait = passiveWait.map { "\($0.seconds) s" } ?? "unset"
        return
            "\(style.rawValue); A: \(ends[0]); B: \(ends[1]); passive_wait \(wait), out_of_turn_delay \(outOfTurnDelay.seconds) s, "
            + "\(isMasternode ? "masternodes" : "strangers"), keys \(keys[0]) \(keys[1])"
    }
}
