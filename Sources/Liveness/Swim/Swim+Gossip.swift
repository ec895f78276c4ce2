import Kernel
import Wire

// What is passed on: on the back of other messages, each claim a bounded number of times.

extension Swim {
    /// A claim that is passed on.
    struct Rumour: Codable, Sendable {
        var claim: SwimClaim
        var transmissions = 0
    }

    /// Claims that are passed on at a time; beyond them the oldest goes.
    static let mostRumours = 64

    /// Passes a claim on, in place of what it outdates.
    mutating func spread(_ claim: SwimClaim) {
        state.rumours.removeAll { old in
            guard old.claim.subject == claim.subject else { return false }
            // Suspicions of several sources are news each; anything else says all there is to say.
            let areSuspicions = old.claim.status == .suspected && claim.status == .suspected
            return !areSuspicions || old.claim.source == claim.source
        }
        if state.rumours.count >= Self.mostRumours { state.rumours.removeFirst() }
        state.rumours.append(Rumour(claim: claim))
    }

    mutating func forgetSuspicions(of subject: Identity) {
        state.rumours.removeAll { $0.claim.subject == subject && $0.claim.status != .alive }
    }

    /// What goes on the next message to a peer: its own suspicion first, then what was passed on least.
    mutating func claims(for peer: Identity, from identity: Identity) -> [SwimClaim] {
        if state.guests[peer] != nil { return wordForGuest(peer, identity) }
        var claims: [SwimClaim] = []
        if options.tellsSuspected, let member = state.members[peer], let suspicion = member.suspicion {
            claims.append(
                SwimClaim(
                    status: .suspected, subject: peer, incarnation: member.incarnation, source: suspicion.sources[0]
                )
            )
        }
        let order = state.rumours.indices.sorted {
            (state.rumours[$0].transmissions, $0) < (state.rumours[$1].transmissions, $1)
        }
        for index in order where claims.count < options.claims && !claims.contains(state.rumours[index].claim) {
            claims.append(state.rumours[index].claim)
            state.rumours[index].transmissions += 1
        }
        let limit = transmissionLimit
        state.rumours.removeAll { $0.transmissions >= limit }
        return claims
    }

    /// A multiple of log₁₀ of the group's size, rounded up.
    private var transmissionLimit: Int {
        let (size, ten) = (IntegerLogarithm.base2(state.members.count + 2), IntegerLogarithm.base2(10))
        return options.transmissions * Int(max(1, (size + ten - 1) / ten))
    }
}
