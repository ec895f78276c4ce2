import Foundation
import Kernel
import Profile

/// One line of a node's JSON log.
package struct LogLine: Sendable, Hashable {
    /// When the node wrote it, on the machine's wall clock.
    package let time: WallTime
    package let level: String
    package let message: String
    /// Looked up by key only.
    private let metadata: [String: String]

    private struct Shape: Decodable {
        let time: String
        let level: String
        let message: String
        let metadata: [String: String]?
    }

    /// - Parameter text: `{"time":…,"level":…,"message":…,"metadata":{…}}`; nil for anything else.
    package init?(_ text: String) {
        guard let shape = try? JSONDecoder().decode(Shape.self, from: Data(text.utf8)),
            let milliseconds = TimestampText.parse(shape.time)
        else { return nil }
        self.time = WallTime(milliseconds: milliseconds)
        self.level = shape.level
        self.message = shape.message
        self.metadata = shape.metadata ?? [:]
    }

    /// A field of the line's metadata, such as `reason`, `peer` or `link`.
    package subscript(key: String) -> String? { metadata[key] }

    /// A link came up at this node.
    package var isLinkUp: Bool { message.hasPrefix("Connected to peer: ") }

    /// A link that was up ended at this node.
    package var isLinkLost: Bool { message.hasPrefix("Peer ") && message.contains(" disconnected (") }

    /// A dial began at this node.
    package var isDial: Bool { message.hasPrefix("Connecting to peer: ") }

    /// A request of the declared traffic was answered.
    package var isAnswer: Bool { message == "Request answered" }
}
