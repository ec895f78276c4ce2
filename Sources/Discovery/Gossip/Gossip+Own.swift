import Kernel
import Wire

// Our own record.
extension Gossip {
    /// Between two records of ours, however often somebody else signs with our key.
    private static let shortestAge: Duration = .seconds(30)

    /// Signs a new record and tells every peer.
    mutating func renew(_ context: inout Context) {
        let endpoints = ownEndpoints(context)
        guard !endpoints.isEmpty else {
            if state.renewedAt == nil || state.own != nil {
                context.note(
                    .warning,
                    "discovery gossip: \(context.endpoint) is no address to tell others: set 'advertise' to what they "
                        + "should dial"
                )
            }
            // What was told before nobody can take back: it expires.
            state.own = nil
            state.renewedAt = context.now
            context.cancel(Timer.renew)
            return
        }
        let wall = context.wall.milliseconds
        // A clock that was set back must not make us say less than before.
        let next = state.sequence == .max ? .max : state.sequence + 1
        state.sequence = max(UInt64(clamping: wall), next)
        var record = AddressRecord(
            network: context.network.name, identity: context.identity, endpoints: endpoints, sequence: state.sequence,
            expires: wall + options.lifetime.nanoseconds / 1_000_000, signature: .none
        )
        record.signature = context.sign(record.signedBytes)
        state.own = record
        state.renewedAt = context.now
        state.isHeadUnsaved = true
        saveSoon(&context)
        let message = Message(Messages.addresses([record]))
        for link in state.peers.keys { context.send(message, over: link) }
        context.schedule(Timer.renew, after: options.lifetime / 4)
    }

    /// A wall clock that was set, or a machine that slept, can leave our record expired, or too far ahead, for everybody
    /// else, long before its next renewal.
    mutating func renewIfClockMoved(_ context: inout Context) {
        guard let own = state.own, let renewedAt = state.renewedAt, context.now - renewedAt >= Self.shortestAge else {
            return
        }
        let wall = context.wall.milliseconds
        let lifetime = options.lifetime.nanoseconds / 1_000_000
        if own.expires < wall + lifetime / 2 || own.expires > wall + lifetime + 120_000 { renew(&context) }
    }

    /// Whoever should dial us elsewhere than before is told at once.
    mutating func renewIfMoved(_ context: inout Context) {
        if ownEndpoints(context) != state.own?.endpoints ?? [] { renew(&context) }
    }

    private func ownEndpoints(_ context: borrowing Context) -> [Endpoint] {
        let endpoints = options.advertise.isEmpty ? [context.endpoint] : options.advertise
        return endpoints.filter { $0.isDialable && (options.privateAddresses || !$0.ip.isPrivate) }
    }

    /// A record under our key is about that we did not make in this run: from before a crash, or of a copy of this node.
    /// We top it, as a router does with its own old announcements (RFC 2328, 13.4), but not without end.
    mutating func supersede(_ record: AddressRecord, _ context: inout Context) {
        guard state.own != nil, record.sequence >= state.sequence, record != state.own, record.sequence < .max else {
            return
        }
        state.sequence = record.sequence
        let due = (state.renewedAt ?? context.now) + Self.shortestAge
        if due <= context.now { renew(&context) } else { context.schedule(Timer.renew, at: due) }
    }
}
