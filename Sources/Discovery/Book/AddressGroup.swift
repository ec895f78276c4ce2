import Wire

/// Addresses that one party is likely to have all of: an IPv4 /16, an IPv6 /32 (what a provider is given). It costs
/// little to have many addresses of one group, and much to have addresses of many groups.
struct AddressGroup: Sendable, Hashable, Codable {
    let number: UInt64

    /// The group of an address.
    init(_ ip: IPAddress) {
        number = ip.isVersion6 ? 1 << 32 | UInt64(ip.prefix32) : UInt64(ip.prefix32 >> 16)
    }

    init(number: UInt64) {
        self.number = number
    }

    var bytes: [UInt8] { bigEndianBytes(of: number) }
}

/// The eight bytes of a number, most significant first.
func bigEndianBytes(of number: UInt64) -> [UInt8] {
    stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: number >> UInt64($0)) }
}
