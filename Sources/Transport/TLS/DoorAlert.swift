import Wire

/// What the door of a TLS node can say: before its handshake TLS has only alerts (RFC 8446, section 6), sent in the clear.
/// Nothing vouches for one, so it is worth no more than a reset: the caller reads it and acts as after any failed dial.
enum DoorAlert: UInt8, CaseIterable {
    /// There is no room.
    case accessDenied = 49
    /// What the standard has for a handshake that ends for no fault of the protocol: the caller came too fast.
    case userCanceled = 90

    init(_ reason: Reason) {
        self = reason == .tooFast ? .userCanceled : .accessDenied
    }

    /// The alert that a caller's TLS library tells of. The library has no other name for it than this text.
    init?(_ error: any Error) {
        let text = "\(error)"
        guard let alert = Self.allCases.first(where: { text.contains($0.name) }) else { return nil }
        self = alert
    }

    var reason: Reason {
        switch self {
        case .accessDenied: .tooManyLinks
        case .userCanceled: .tooFast
        }
    }

    /// A whole record: content type, version, length; a fatal alert, since a warning of this kind is skipped by all.
    var record: [UInt8] { [21, 3, 3, 0, 2, 2, rawValue] }

    private var name: String {
        switch self {
        case .accessDenied: "TLSV1_ALERT_ACCESS_DENIED"
        case .userCanceled: "TLSV1_ALERT_USER_CANCELLED"
        }
    }
}
