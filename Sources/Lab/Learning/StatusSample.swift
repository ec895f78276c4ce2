import Kernel

/// One look at one node: its status, or why there is none. Looks are kept as JSON lines, so that a scenario can be learnt
/// from them again.
///
/// JSON: `{"at_ms":1765929600000,"rpc":"http://127.0.0.1:8332","status":{…}}`, or `"error":"…"` in place of the status.
public struct StatusSample: Sendable, Hashable, Codable {
    /// When, by the clock of whoever asked, in milliseconds since 1970: the middle between question and answer.
    public let atMilliseconds: Int64
    /// Whom.
    public let place: String
    public let status: NodeStatus?
    /// Why there is no status.
    public let error: String?

    private enum CodingKeys: String, CodingKey {
        case atMilliseconds = "at_ms"
        case place = "rpc"
        case status
        case error
    }

    /// An answer.
    public init(atMilliseconds: Int64, place: String, status: NodeStatus) {
        self.atMilliseconds = atMilliseconds
        self.place = place
        self.status = status
        self.error = nil
    }

    /// No answer.
    public init(atMilliseconds: Int64, place: String, error: String) {
        self.atMilliseconds = atMilliseconds
        self.place = place
        self.status = nil
        self.error = error
    }
}
