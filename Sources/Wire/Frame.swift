/// The frame format: a 4-byte big-endian length that counts channel and body, a 1-byte channel, the body.
///
/// A frame that would keep more urgent ones waiting goes out in parts. A part is a frame on `partChannel`; its body is one
/// byte that names the message's `SendClass`, then bytes of the frame. The parts of one frame come in order, and no other
/// frame of its class comes between them; frames of other classes may.
public enum Frame {
    /// Bytes of the length.
    public static let lengthBytes = 4
    /// Bytes before the body: length and channel.
    public static let headerBytes = 5
    /// The number that stands for the channel in a part of a frame.
    public static let partChannel: UInt8 = 255
    /// Bytes of a part before the bytes that it carries: its header and the class.
    public static let partHeaderBytes = headerBytes + 1
    /// The most bytes of a frame that one part may carry. The first part carries the frame's header at least.
    public static let maximumPartBytes = 64 * 1024
    /// The longest name of a network, in bytes of UTF-8.
    public static let maximumNetworkNameBytes = 64
}
