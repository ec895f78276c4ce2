import Profile

/// The profile that ships: what `testnet init` starts from and `config new` suggests.
enum StandardProfile {
    /// Which module plays which role, in the order of the roles.
    static let choices: [(role: String, modules: [String])] = [
        ("transport", ["tcp"]),
        ("links", ["single-link"]),
        ("discovery", ["masternode-priority", "peer-fill"]),
        ("liveness", ["layered"]),
        ("consensus", ["slot-leader"]),
        ("store", ["memory"]),
        ("rpc", ["http"]),
    ]

    /// The profile as a file.
    static var text: String {
        var lines = [
            "# How a node behaves. Every module has more options: 'timenode config new' prints all of them, explained.",
            "node:",
            "  network_file: ./network.yaml   # who is there, and what all must agree on",
            "  data_dir: ./data               # identity key; made on the first run",
            "modules:",
        ]
        for (role, modules) in choices {
            let isList = role == "discovery" || role == "rpc"
            let use = modules.joined(separator: ", ")
            lines.append("  \(role): {use: \(isList ? "[\(use)]" : use)}")
        }
        return lines.map { $0 + "\n" }.joined()
    }

    /// The choices that this program's modules allow, for a scaffold; a look-up, never iterated.
    static func selections(in catalogue: Catalogue) -> [String: [String]] {
        var selections: [String: [String]] = [:]
        for (role, modules) in choices {
            let known = modules.filter { catalogue.module(role: role, id: $0) != nil }
            if !known.isEmpty { selections[role] = known }
        }
        return selections
    }
}
