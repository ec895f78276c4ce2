import Crypto
import Foundation
import Profile
import Wire

/// A node's Ed25519 key as a file: one header line, then the 32-byte seed (RFC 8032) as 64 hexadecimal digits. Only its
/// owner may read it.
enum IdentityKeyFile {
    static let header = "# timenode identity key, Ed25519 seed. Keep it secret: whoever has it is this node."

    /// Makes a new key and its file.
    ///
    /// - Throws: a failure where the file exists or cannot be made.
    static func create(at path: String) throws(CommandFailure) -> Curve25519.Signing.PrivateKey {
        let key = Curve25519.Signing.PrivateKey()
        guard let seed = Bytes32(key.rawRepresentation) else {
            preconditionFailure("an Ed25519 seed has 32 bytes")
        }
        try Files.createSecret("\(header)\n\(seed.hex)\n", at: path)
        return key
    }

    /// The key in a file.
    ///
    /// - Throws: a failure that never repeats what the file says.
    static func load(from path: String) throws(CommandFailure) -> Curve25519.Signing.PrivateKey {
        let bytes: [UInt8]
        switch ProfileFileSystem.real.read(path) {
        case .success(let content): bytes = content
        case .failure(let problem): throw CommandFailure(.failed, "cannot read the key \(path): \(problem.message)")
        }
        let lines = String(decoding: bytes.prefix(4_096), as: UTF8.self).split(whereSeparator: \.isNewline)
        let seeds = lines.filter { !$0.hasPrefix("#") }
        guard seeds.count == 1, let seed = seeds.first.flatMap({ Bytes32(hex: String($0)) }),
            let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: seed.bytes)
        else {
            throw CommandFailure(
                .failed, "\(path) is not an identity key: it must hold one line of 64 hexadecimal digits",
                help: "'timenode keys new FILE' makes one."
            )
        }
        return key
    }

    /// The key in a file, made first where there is none.
    static func loadOrCreate(at path: String) throws(CommandFailure) -> (
        key: Curve25519.Signing.PrivateKey, isNew: Bool
    ) {
        if Files.exists(path) { return (try load(from: path), false) }
        return (try create(at: path), true)
    }

    /// What is wrong with who may read the file, nil if nothing is.
    static func exposure(of path: String) -> String? {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & 0o077 != 0 else { return nil }
        return "others may read the key \(path): run 'chmod 600 \(path)', and make a new key if they might have"
    }
}

extension Curve25519.Signing.PrivateKey {
    /// The public key, which is who the node is.
    var identity: Identity {
        guard let key = Bytes32(publicKey.rawRepresentation) else {
            preconditionFailure("an Ed25519 public key has 32 bytes")
        }
        return Identity(key: key)
    }
}
