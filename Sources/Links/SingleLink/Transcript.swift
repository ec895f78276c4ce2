import Wire

/// What both ends of a signed handshake sign: everything that was said, both nonces included, and which end speaks.
///
/// Under TLS the identities in it are the certificates' public keys, so the signature also binds the channel's ends.
enum Transcript {
    enum Role: UInt8 {
        case dialler = 1
        case acceptor = 2
    }

    /// The dialler's half.
    static func opening(_ hello: Hello) -> [UInt8] {
        var bytes: [UInt8] = Array("timenode handshake 1".utf8)
        append(UInt64(hello.version), to: &bytes)
        append(UInt64(hello.network.utf8.count), to: &bytes)
        bytes += hello.network.utf8
        bytes += hello.identity.key.bytes
        for number in [hello.incarnation, hello.dialSequence, hello.endedSequence, hello.nonce] {
            append(number, to: &bytes)
        }
        bytes += hello.listen.description.utf8
        // Nothing is added where it is false, so that a node which does not know the field signs the same.
        if hello.isProbe { bytes.append(1) }
        return bytes
    }

    /// The acceptor's half behind it.
    static func closing(_ opening: [UInt8], _ ack: HelloAck) -> [UInt8] {
        var bytes = opening
        bytes += ack.identity.key.bytes
        append(ack.incarnation, to: &bytes)
        append(ack.nonce, to: &bytes)
        return bytes
    }

    /// What `role` signs. The role stands in front, so that no signature can be sent back to its maker.
    static func signed(_ transcript: [UInt8], by role: Role) -> [UInt8] {
        [role.rawValue] + transcript
    }

    private static func append(_ number: UInt64, to bytes: inout [UInt8]) {
        for shift in stride(from: 56, through: 0, by: -8) {
            bytes.append(UInt8(truncatingIfNeeded: number >> UInt64(shift)))
        }
    }
}
