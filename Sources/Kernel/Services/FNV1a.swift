/// FNV-1a over 64 bits (Fowler, Noll and Vo): a quick hash of a few bytes that is the same in every process, for what
/// nobody attacks. Its low bits follow the last bytes closely: mix it where they count.
package enum FNV1a {
    /// Where a hash of nothing begins.
    package static let basis: UInt64 = 0xcbf2_9ce4_8422_2325

    /// - Parameter state: the hash of what stands before, or a secret in its place.
    @inlinable package static func hash(_ bytes: some Sequence<UInt8>, from state: UInt64 = basis) -> UInt64 {
        var state = state
        for byte in bytes { state = (state ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
        return state
    }
}
