import Crypto

/// A SHA-256 over bytes that come piece by piece.
package struct ByteDigest {
    private var hasher = SHA256()

    package init() {}

    /// Adds bytes behind those that were added before; how they are cut into pieces does not count.
    package mutating func add(_ bytes: some Sequence<UInt8>) {
        let isTogether: Void? = bytes.withContiguousStorageIfAvailable {
            hasher.update(bufferPointer: UnsafeRawBufferPointer($0))
        }
        if isTogether == nil { hasher.update(data: Array(bytes)) }
    }

    /// Sixty-four hexadecimal digits over everything added so far.
    package var hex: String { hexDigits(hasher.finalize()) }
}

/// SHA-256 of some bytes, as 64 hexadecimal digits: names a profile or a file.
public func sha256Hex(_ bytes: [UInt8]) -> String { hexDigits(SHA256.hash(data: bytes)) }

/// Bytes as hexadecimal digits, two a byte, in lower case.
package func hexDigits(_ bytes: some Sequence<UInt8>) -> String {
    var text = ""
    for byte in bytes {
        text += byte < 16 ? "0" : ""
        text += String(byte, radix: 16)
    }
    return text
}
