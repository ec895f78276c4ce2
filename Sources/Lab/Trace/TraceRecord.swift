import Kernel
import Wire

/// One line of a trace: what a node was told, or what it did.
public struct TraceRecord {
    /// Virtual nanoseconds since the start of the run.
    public var time: Int64
    /// Name of the host.
    public var host: String
    public var content: Content

    /// An input or an effect.
    public enum Content {
        case input(Input)
        case effect(Effect)
    }

    /// The record as one JSON object without a line break: time in seconds, host, direction, and the value in words.
    public var jsonLine: String {
        let (direction, words) =
            switch content {
            case .input(let input): ("in", String(describing: input))
            case .effect(let effect): ("out", String(describing: effect))
            }
        let seconds = time / 1_000_000_000
        let rest = String(time % 1_000_000_000 + 1_000_000_000).dropFirst()
        return "{\"t\":\(seconds).\(rest),\"node\":\"\(Self.escape(host))\",\"\(direction)\":\"\(Self.escape(words))\"}"
    }

    private static func escape(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case _ where scalar.value < 0x20: result += " "
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
