/// Why thirty-two bytes are no Ed25519 public key that a node may have, although they may be a point of the curve
/// (RFC 8032, section 5.1; "Taming the many EdDSAs", Chalkias, Garillot and Nikolaenko, SSR 2020).
///
/// Every place that reads an identity asks this one: the wire, the network file, options, certificates, traces and stored
/// records. A point that is not on the curve at all is left to the verifier, which accepts no signature for it.
package enum PublicKeyFault: Sendable, Hashable {
    /// The y-coordinate is not below the field's prime, so that the same point has a second encoding: two identities would
    /// be one key.
    case notCanonical
    /// One of the eight points of small order: signatures hold for them that nobody's key has made.
    case smallOrder

    /// What is wrong with a key, nil where nothing is.
    ///
    /// - Parameter key: exactly thirty-two bytes, little-endian, the sign of x in the last one's highest bit.
    package init?(ofKey key: [UInt8]) {
        precondition(key.count == 32, "an Ed25519 public key has 32 bytes")
        var y = key
        // Of a point of small order with either sign, and of x = 0 with the sign that it cannot have.
        y[31] &= 0x7f
        if Self.isAtLeastPrime(y) {
            self = .notCanonical
        } else if Self.smallOrders.contains(y) {
            self = .smallOrder
        } else {
            return nil
        }
    }

    /// What an operator reads.
    package var explanation: String {
        switch self {
        case .notCanonical: "it is a second way to write another key; take the one that 'keys show' prints"
        case .smallOrder: "everybody can sign for this key; take the one that 'keys show' prints"
        }
    }

    /// The prime is 2^255 - 19: 0xed, thirty times 0xff, 0x7f in this order.
    private static func isAtLeastPrime(_ y: [UInt8]) -> Bool {
        y[31] == 0x7f && y[1..<31].allSatisfy { $0 == 0xff } && y[0] >= 0xed
    }

    /// The y-coordinates of the points whose order divides 8: 1 (the neutral point), -1 (order 2), 0 (order 4) and two of
    /// order 8.
    private static let smallOrders: [[UInt8]] = [
        [1] + [UInt8](repeating: 0, count: 31),
        [0xec] + [UInt8](repeating: 0xff, count: 30) + [0x7f],
        [UInt8](repeating: 0, count: 32),
        [
            0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4, 0x89, 0xf2, 0xef, 0x98, 0xf0,
            0xd5, 0xdf, 0xac, 0x05, 0xd3, 0xc6, 0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53, 0xfc, 0x05,
        ],
        [
            0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b, 0x76, 0x0d, 0x10, 0x67, 0x0f,
            0x2a, 0x20, 0x53, 0xfa, 0x2c, 0x39, 0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac, 0x03, 0x7a,
        ],
    ]
}
