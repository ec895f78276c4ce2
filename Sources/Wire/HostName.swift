/// A host by name with a TCP port: where to dial once somebody has looked the name up.
public struct HostName: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The name in lower case, without a dot at its end.
    public let name: String
    /// The TCP port.
    public let port: UInt16

    /// - Returns: nil unless `name` is one that the domain name system can hold, and no address: labels of letters, digits
    ///   and hyphens, the last not of digits only (RFC 1123, section 2.1), 253 characters at most; or unless the port can
    ///   be dialled.
    public init?(name text: String, port: UInt16) {
        var bytes = Array(text.utf8)
        if bytes.last == UInt8(ascii: ".") { bytes.removeLast() }
        guard (1...253).contains(bytes.count), port > 0 else { return nil }
        let labels = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        for label in labels {
            guard (1...63).contains(label.count), label.first != UInt8(ascii: "-"), label.last != UInt8(ascii: "-"),
                label.allSatisfy({ Self.isLetter($0) || Self.isDigit($0) || $0 == UInt8(ascii: "-") })
            else { return nil }
        }
        guard let last = labels.last, !last.allSatisfy(Self.isDigit) else { return nil }
        name = String(decoding: bytes, as: UTF8.self).lowercased()
        self.port = port
    }

    /// - Returns: nil unless `text` is `name:port`.
    public init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":") else { return nil }
        guard let port = PortText.number(text[text.index(after: colon)...]) else { return nil }
        self.init(name: String(text[..<colon]), port: port)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }
    private static func isLetter(_ byte: UInt8) -> Bool { (97...122).contains(byte | 0x20) && byte > 64 }

    public static func < (left: HostName, right: HostName) -> Bool {
        (left.name, left.port) < (right.name, right.port)
    }

    /// `name:port`.
    public var description: String { "\(name):\(port)" }
}
