import Kernel
import Wire

/// Who a believed peer is to this node.
enum Standing: UInt8, Codable, Sendable {
    /// Named in the network file.
    case masternode
    /// Named in the profile's `trusted`.
    case trusted
    /// Anybody else.
    case stranger

    /// Masternodes and trusted peers: no ban and no limit keeps them out, since their number is the files'.
    var isPrivileged: Bool { self != .stranger }
}

/// A believed peer that dialled us and wants to be let in, and what this node has already.
struct Applicant {
    var standing: Standing
    /// Until when its identity is banned.
    var identityBan: Instant?
    /// Until when the address it comes from is banned.
    var addressBan: Instant?
    /// Links of strangers that are up and come from the same address.
    var sameAddress = 0
    /// Links of strangers that are up and come from the same network.
    var sameNetwork = 0
    /// All links that others dialled and that are up.
    var inbound = 0
    /// Those of them that are strangers'.
    var strangers = 0
}

/// What becomes of an applicant.
enum Ruling: Equatable {
    case admit
    /// There is room once a stranger is gone.
    case makeRoom
    case refuse(Reason)
}

extension AdmissionOptions {
    /// The order of precedence among those that are who they say they are, as `docs/admission.md` has it: the first row
    /// that applies decides.
    func rule(_ applicant: Applicant) -> Ruling {
        if applicant.standing.isPrivileged {
            return applicant.inbound >= maximumInbound && applicant.strangers > 0 ? .makeRoom : .admit
        }
        if applicant.identityBan != nil || applicant.addressBan != nil { return .refuse(.banned) }
        if applicant.sameAddress >= perAddress || applicant.sameNetwork >= perNetwork {
            return .refuse(.tooManyLinks)
        }
        let isFull =
            applicant.strangers >= maximumInbound - reservedInbound || applicant.inbound >= maximumInbound
        guard isFull else { return .admit }
        return whenFull == .evictLeast && applicant.strangers > 0 ? .makeRoom : .refuse(.tooManyLinks)
    }
}
