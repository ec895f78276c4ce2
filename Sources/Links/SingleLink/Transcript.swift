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
        var bytes: [UInt8] = Array("timenode handshake 2".utf8)
        append(UInt64(hello.version), to: &bytes)
        append(UInt64(hello.network.utf8.count), to: &bytes)
        bytes += hello.network.utf8
        bytes += hello.identity.key.bytes
        for number in [hello.incarnation, hello.dialSequence, hello.endedSequence, hello.nonce] {
            append(number, to: &bytes)
        }
        bytes += hello.listen.description.utf8
        append(hello.process, to: &bytes)
        bytes.append(hello.agreement == nil ? 0 : 1)
        if let agreement = hello.agreement { bytes += agreement.digest.bytes }
        bytes.append(hello.isProbe ? 1 : 0)
        return bytes
    }

    /// The acceptor's half behind it.
    static func closing(_ opening: [UInt8], _ ack: HelloAck) -> [UInt8] {
        var bytes = opening
        bytes += ack.identity.key.bytes
        append(ack.incarnation, to: &bytes)
        append(ack.nonce, to: &bytes)
        append(UInt64(bitPattern: ack.wall), to: &bytes)
        append(ack.process, to: &bytes)
        return bytes
    }

    /// What `role` signs. The role stands in front, so that no signature can be sent back to its maker.
    static func signed(_ transcript: [UInt8], by role: Role) -> [UInt8] {
        [role.rawValue] + transcript
    }

    /// What the dialler signs: the transcript, and its clock at that moment.
    static func signed(_ transcript: [UInt8], provenAt wall: Int64) -> [UInt8] {
        var bytes = signed(transcript, by: .dialler)
        append(UInt64(bitPattern: wall), to: &bytes)
        return bytes
    }

    private static func append(_ statement: ProcessStatement?, to bytes: inout [UInt8]) {
        bytes.append(statement == nil ? 0 : 1)
        guard let statement else { return }
        append(UInt64(bitPattern: statement.started), to: &bytes)
        append(UInt64(bitPattern: statement.said), to: &bytes)
        bytes += statement.signature.bytes
    }

    private static func append(_ number: UInt64, to bytes: inout [UInt8]) {
        for shift in stride(from: 56, through: 0, by: -8) {
            bytes.append(UInt8(truncatingIfNeeded: number >> UInt64(shift)))
        }
    }
}
