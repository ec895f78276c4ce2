/// A port as people write it.
package enum PortText {
    /// - Returns: nil unless `text` is digits alone, for a number that a port can have. The standard library also reads a
    ///   sign.
    package static func number(_ text: Substring) -> UInt16? {
        guard text.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
        return UInt16(text)
    }
}
