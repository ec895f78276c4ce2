import ArgumentParser
import Foundation
import Kernel
import Logging
import Profile

/// How log lines look; the profile's `node.log.format`.
enum LogFormat: String, ExpressibleByArgument, CaseIterable, Sendable {
    /// `2025-12-17T03:23:00.123Z info    Peer check: 4 connected, …`, metadata as `key=value` behind it.
    case text
    /// `{"time":…,"level":…,"message":…,"metadata":{…}}`, one object a line.
    case json

    /// One line, without its line break.
    func line(at time: WallTime, level: Logger.Level, message: String, metadata: Logger.Metadata) -> String {
        let fields = metadata.map { (key: $0.key, value: $0.value.description) }.sorted { $0.key < $1.key }
        switch self {
        case .text:
            let word = level.rawValue
            var line = "\(Self.stamp(time)) \(word)\(String(repeating: " ", count: max(1, 8 - word.count)))"
            line += Self.visible(message)
            for (key, value) in fields { line += " \(key)=\(Self.visible(value))" }
            return line
        case .json:
            var members = [
                JSONMember("time", .string(Self.stamp(time))), JSONMember("level", .string(level.rawValue)),
                JSONMember("message", .string(message)),
            ]
            if !fields.isEmpty {
                members.append(
                    JSONMember("metadata", .object(fields.map { JSONMember($0.key, .string($0.value)) }))
                )
            }
            return JSONValue.object(members).render()
        }
    }

    /// RFC 3339 in UTC, always with milliseconds, so that lines stand under each other.
    private static func stamp(_ time: WallTime) -> String {
        let text = TimestampText.format(milliseconds: max(0, time.milliseconds))
        if text.contains(".") {
            let missing = 24 - text.count
            return missing > 0 ? text.dropLast() + String(repeating: "0", count: missing) + "Z" : text
        }
        return text.dropLast() + ".000Z"
    }

    /// A peer's words must not be able to forge a line or move the cursor of the person who reads the log.
    private static func visible(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .lineSeparator, .paragraphSeparator, .format: result += "�"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}

extension WallTime {
    /// The host's clock.
    static var now: WallTime {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return WallTime(milliseconds: Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000)
    }
}
