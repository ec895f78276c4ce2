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
        let answer: NodeClient.Answer
        do {
            answer = try await NodeClient(address: rpc).get("/status")
        } catch {
            throw CommandFailure(
                .failed, error.message,
                help: error.help
                    ?? "Is the node running, and does its profile have 'rpc: {use: [http]}'? Another place: --rpc URL.",
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
        case .text:
            console.print(why ? PeerReport.text(peers) : StatusReport.table(peers))
            if peer == nil { console.print(StatusReport.callers(status.callers ?? [])) }
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
