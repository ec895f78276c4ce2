#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// An IPv4 or IPv6 address. The order is numeric; every IPv6 address stands above every IPv4 address.
public struct IPAddress: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// Whether the address is of version 6.
    public let isVersion6: Bool
    private let high: UInt64
    private let low: UInt64

    /// An IPv4 address from its 32 bits in host order.
    public init(version4 bits: UInt32) {
        self.isVersion6 = false
        self.high = 0
        self.low = UInt64(bits)
    }

    /// An IPv6 address from its two halves in host order.
    public init(version6 high: UInt64, _ low: UInt64) {
        self.isVersion6 = true
        self.high = high
        self.low = low
    }

    /// An IPv4 address that is written as one of version 6 (RFC 4291, section 2.5.5.2) is the IPv4 address.
    ///
    /// - Returns: nil unless `text` is an address as `inet_pton` reads it (no names, no ports, no zones).
    public init?(_ text: String) {
        // C would stop at the NUL and take what stands before it.
        guard !text.utf8.contains(0) else { return nil }
        var four = in_addr()
        if inet_pton(AF_INET, text, &four) == 1 {
            self.init(version4: UInt32(bigEndian: four.s_addr))
            return
        }
        var six = in6_addr()
        guard inet_pton(AF_INET6, text, &six) == 1 else { return nil }
        let halves = withUnsafeBytes(of: six) { raw in
            (
                UInt64(bigEndian: raw.loadUnaligned(fromByteOffset: 0, as: UInt64.self)),
                UInt64(bigEndian: raw.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
            )
        }
        if halves.0 == 0, halves.1 >> 32 == 0xffff {
            self.init(version4: UInt32(truncatingIfNeeded: halves.1))
        } else {
            self.init(version6: halves.0, halves.1)
        }
    }

    /// What one party can be expected to have of addresses: a whole IPv6 network of 64 bits, or one IPv4 address.
    public var site: IPAddress { isVersion6 ? IPAddress(version6: high, 0) : self }

    /// What a provider hands out as one piece: 24 bits of IPv4, 48 of IPv6.
    public var network: IPAddress {
        isVersion6
            ? IPAddress(version6: high & ~0xffff, 0)
            : IPAddress(version4: UInt32(truncatingIfNeeded: low) & 0xffff_ff00)
    }

    /// An address from its bytes in network order.
    ///
    /// - Returns: nil unless there are exactly four or sixteen.
    public init?(bytes: some Collection<UInt8>) {
        guard bytes.count == 4 || bytes.count == 16 else { return nil }
        var high: UInt64 = 0
        var low: UInt64 = 0
        for byte in bytes {
            high = high << 8 | low >> 56
            low = low << 8 | UInt64(byte)
        }
        self.isVersion6 = bytes.count == 16
        self.high = high
        self.low = low
    }

    /// The four or sixteen bytes in network order.
    public var bytes: [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(16)
        for shift in stride(from: isVersion6 ? 56 : -8, through: 0, by: -8) {
            result.append(UInt8(truncatingIfNeeded: high >> UInt64(shift)))
        }
        for shift in stride(from: isVersion6 ? 56 : 24, through: 0, by: -8) {
            result.append(UInt8(truncatingIfNeeded: low >> UInt64(shift)))
        }
        return result
    }

    /// The bits in host order; an IPv4 address has 32, all in the lower half.
    package var halves: (high: UInt64, low: UInt64) { (high, low) }

    /// The IPv4 bits in host order, nil for IPv6.
    public var version4Bits: UInt32? { isVersion6 ? nil : UInt32(truncatingIfNeeded: low) }

    /// The first 32 bits, in host order: the whole of an IPv4 address.
    public var prefix32: UInt32 { UInt32(truncatingIfNeeded: isVersion6 ? high >> 32 : low) }

    /// `0.0.0.0` or `::`: an address that says nothing.
    public var isUnspecified: Bool { high == 0 && low == 0 }

    public static func < (left: IPAddress, right: IPAddress) -> Bool {
        if left.isVersion6 != right.isVersion6 { return right.isVersion6 }
        if left.high != right.high { return left.high < right.high }
        return left.low < right.low
    }

    /// The usual text: dotted quad, or RFC 5952 form as `inet_ntop` writes it.
    public var description: String {
        if !isVersion6 {
            return "\(low >> 24 & 255).\(low >> 16 & 255).\(low >> 8 & 255).\(low & 255)"
        }
        var six = in6_addr()
        withUnsafeMutableBytes(of: &six) { raw in
            raw.storeBytes(of: high.bigEndian, toByteOffset: 0, as: UInt64.self)
            raw.storeBytes(of: low.bigEndian, toByteOffset: 8, as: UInt64.self)
        }
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        guard inet_ntop(AF_INET6, &six, &text, socklen_t(INET6_ADDRSTRLEN)) != nil else { return "::" }
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}

/// An address and a TCP port: where a node listens, or one end of a connection.
public struct Endpoint: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The address.
    public let ip: IPAddress
    /// The TCP port; 0 where it is not known.
    public let port: UInt16

    /// An endpoint from its parts.
    public init(ip: IPAddress, port: UInt16) {
        self.ip = ip
        self.port = port
    }

    /// - Returns: nil unless `text` is `a.b.c.d:port` or `[v6]:port`.
    public init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":") else { return nil }
        guard let port = PortText.number(text[text.index(after: colon)...]) else { return nil }
        var host = text[..<colon]
        let isBracketed = host.hasPrefix("[") && host.hasSuffix("]")
        if isBracketed { host = host.dropFirst().dropLast() }
        guard host.contains(":") == isBracketed, let ip = IPAddress(String(host)) else { return nil }
        self.init(ip: ip, port: port)
    }

    public static func < (left: Endpoint, right: Endpoint) -> Bool {
        left.ip == right.ip ? left.port < right.port : left.ip < right.ip
    }

    /// `a.b.c.d:port` or `[v6]:port`.
    public var description: String { ip.isVersion6 ? "[\(ip)]:\(port)" : "\(ip):\(port)" }
}
