/// The frame format: a 4-byte big-endian length that counts channel and body, a 1-byte channel, the body.
public enum Frame {
    /// Bytes of the length.
    public static let lengthBytes = 4
    /// Bytes before the body: length and channel.
    public static let headerBytes = 5
    /// The most blocks one `Message.blocks` may carry.
    public static let maximumBlocks = 1000
    /// The most records one `Message.addresses` may carry: as many as one `verify` checks.
    public static let maximumRecords = 64
    /// The most endpoints one `AddressRecord` may have.
    public static let maximumEndpoints = 4
    /// The longest network name in a `Hello` or an `AddressRecord`, in bytes of UTF-8.
    public static let maximumNetworkNameBytes = 64
}
