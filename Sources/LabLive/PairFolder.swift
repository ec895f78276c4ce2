import Foundation
import Kernel
import Profile
import SystemErrors

/// The files of two nodes that run on the hosts of a ``NamespacePair``: keys, network file, and a profile each that
/// extends the one under test. Gone when the value is.
final class PairFolder: Sendable {
    private static let port = 24_100
    private let path: String

    /// - Throws: ``LiveError`` where the folder or the keys cannot be made.
    init(for experiment: SilentPeerCase, program: String) throws(LiveError) {
        self.path =
            FileManager.default.temporaryDirectory
            .appendingPathComponent("timenode-pair-\(UUID().uuidString)", isDirectory: true).path
        var members: [Masternode] = []
        for host in NamespacePair.Host.allCases {
            try Self.writing(data(host)) { data in
                try FileManager.default.createDirectory(
                    atPath: data, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700]
                )
            }
            let identity = try Tool.run(program, ["keys", "new", "\(data(host))/identity.key"])
            members.append(
                Masternode(
                    name: host.rawValue, identity: identity.trimmingCharacters(in: .whitespacesAndNewlines),
                    host: host.address, port: Self.port
                )
            )
        }
        // An hour into a slot of a day: the next block is 23 hours away.
        let now = Int64(Date().timeIntervalSince1970)
        let network = NetworkDescription(
            name: "silent-peer", genesis: (now - 3_600) * 1_000, slotInterval: SilentPeerCase.slotInterval,
            minimumMasternodes: 2, masternodes: members
        )
        try write(network.render(), to: "network.yaml")
        for host in NamespacePair.Host.allCases {
            try write(profile(host, of: experiment), to: "\(host.rawValue).yaml")
        }
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Path of the profile of one node.
    func profile(_ host: NamespacePair.Host) -> String { "\(path)/\(host.rawValue).yaml" }

    private func data(_ host: NamespacePair.Host) -> String { "\(path)/\(host.rawValue)" }

    private func profile(_ host: NamespacePair.Host, of experiment: SilentPeerCase) -> String {
        let base = URL(fileURLWithPath: experiment.profile).standardizedFileURL.path
        return """
            extends: "\(base)"
            node: {network_file: ./network.yaml, data_dir: ./\(host.rawValue)}
            modules:
              transport: {tcp: {listen: "\(host.address):\(Self.port)"}, tls: {listen: "\(host.address):\(Self.port)"}}

            """
    }

    private func write(_ text: String, to name: String) throws(LiveError) {
        try Self.writing("\(path)/\(name)") { try Data(text.utf8).write(to: URL(fileURLWithPath: $0)) }
    }

    private static func writing(_ path: String, _ body: (String) throws -> Void) throws(LiveError) {
        do {
            try body(path)
        } catch {
            throw LiveError(.fileFailed, "cannot write \(path): \(SystemErrorText.of(error))")
        }
    }
}
