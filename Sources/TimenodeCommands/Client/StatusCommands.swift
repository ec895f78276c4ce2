import ArgumentParser
import Foundation
import Kernel
import Profile

/// Where `status` and `peers` ask.
struct RPCOption: ParsableArguments {
    @Option(help: ArgumentHelp("Where the node answers.", valueName: "url"))
    var rpc: RPCAddress = .standard

    /// The status of the node there.
    ///
    /// - Throws: a failure with exit status 1 where no node answers.
    func status() async throws -> (status: NodeStatus, body: [UInt8]) {
        let answer: HTTPClient.Answer
        do {
            answer = try await HTTPClient(address: rpc).get("/status")
        } catch {
            throw CommandFailure(
                .failed, "\(error)",
                help: "Is the node running, and does its profile have 'rpc: {use: [http]}'? Another place: --rpc URL.",
                cause: error
            )
        }
        guard answer.status == 200 else {
            throw CommandFailure(.failed, "\(rpc) answered with HTTP status \(answer.status): is it a timenode?")
        }
        do {
            return (try JSONDecoder().decode(NodeStatus.self, from: Data(answer.body)), answer.body)
        } catch {
            throw CommandFailure(
                .failed, "\(rpc) answered something that this version does not understand",
                help: "Compare 'timenode version' here and there.", cause: error
            )
        }
    }
}

/// `status`.
struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Ask a running node how it is."
    )

    @OptionGroup var target: RPCOption
    @OptionGroup var output: FormatOption

    func run() async throws {
        let console = CommandScope.current.console
        let (status, body) = try await target.status()
        switch output.format {
        case .text: console.print(StatusReport.text(status))
        case .json: console.print(String(decoding: body, as: UTF8.self))
        }
    }
}

/// `peers`.
struct PeersCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "peers", abstract: "Ask a running node about its peers, and why links with them ended."
    )

    @Argument(
        help: ArgumentHelp(
            "Only this peer: its name, its address, or the first digits of its identity.", valueName: "peer"
        )
    )
    var peer: String?

    @Flag(help: "Show the last ends and refusals of each peer, with who decided.")
    var why = false

    @OptionGroup var target: RPCOption
    @OptionGroup var output: FormatOption

    func run() async throws {
        let console = CommandScope.current.console
        let (status, _) = try await target.status()
        let peers = try chosen(of: status.peers)
        switch output.format {
        case .text: console.print(why ? PeerReport.text(peers) : StatusReport.table(peers))
        case .json:
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
            console.print(String(decoding: try encoder.encode(peers), as: UTF8.self))
        }
    }

    private func chosen(of peers: [PeerStatus]) throws -> [PeerStatus] {
        guard let peer else { return peers }
        let chosen = peers.filter { PeerReport.isCalled(peer, $0) }
        guard chosen.isEmpty else { return chosen }
        throw CommandFailure(
            .failed, "the node knows no peer '\(peer)'",
            help: "'timenode peers' lists those it knows, by name or by the first digits of their identity."
        )
    }
}

/// A node's status for people.
enum StatusReport {
    static func text(_ status: NodeStatus) -> String {
        """
        node         \(status.name ?? "not in the network file")
        identity     \(status.identity.hex)
        network      \(status.network)
        address      \(status.address)\(dialability(status))
        uptime       \(age(status.uptimeSeconds))
        version      \(status.version)
        height       \(status.height) (\(status.hash))
        masternodes  \(status.activeMasternodes) active, \(status.minimumMasternodes) needed for blocks
        peers        \(status.connectedPeers) connected
        links        \(status.counters.linksUp) came up, \(status.counters.linksLost) lost, \
        \(status.counters.refusals) dials refused, \(status.counters.dialsFailed) dials failed
        blocks       \(status.counters.blocksProduced) made, \(status.counters.ownSlotsSkipped) own slots skipped

        """
    }

    private static func dialability(_ status: NodeStatus) -> String {
        guard let word = status.dialability else { return "" }
        let place = word.address == status.address ? "" : " at \(word.address)"
        guard let reason = word.reason else { return " (peers can dial it\(place))" }
        return " (peers cannot dial it\(place): \(reason.rawValue))"
    }

    static func table(_ peers: [PeerStatus]) -> String {
        var table = TextTable([
            "PEER", "ADDRESS", "STATE", "DIRECTION", "AGE", "RTT", "DIALS", "UP", "LOST", "LAST END",
        ])
        for peer in peers {
            table.add([
                peer.name ?? peer.identity.map { "\($0)" } ?? "-", "\(peer.address)", peer.state.rawValue,
                peer.direction?.rawValue ?? "-", peer.ageSeconds.map(age) ?? "-",
                peer.path.map(roundTrip) ?? "-", "\(peer.tallies.dials)", "\(peer.tallies.linksUp)",
                "\(peer.tallies.linksLost)", peer.last.last?.inWords ?? "-",
            ])
        }
        return table.text
    }

    /// Two digits that count, or more: `0.05ms`, `3.1ms`, `87ms`.
    private static func roundTrip(_ path: PathStatus) -> String {
        let hundredths = (path.roundTripMicroseconds + 5) / 10
        if hundredths >= 1_000 { return "\((hundredths + 50) / 100)ms" }
        if hundredths >= 100 { return "\(hundredths / 100).\(hundredths / 10 % 10)ms" }
        return "0.\(hundredths < 10 ? "0" : "")\(hundredths)ms"
    }

    /// Whole seconds: `1h2m3s`.
    private static func age(_ seconds: Double) -> String {
        DurationText.format(.seconds(Int64(min(max(0, seconds), 1e12))))
    }
}
