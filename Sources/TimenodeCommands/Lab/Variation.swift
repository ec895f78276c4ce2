import Foundation

/// A matrix from one profile: each `--vary KEY=V1,V2` is an axis, and every combination is an alternative.
struct Variation: Sendable {
    /// What to set, and what to call it.
    struct Alternative: Sendable {
        var suffix: String
        var overrides: [String]
    }

    /// - Throws: when an axis has no value.
    static func alternatives(_ axes: [String]) throws(CommandFailure) -> [Alternative] {
        var alternatives = [Alternative(suffix: "", overrides: [])]
        for axis in axes {
            guard let equals = axis.firstIndex(of: "=") else { throw malformed(axis) }
            let key = String(axis[..<equals])
            let values = axis[axis.index(after: equals)...].split(separator: ",").map { String($0) }
            guard !key.isEmpty, !values.isEmpty else { throw malformed(axis) }
            let short = key.split(separator: ".").suffix(2).joined(separator: ".")
            alternatives = alternatives.flatMap { base in
                values.map { value in
                    Alternative(
                        suffix: base.suffix + (base.suffix.isEmpty ? "" : " ") + "\(short)=\(value)",
                        overrides: base.overrides + ["\(key)=\(value)"]
                    )
                }
            }
        }
        return alternatives
    }

    private static func malformed(_ axis: String) -> CommandFailure {
        CommandFailure(
            .usage, "'--vary \(axis)' is not KEY=VALUE,VALUE",
            help: "For example: --vary modules.liveness.use=ping-pong,tcp-keepalive"
        )
    }
}
