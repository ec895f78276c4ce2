import Kernel
import Wire

extension SingleLink {
    /// Adds to `hash` everything that this policy's conduct from here on depends on, among honest peers, and nothing
    /// that merely differs: two nodes that got here by different ways are the same.
    ///
    /// Times count from now, and a moment that has passed is one moment. Links have the caller's names. Left out are
    /// nonces and what is signed (whoever is honest signs what was said), what was wished for, which the caller knows,
    /// and what counts only for strangers or where there are too many: the order of handshakes, round trips, merit,
    /// points, meters.
    ///
    /// - Parameters:
    ///   - now: the node's clock.
    ///   - name: a name for a link that does not depend on how it was reached.
    package func addCanonical(at now: Instant, to hash: inout CanonicalHash, name: (LinkID) -> UInt64) {
        hash.add(state.peers.count)
        for peer in state.peers { add(peer, now, to: &hash, name) }
        hash.add(state.handshakes.underWay.count)
        for (name, (link, handshake)) in sorted(state.handshakes.underWay.map { (name($0), ($0, $1)) }) {
            hash.add(name)
            for peer in state.peers { hash.add(peer.incarnationSince.map { link <= $0 } ?? false) }
            hash.add(handshake.name)
            hash.add(state.handshakes.hasTold(link))
            hash.add(handshake.place ?? -1)
            hash.add(handshake.party == nil)
            guard let claim = handshake.party?.claim else { continue }
            hash.add(claim.identity.key.prefix64)
            hash.add(claim.incarnation)
            hash.add(
                handshake.place.flatMap { state.peers[$0].process }.map { isOlder(claim.process, than: $0) } ?? false)
            hash.add(claim.dialSequence)
            hash.add(claim.endedSequence)
            hash.add(Self.word(of: claim.listen))
        }
        hash.add(state.handshakes.checks.count)
        for (link, _) in sorted(state.handshakes.checks.map { (name($1), ()) }) { hash.add(link) }
        hash.add(state.peers.named.count)
        for (place, identity) in sorted(state.peers.named.map { (UInt64($0.place), $0.identity) }) {
            hash.add(place)
            hash.add(identity.key.prefix64)
        }
    }

    private func add(_ peer: Peer, _ now: Instant, to hash: inout CanonicalHash, _ name: (LinkID) -> UInt64) {
        hash.add(peer.identity?.key.prefix64)
        hash.add(peer.endpoint.map { Self.word(of: $0) })
        hash.add(peer.isWanted)
        hash.add(peer.isMasternode)
        hash.add(peer.up == nil)
        if let up = peer.up {
            hash.add(name(up.link))
            hash.add(up.direction == .dialled)
            hash.add(up.sequence)
            // A link is young or it is not.
            hash.add(UInt64(max(0, (options.stableAfter - (now - up.since)).nanoseconds)))
        }
        hash.add(peer.dialling == nil)
        if let dialling = peer.dialling {
            hash.add(name(dialling.link))
            hash.add(dialling.sequence)
            hash.add(dialling.isGreeted)
        }
        hash.add(peer.dialSequence)
        hash.add(peer.endedSequence)
        hash.add(peer.incarnation)
        hash.add(peer.formerProcesses.count)
        for former in peer.formerProcesses {
            hash.add(former.process.incarnation)
            hash.add(former.endedSequence)
            hash.add(peer.process.map { isOlder(former.process, than: $0) } ?? false)
        }
        hash.add(peer.failures)
        hash.add(peer.refusals)
        hash.add(UInt64(max(0, (peer.notBefore - now).nanoseconds)))
        hash.add(peer.waitingSince.map { UInt64(max(0, ($0 + (options.passiveWait ?? .zero) - now).nanoseconds)) })
    }

    /// What statements say counts by its order alone.
    private func isOlder(_ process: PeerProcess, than other: PeerProcess) -> Bool {
        process.isOlder(than: other, wasKnownFirst: true)
    }

    private func sorted<Value>(_ pairs: [(UInt64, Value)]) -> [(UInt64, Value)] {
        pairs.count < 2 ? pairs : pairs.sorted { $0.0 < $1.0 }
    }

    private static func word(of endpoint: Endpoint) -> UInt64 {
        UInt64(endpoint.ip.prefix32) << 16 | UInt64(endpoint.port)
    }
}
