import Kernel
import Wire

@testable import Consensus

/// Several nodes whose messages, verifier and store answers wait until they are delivered, in any order.
final class Mesh {
    private struct Flight {
        let sender: Int
        let receiver: Int
        let link: LinkID
        let message: Message
    }

    let rigs: [Rig]
    private var flights: [Flight] = []
    private var random: RandomStream

    init(_ network: TestNetwork, seed: UInt64) {
        self.rigs = (0..<network.count).map { Rig($0, of: network) }
        self.random = RandomStream(seed: seed, name: "mesh")
        for rig in rigs {
            rig.start()
            rig.answersByItself = false
        }
    }

    func draw(below bound: Int) -> Int { Int(random.below(UInt64(bound))) }

    func isLinked(_ one: Int, _ other: Int) -> Bool { rigs[one].linkID(of: other) != nil }

    func link(_ one: Int, _ other: Int) {
        guard !isLinked(one, other) else { return }
        rigs[one].link(to: other)
        rigs[other].link(to: one)
        collect()
    }

    /// What is on its way between the two is lost.
    func unlink(_ one: Int, _ other: Int) {
        rigs[one].unlink(other)
        rigs[other].unlink(one)
        flights.removeAll { ($0.sender, $0.receiver) == (one, other) || ($0.receiver, $0.sender) == (one, other) }
        collect()
    }

    func advance(by duration: Duration) {
        for rig in rigs { rig.advance(by: duration) }
        collect()
    }

    /// Delivers one message or answer, drawn from all that wait.
    func deliverOne() -> Bool {
        let waiting = flights.count + rigs.reduce(0) { $0 + $1.answers.count }
        guard waiting > 0 else { return false }
        var draw = draw(below: waiting)
        if draw < flights.count {
            let flight = flights.remove(at: draw)
            rigs[flight.receiver].receive(flight.message, from: flight.sender)
        } else {
            draw -= flights.count
            for rig in rigs {
                if draw < rig.answers.count {
                    // A store takes its writes in order; everything else may overtake.
                    if rig.answers[draw].isWritten, let first = rig.answers.firstIndex(where: \.isWritten) {
                        draw = first
                    }
                    rig.feed(rig.answers.remove(at: draw))
                    break
                }
                draw -= rig.answers.count
            }
        }
        collect()
        return true
    }

    func deliverAll() {
        while deliverOne() {}
    }

    private func collect() {
        for rig in rigs {
            for sent in rig.sent where rig.linkID(of: sent.peer) == sent.link {
                flights.append(
                    Flight(sender: rig.number, receiver: sent.peer, link: sent.link, message: sent.message)
                )
            }
            rig.sent = []
        }
    }
}

extension Input {
    fileprivate var isWritten: Bool {
        switch self {
        case .persisted, .persistFailed: true
        default: false
        }
    }
}
